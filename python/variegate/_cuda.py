"""GPU arrays of other libraries, and their streams."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from . import _core
from .errors import ArgumentTypeError, ArgumentValueError
from .types import to_dali_type

_ON_GPU = (2, 13)  # DLPack's numbers of CUDA memory and of managed memory
_LEGACY = 1  # the legacy default stream


def stream_number(stream: Any) -> int:
    """A CUDA stream as a number: an int, or an object of PyTorch (`cuda_stream`), CuPy (`ptr`) or with `__cuda_stream__`."""
    if hasattr(stream, "__cuda_stream__"):
        number = stream.__cuda_stream__()[1]
    else:
        number = getattr(stream, "cuda_stream", getattr(stream, "ptr", stream))
    if isinstance(number, ctypes.c_void_p):
        number = number.value or 0
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        raise ArgumentTypeError(
            f"cuda_stream: {type(stream).__name__} is no CUDA stream; a number or a stream object is."
        )
    if number < 0:
        raise ArgumentValueError(f"cuda_stream = {number} is negative.")
    return int(number) or _LEGACY


def current_device() -> int:
    """The GPU that this thread uses; 0 if it uses none yet."""
    number = ctypes.c_int()
    try:
        found = ctypes.CDLL("libcuda.so.1").cuCtxGetDevice(ctypes.byref(number)) == 0
    except (OSError, AttributeError):
        found = False
    return number.value if found else 0


def is_on_gpu(array: Any) -> bool:
    """Whether an array of any library is in the memory of a GPU."""
    if isinstance(array, np.ndarray | np.generic | bool | int | float | list | tuple):
        return False
    if isinstance(array, _core.Tensor):
        return array._device >= 0
    if hasattr(array, "__dlpack_device__"):
        return int(array.__dlpack_device__()[0]) in _ON_GPU
    return hasattr(array, "__cuda_array_interface__")


def share(array: Any, layout: str = "", waits: set[tuple[int, int]] | None = None) -> _core.Tensor:
    """A tensor that shares the memory of a GPU array and keeps it alive. TypeError if it is none.

    Returns when the array's data are there. With `waits` it need not: the caller waits for what it adds there, pairs of
    a device and a stream.
    """
    todo: set[tuple[int, int]] = set()
    if isinstance(array, _core.Tensor):
        if array._device < 0:
            raise ArgumentTypeError(f"{type(array).__name__} is in host memory; a tensor on a GPU is needed.")
        array._wait()
        tensor = array
    elif type(array).__name__ == "PyCapsule":
        tensor = _core.from_dlpack(array, layout)
        todo.add((tensor._device, _LEGACY))
    elif not is_on_gpu(array):
        raise ArgumentTypeError(f"{type(array).__name__} is no array on a GPU.")
    elif hasattr(array, "__dlpack__"):
        tensor = _core.from_dlpack(_capsule(_dense(array)), layout)
        todo.add((tensor._device, _LEGACY))
    else:
        tensor = _from_interface(array, layout, todo)
    if waits is not None:
        waits |= todo
    else:
        wait_all(todo)
    return tensor


def wait_all(waits: set[tuple[int, int]]) -> None:
    """Returns when these streams have done what they were given."""
    for device, stream in waits:
        _core.wait_for(device, stream)


def _dense(array: Any) -> Any:
    """The array, or a copy of it in C order where its library can make one."""
    if hasattr(array, "detach"):  # PyTorch shares no tensors that have a gradient
        array = array.detach()
    if hasattr(array, "contiguous"):
        return array.contiguous()
    if hasattr(getattr(array, "flags", None), "c_contiguous") and not array.flags.c_contiguous:
        return array.copy(order="C")
    return array


def _capsule(array: Any) -> Any:
    """The array as DLPack, in the order of the legacy default stream."""
    try:
        return array.__dlpack__(stream=_LEGACY, max_version=(1, 0))
    except TypeError:  # from before there were versions
        return array.__dlpack__(stream=_LEGACY)


def _from_interface(array: Any, layout: str, waits: set[tuple[int, int]]) -> _core.Tensor:
    facts = array.__cuda_array_interface__
    dtype, shape = np.dtype(facts["typestr"]), tuple(facts["shape"])
    if facts.get("mask") is not None:
        raise ArgumentTypeError("an array with a mask cannot be shared.")
    dense, stride = [], dtype.itemsize
    for extent in reversed(shape):
        dense.insert(0, stride)
        stride *= extent
    strides = facts.get("strides")
    if strides is not None and stride > 0:
        if any(s != d for s, d, extent in zip(strides, dense, shape, strict=True) if extent != 1):
            raise ArgumentValueError("the array is not dense in C order.")
    device = getattr(array, "device", None)
    number = getattr(device, "id", getattr(device, "index", device))
    if not isinstance(number, int):
        number = current_device()
    # From version 3 on, None says that there is nothing to wait for.
    stream = facts.get("stream", None if facts.get("version", 0) >= 3 else _LEGACY)
    if stream is not None:
        waits.add((number, int(stream)))
    try:
        kind = to_dali_type(dtype)
    except KeyError:
        raise ArgumentTypeError(f"the element type {dtype} is not supported.") from None
    return _core.from_address(array, facts["data"][0], int(kind), list(shape), number, layout)
