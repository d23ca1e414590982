"""Element, image and interpolation types under DALI's names, and constants."""

from __future__ import annotations

import enum
from collections import namedtuple
from typing import Any

import numpy as np


class DALIDataType(enum.IntEnum):
    """Types of elements. `NO_TYPE` means: not known, or that of the input."""

    NO_TYPE = -1
    UINT8 = 0
    UINT16 = 1
    UINT32 = 2
    UINT64 = 3
    INT8 = 4
    INT16 = 5
    INT32 = 6
    INT64 = 7
    FLOAT16 = 8
    FLOAT = 9
    FLOAT64 = 10
    BOOL = 11
    STRING = 12


class DALIImageType(enum.IntEnum):
    """Colours of an image. `ANY_DATA`: as it is stored."""

    RGB = 0
    BGR = 1
    GRAY = 2
    YCbCr = 3
    ANY_DATA = 4


class DALIInterpType(enum.IntEnum):
    """Filters of resize and warp operators."""

    INTERP_NN = 0
    INTERP_LINEAR = 1
    INTERP_CUBIC = 2
    INTERP_LANCZOS3 = 3
    INTERP_TRIANGULAR = 4
    INTERP_GAUSSIAN = 5


class PipelineAPIType(enum.Enum):
    """Who takes batches from a pipeline: `run`, the scheduled calls, or an iterator."""

    BASIC = 0
    SCHEDULED = 1
    ITERATOR = 2


class StreamPolicy(enum.Enum):
    """Accepted for compatibility."""

    SINGLE = 0
    PER_BACKEND = 1
    PER_OPERATOR = 2


class OperatorConcurrency(enum.Enum):
    """Accepted for compatibility."""

    NONE = 0
    BACKEND = 1
    FULL = 2


globals().update({m.name: m for e in (DALIDataType, DALIImageType, DALIInterpType) for m in e})

CPU_ONLY_DEVICE_ID = -99999
SampleInfo = namedtuple("SampleInfo", "idx_in_epoch idx_in_batch iteration epoch_idx")
BatchInfo = namedtuple("BatchInfo", "iteration epoch_idx")

_NUMPY = {
    DALIDataType.UINT8: np.uint8,
    DALIDataType.UINT16: np.uint16,
    DALIDataType.UINT32: np.uint32,
    DALIDataType.UINT64: np.uint64,
    DALIDataType.INT8: np.int8,
    DALIDataType.INT16: np.int16,
    DALIDataType.INT32: np.int32,
    DALIDataType.INT64: np.int64,
    DALIDataType.FLOAT16: np.float16,
    DALIDataType.FLOAT: np.float32,
    DALIDataType.FLOAT64: np.float64,
    DALIDataType.BOOL: np.bool_,
}
_DALI = {np.dtype(v): k for k, v in _NUMPY.items()}


def to_numpy_type(dtype: DALIDataType) -> type:
    """The NumPy scalar type of an element type. KeyError if there is none."""
    return _NUMPY[DALIDataType(dtype)]


def to_dali_type(dtype: Any) -> DALIDataType:
    """The element type of a NumPy dtype (or its name). KeyError if there is none."""
    return _DALI[np.dtype(dtype)]


class ScalarConstant:
    """A number with an element type, for arithmetic with nodes. Made by `Constant`."""

    def __init__(self, value: bool | int | float, dtype: DALIDataType) -> None:
        self.value, self.dtype = value, dtype

    def __repr__(self) -> str:
        return f"Constant({self.value!r}, dtype={self.dtype.name})"


def _narrow(array: np.ndarray) -> np.ndarray:
    """64-bit numbers in 32 bits; OverflowError if they do not fit."""
    from .errors import NumberOverflowError

    narrow = {np.dtype(np.int64): np.int32, np.dtype(np.uint64): np.uint32, np.dtype(np.float64): np.float32}
    to = narrow.get(array.dtype)
    if to is None:
        return array
    if np.issubdtype(to, np.integer) and array.size:
        info = np.iinfo(to)
        if array.min() < info.min or array.max() > info.max:
            raise NumberOverflowError(
                f"64-bit constants are narrowed to 32 bits; values are out of range: {array.dtype} values in "
                f"[{array.min()}, {array.max()}] are out of range of {np.dtype(to).name}."
            )
    return array.astype(to)


def _convert(array: np.ndarray, dtype: DALIDataType) -> np.ndarray:
    """Rounded (ties away from zero) and clamped to an element type."""
    to = np.dtype(to_numpy_type(dtype))
    if to.kind in "iu":
        info = np.iinfo(to)
        if array.dtype.kind == "f":
            array = np.sign(array) * np.floor(np.abs(array) + 0.5)
        low, high = (int(info.min), int(info.max))
        return (
            np.vectorize(lambda v: min(max(int(v), low), high), otypes=[to])(array)
            if array.size
            else array.astype(to)
        )
    return array.astype(to)


def _from_list(value: Any) -> np.ndarray:
    array = np.array(value)
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    return _narrow(array)


def as_constant_array(value: Any, dtype: DALIDataType | None = None) -> np.ndarray:
    """What `Constant` makes of a value: int -> int32, float -> float32, 64-bit arrays narrowed to 32 bits."""
    if isinstance(value, ScalarConstant):
        return np.array(value.value, to_numpy_type(value.dtype))
    if dtype is not None:
        source = value if isinstance(value, np.ndarray) else np.array(value)
        return _convert(source, DALIDataType(dtype))
    if isinstance(value, bool):
        return np.array(value)
    if isinstance(value, np.bool_):
        raise TypeError("a NumPy bool cannot be a constant; write bool(value).")
    if isinstance(value, int):
        return _narrow(np.array(value))
    if isinstance(value, float):
        return np.array(value, np.float32)
    if isinstance(value, list | tuple):
        return _from_list(value)
    if isinstance(value, np.ndarray | np.generic):
        return _narrow(np.asarray(value))
    if hasattr(value, "__array__"):
        return _narrow(np.asarray(value))
    if hasattr(value, "__dlpack__"):
        return _narrow(np.from_dlpack(value))
    raise TypeError(f"{type(value).__name__} cannot be a constant; numbers, lists of numbers and arrays can.")


def Constant(
    value: Any,
    dtype: DALIDataType | None = None,
    shape: Any = None,
    layout: str | None = None,  # noqa: N802
    device: str | None = None,
    **kwargs: Any,
) -> Any:
    """A constant for a graph.

    A plain number without `shape`, `layout` and `device` gives a light scalar for arithmetic; anything else a node with
    the same tensor for every sample. Python ints become INT32, floats FLOAT, bools BOOL, 64-bit arrays 32 bits wide
    (OverflowError if a value does not fit). With `dtype` values are rounded (ties away from zero) and clamped.
    """
    number = isinstance(value, bool | int | float)
    if number and shape is None and layout is None and device is None:
        if dtype is None:
            array = as_constant_array(value)
            return ScalarConstant(array.item(), to_dali_type(array.dtype))
        return ScalarConstant(as_constant_array(value, dtype).item(), DALIDataType(dtype))
    from ._node import constant_node

    array = as_constant_array(value, dtype)
    if shape is not None:
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        array = np.broadcast_to(array, shape) if array.size == 1 else array.reshape(shape)
    return constant_node(array, layout or "", device or "cpu")
