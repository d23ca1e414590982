"""Tensors and lists of tensors in host memory."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from . import _core
from ._tensors_base import Tensor, TensorList, address_of
from .errors import DataError
from .types import DALIDataType, to_numpy_type


class TensorCPU(Tensor):
    """One dense tensor in host memory. It lives as long as anybody holds it or an array made from it.

    Made from a NumPy array or anything with DLPack (`layout`: names of the axes, such as "HWC"). It can be read through
    the buffer protocol, `__array_interface__` and DLPack, without a copy.
    """

    def __init__(self, array: Any, layout: str = "", is_pinned: bool = False) -> None:
        super().__init__(array, layout or "")
        if self._device >= 0:
            self._become(self._to_host())
        self._array: np.ndarray | None = None

    @property
    def _numpy(self) -> np.ndarray:
        if self._array is None:
            self._array = super()._numpy
        return self._array

    def squeeze(self, dim: int | None = None) -> bool:
        """Removes axes of extent 1 (all, or `dim`), in place; tells whether the shape changed."""
        self._array = None
        return super().squeeze(dim)

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


class TensorListCPU(TensorList[TensorCPU]):
    """One output of a batch: a tensor per sample, in host memory.

    Valid as long as it, or anything taken from it, is held. Made by a pipeline, or from a list of arrays, or from one
    array whose first axis counts samples.
    """

    def __init__(self, data: Any, layout: str = "", is_pinned: bool = False, contiguous: bool = True) -> None:
        if isinstance(data, _core.TensorList):
            tensors = [TensorCPU(data.tensor(i)) for i in range(len(data))]
            super().__init__(tensors, DALIDataType(data.dtype), data.layout, data)
            return
        items = (
            data
            if isinstance(data, list | tuple)
            else list(np.from_dlpack(data) if hasattr(data, "__dlpack__") else data)
        )
        tensors = [t if isinstance(t, TensorCPU) else TensorCPU(t, layout) for t in items]
        dtype = tensors[0].dtype if tensors else DALIDataType.NO_TYPE
        super().__init__(tensors, dtype, layout or (tensors[0].layout() if tensors else ""))

    @classmethod
    def broadcast(cls, tensor: TensorCPU, n: int) -> TensorListCPU:
        """`n` times the same tensor, without a copy."""
        return cls([tensor] * n, tensor.layout())

    def at(self, i: int) -> np.ndarray:
        """Sample `i` (not negative; else RuntimeError) as a NumPy array that shares its memory."""
        return self._sample(i)._numpy

    def as_array(self) -> np.ndarray:
        """One array with the samples along a leading axis. RuntimeError if shapes differ."""
        return self.as_tensor()._numpy

    def as_tensor(self) -> TensorCPU:
        """One tensor with a leading axis of samples; no copy where they lie one after another. RuntimeError if shapes differ."""
        if self._list is not None:
            tensor = TensorCPU(self._list.as_tensor())
            tensor._layout = "N" + self._layout if self._layout else ""
            return tensor
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
        return TensorListCPU([t._numpy.view(to_numpy_type(dtype)) for t in self._tensors], self._layout)

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
        self._kept = self.as_array()  # whoever reads the address holds the list
        return self._kept.__array_interface__

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self.as_array()
        return array if dtype is None else array.astype(dtype)

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self.as_tensor().__dlpack__(**kwargs)

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0
