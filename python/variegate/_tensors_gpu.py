"""Tensors and lists of tensors in the memory of a GPU."""

from __future__ import annotations

import math
import warnings
from typing import Any

from . import _core
from ._cuda import share, stream_number
from ._tensors_base import Tensor, TensorList, address_of
from ._tensors_cpu import TensorCPU, TensorListCPU
from .errors import ArgumentTypeError, ArgumentValueError
from .types import DALIDataType, to_numpy_type


class TensorGPU(Tensor):
    """One dense tensor in the memory of a GPU. It lives as long as anybody holds it or an array made from it.

    Made from anything on a GPU with DLPack or `__cuda_array_interface__`, whose memory it shares (`layout`: names of the
    axes, such as "HWC"). It is read by the same two, without a copy, or copied by `as_cpu`.
    """

    _bound: int | None = None  # the stream that it was made ready for

    def __init__(self, array: Any, layout: str = "") -> None:
        super().__init__(share(array, layout or ""))
        if layout:
            self.set_layout(layout)

    @property
    def stream(self) -> int:
        """The CUDA stream that the data are ready for, as a number: that of `run`, else the one that makes them."""
        return self._stream if self._bound is None else self._bound

    def device_id(self) -> int:
        """The number of the GPU."""
        return self._device

    def data_ptr(self) -> int:
        """Address of the first element on the GPU. Waits for the data, unless `run` was given a stream."""
        if self._bound is None:
            self._wait()
        return self._address

    def as_cpu(self) -> TensorCPU:
        """A copy in host memory."""
        return TensorCPU(self._to_host())

    def copy_to_external(
        self, ptr: Any, cuda_stream: Any = None, non_blocking: bool = False, use_copy_kernel: bool = False
    ) -> None:
        """Copies the elements to an address of a GPU or of the host, in the order of `cuda_stream`.

        Returns when the copy is made, unless `non_blocking`. `use_copy_kernel` has no effect.
        """
        stream = self.stream if cuda_stream is None else stream_number(cuda_stream)
        _core.TensorList([self]).copy_to(address_of(ptr), stream, not non_blocking)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        self._wait()
        self._used_on(1)
        return {
            "shape": tuple(self._shape),
            "typestr": to_numpy_type(self.dtype)().dtype.str,
            "data": (self._address, False),
            "strides": None,
            "version": 2,
        }

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """A DLPack capsule. `stream` is the consumer's: None waits on the host, -1 waits for nothing, 1 and 2 are the
        legacy and the per-thread default stream, another number is a stream; 0 is refused (ValueError), as it could be
        either. `dl_device=(1, 0)` gives a copy in host memory."""
        if dl_device is not None and tuple(dl_device) == (1, 0):
            if copy is False:
                raise BufferError("__dlpack__: data on a GPU come to the host as a copy only.")
            return self.as_cpu().__dlpack__(max_version=max_version)
        if dl_device is not None and tuple(dl_device) != self.__dlpack_device__():
            raise BufferError(f"__dlpack__: the data are on {self.__dlpack_device__()}, not on {dl_device}.")
        if stream is not None and (isinstance(stream, bool) or not isinstance(stream, int)):
            raise ArgumentTypeError(f"__dlpack__: stream must be a number; got {type(stream).__name__}.")
        if stream is not None and (stream == 0 or stream < -1):
            raise ArgumentValueError(
                f"__dlpack__: stream = {stream} is not allowed; 1 is the legacy default stream, 2 the per-thread one."
            )
        tensor = self._copy() if copy else self
        if stream is None:
            tensor._wait()
            tensor._used_on(1)  # what a consumer that names none uses
        elif stream != -1:
            tensor._hand_to(stream)
        return tensor._dlpack(max_version is not None and max_version[0] >= 1)

    def __dlpack_device__(self) -> tuple[int, int]:
        return 2, self._device

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise TypeError("a TensorGPU is no array in host memory; as_cpu() makes a copy there.")


