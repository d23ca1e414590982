"""Tensors and lists of tensors: what a pipeline returns."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np

from . import _core
from .errors import DataError
from .types import DALIDataType


def address_of(ptr: Any) -> int:
    """An address: an int, or a ctypes pointer."""
    return ptr if isinstance(ptr, int) else int(ctypes.cast(ptr, ctypes.c_void_p).value or 0)


class TensorCPU(_core.Tensor):
    """One dense tensor in host memory. It lives as long as anybody holds it or an array made from it.

    Made from a NumPy array or anything with DLPack (`layout`: names of the axes, such as "HWC"). It can be read through
    the buffer protocol, `__array_interface__` and DLPack, without a copy.
    """

    def __init__(self, array: Any, layout: str = "", is_pinned: bool = False) -> None:
        super().__init__(array, layout or "")
        self._array: np.ndarray | None = None

    @property
    def _numpy(self) -> np.ndarray:
        if self._array is None:
            self._array = super()._numpy
        return self._array

    @property
    def dtype(self) -> DALIDataType:
        return DALIDataType(self._dtype)

    def shape(self) -> list[int]:
        """Extents."""
        return list(self._numpy.shape)

    def ndim(self) -> int:
        """Number of axes."""
        return self._numpy.ndim

    def layout(self) -> str:
        """Names of the axes; empty if not known."""
        return self._layout

    def set_layout(self, layout: str) -> None:
        """Names the axes. ValueError unless there is a letter per axis."""
        if layout and len(layout) != self.ndim():
            raise ValueError(f"layout {layout!r} does not name {self.ndim()} axes.")
        self._layout = layout

    def source_info(self) -> str:
        """The file that the tensor came from; empty if not known."""
        return self._source

    def get_property(self, key: str) -> Any:
        """ "layout" or "source_info"; RuntimeError for another key."""
        if key == "layout":
            return self.layout()
        if key == "source_info":
            return self.source_info()
        raise DataError(f"a tensor has no property {key!r}; it has 'layout' and 'source_info'.")

    def squeeze(self, dim: int | None = None) -> bool:
        """Removes axes of extent 1 (all, or `dim`), in place; tells whether the shape changed."""
        before = self._numpy
        if dim is not None and before.shape[dim] != 1:
            return False
        self._array = before.squeeze(dim)
        return self._array.ndim != before.ndim

    def data_ptr(self) -> int:
        """Address of the first element."""
        return self._address

    def copy_to_external(self, ptr: Any, *_: Any, **__: Any) -> None:
        """Copies the elements to an address (an int, or a ctypes pointer)."""
        address = address_of(ptr)
        array = np.ascontiguousarray(self._numpy)
        ctypes.memmove(address, array.ctypes.data, array.nbytes)

    def as_cpu(self) -> TensorCPU:
        """Itself."""
        return self

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return self._numpy.__array_interface__

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self._numpy if dtype is None else self._numpy.astype(dtype)
        return array.copy() if copy else array

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self._numpy.__dlpack__(**{k: v for k, v in kwargs.items() if v is not None})

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._numpy.__dlpack_device__()

    def __repr__(self) -> str:
        return f"TensorCPU(shape={tuple(self.shape())}, dtype={self.dtype.name}, layout={self.layout()!r})"


class TensorListCPU:
    """One output of a batch: a tensor per sample, in host memory.

    Valid as long as it, or anything taken from it, is held. Made by a pipeline, or from a list of arrays, or from one
    array whose first axis counts samples.
    """

    def __init__(self, data: Any, layout: str = "", is_pinned: bool = False, contiguous: bool = True) -> None:
        if isinstance(data, _core.TensorList):
            self._list: _core.TensorList | None = data
            self._tensors = [TensorCPU(data.tensor(i)) for i in range(len(data))]
            self._dtype, self._layout = DALIDataType(data.dtype), data.layout
            return
        self._list = None
        items = (
            data
            if isinstance(data, list | tuple)
            else list(np.from_dlpack(data) if hasattr(data, "__dlpack__") else data)
        )
        self._tensors = [t if isinstance(t, TensorCPU) else TensorCPU(t, layout) for t in items]
        self._dtype = self._tensors[0].dtype if self._tensors else DALIDataType.NO_TYPE
        self._layout = layout or (self._tensors[0].layout() if self._tensors else "")

    @classmethod
    def broadcast(cls, tensor: TensorCPU, n: int) -> TensorListCPU:
        """`n` times the same tensor, without a copy."""
        return cls([tensor] * n, tensor.layout())

    def __len__(self) -> int:
        return len(self._tensors)

    def shape(self) -> list[tuple[int, ...]]:
        """A tuple of extents per sample."""
        return [tuple(t.shape()) for t in self._tensors]

    def ndim(self) -> int:
        """Number of axes of a sample."""
        return self._tensors[0].ndim() if self._tensors else 0

    @property
    def dtype(self) -> DALIDataType:
        return self._dtype

    def layout(self) -> str:
        """Names of the axes of a sample; empty if not known."""
        return self._layout

    def set_layout(self, layout: str) -> None:
        """Names the axes of the samples."""
        for t in self._tensors:
            t.set_layout(layout)
        self._layout = layout

    def __getitem__(self, i: int) -> TensorCPU:
        if not -len(self) <= i < len(self):
            raise IndexError(f"sample {i} of a list of {len(self)}")
        return self._tensors[i]

    def __iter__(self) -> Iterator[TensorCPU]:
        return iter(self._tensors)

    def at(self, i: int) -> np.ndarray:
        """Sample `i` (not negative; else RuntimeError) as a NumPy array that shares its memory."""
        if not 0 <= i < len(self):
            raise DataError(f"sample {i} is not in [0, {len(self)})")
        return self._tensors[i]._numpy

    def is_dense_tensor(self) -> bool:
        """Whether all shapes are equal."""
        return len(set(self.shape())) <= 1

    def as_array(self) -> np.ndarray:
        """One array with the samples along a leading axis. RuntimeError if shapes differ."""
        return self.as_tensor()._numpy

    def as_tensor(self) -> TensorCPU:
        """One tensor with a leading axis of samples; no copy where they lie one after another. RuntimeError if shapes differ."""
        if self._list is not None:
            return TensorCPU(self._list.as_tensor())
        if not self.is_dense_tensor():
            raise DataError(f"The batch is not dense: its shapes are {self.shape()}.")
        return TensorCPU(
            np.stack([t._numpy for t in self._tensors]), "N" + self._layout if self._layout else ""
        )

    def as_reshaped_tensor(self, shape: Any) -> TensorCPU:
        """All elements as one tensor of another shape."""
        return TensorCPU(self.as_array().reshape(shape))

    def reinterpret(self, dtype: DALIDataType) -> TensorListCPU:
        """The same bytes as another element type of the same size."""
        from .types import to_numpy_type

        return TensorListCPU([t._numpy.view(to_numpy_type(dtype)) for t in self._tensors], self._layout)

    def reset(self) -> None:
        """Lets go of the samples."""
        self._list, self._tensors = None, []

    def data_ptr(self) -> int:
        """Address of the first element of the first sample."""
        return self._tensors[0].data_ptr()

    def as_cpu(self) -> TensorListCPU:
        """Itself."""
        return self

    def copy_to_external(self, ptr: Any, *_: Any, **__: Any) -> None:
        """Copies all samples, one after another, to an address."""
        address = address_of(ptr)
        for t in self._tensors:
            t.copy_to_external(address)
            address += t._numpy.nbytes

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return self.as_array().__array_interface__

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self.as_array()
        return array if dtype is None else array.astype(dtype)

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self.as_tensor().__dlpack__(**kwargs)

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0

    def __repr__(self) -> str:
        return f"TensorListCPU({len(self)} samples, dtype={self.dtype.name}, layout={self.layout()!r}, shapes={self.shape()})"