class TensorListGPU(TensorList[TensorGPU]):
    """One output of a batch: a tensor per sample, in the memory of a GPU.

    Valid as long as it, or anything taken from it, is held. Made by a pipeline, or from a list of GPU arrays, or from one
    GPU array whose first axis counts samples.
    """

    _bound: int | None = None

    def __init__(self, data: Any, layout: str = "", contiguous: bool = True) -> None:
        if isinstance(data, _core.TensorList):
            tensors = [TensorGPU.__new__(TensorGPU) for _ in range(len(data))]
            for i, t in enumerate(tensors):
                _core.Tensor.__init__(t, data.tensor(i))  # ready or not: nobody waits for it here
            super().__init__(tensors, DALIDataType(data.dtype), data.layout, data)
            return
        samples = data if isinstance(data, list | tuple | TensorListGPU) else share(data)._split()
        tensors = [t if isinstance(t, TensorGPU) else TensorGPU(t, layout) for t in samples]
        core = _core.TensorList(tensors, layout or (tensors[0].layout() if tensors else ""))
        super().__init__(tensors, DALIDataType(core.dtype), core.layout, core)

    @classmethod
    def broadcast(cls, tensor: TensorGPU, n: int) -> TensorListGPU:
        """`n` times the same tensor, without a copy."""
        return cls([tensor] * n, tensor.layout())

    def _bind(self, stream: int) -> TensorListGPU:
        """What `stream` is given from now on finds the data there; the host does not wait."""
        if self._tensors:
            self._tensors[0]._hand_to(stream)  # the samples of a batch share the handle of their memory
        self._bound = stream
        for t in self._tensors:
            t._bound = stream
        return self

    @property
    def stream(self) -> int:
        """The CUDA stream that the data are ready for, as a number: that of `run`, else the one that makes them."""
        return self._bound or (self._tensors[0].stream if self._tensors else 0)

    def device_id(self) -> int:
        """The number of the GPU; -1 if there are no samples."""
        return self._tensors[0].device_id() if self._tensors else -1

    def at(self, i: int) -> TensorGPU:
        """Deprecated: sample `i` (not negative; else RuntimeError). Use `[i]`."""
        warnings.warn("TensorListGPU.at is deprecated; use list[i].", DeprecationWarning, stacklevel=2)
        return self._sample(i)

    def as_cpu(self) -> TensorListCPU:
        """A copy in host memory."""
        cpu = TensorListCPU(self._whole().to_host())
        cpu._dtype, cpu._layout = self._dtype, self._layout
        return cpu

    def as_tensor(self) -> TensorGPU:
        """One tensor with a leading axis of samples; no copy where they lie one after another. RuntimeError if shapes differ."""
        tensor = TensorGPU.__new__(TensorGPU)
        _core.Tensor.__init__(tensor, self._whole().as_tensor())
        tensor._layout = "N" + self._layout if self._layout else ""
        if self._bound is not None:
            tensor._hand_to(self._bound)
            tensor._bound = self._bound
        return tensor

    def as_reshaped_tensor(self, shape: Any) -> TensorGPU:
        """All elements as one tensor of another shape, of which one extent may be -1."""
        tensor, extents = self.as_tensor(), list(shape)
        if extents.count(-1) == 1:
            known = -math.prod(extents)
            extents[extents.index(-1)] = math.prod(tensor.shape()) // known if known else 0
        tensor._become(tensor._view(tensor._dtype, extents))
        return tensor

    def reinterpret(self, dtype: DALIDataType) -> TensorListGPU:
        """The same bytes as another element type of the same size."""
        seen = _core.TensorList([t._view(int(dtype), t.shape()) for t in self._tensors], self._layout)
        return TensorListGPU(seen) if self._bound is None else TensorListGPU(seen)._bind(self._bound)

    def data_ptr(self) -> int:
        """Address of the first element of the first sample. Waits for the data, unless `run` was given a stream."""
        return self._tensors[0].data_ptr()

    def copy_to_external(
        self, ptr: Any, cuda_stream: Any = None, non_blocking: bool = False, use_copy_kernel: bool = False
    ) -> None:
        """Copies all samples, one after another, to an address of a GPU or of the host, in the order of `cuda_stream`.

        Returns when the copy is made, unless `non_blocking`. `use_copy_kernel` has no effect.
        """
        stream = self.stream if cuda_stream is None else stream_number(cuda_stream)
        self._whole().copy_to(address_of(ptr), stream, not non_blocking)

    def _whole(self) -> _core.TensorList:
        return self._list if self._list is not None else _core.TensorList(self._tensors, self._layout)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        self._kept = self.as_tensor()  # whoever reads the address holds the list
        return self._kept.__cuda_array_interface__

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self.as_tensor().__dlpack__(**kwargs)

    def __dlpack_device__(self) -> tuple[int, int]:
        return 2, self.device_id()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise TypeError("a TensorListGPU is no array in host memory; as_cpu() makes a copy there.")
