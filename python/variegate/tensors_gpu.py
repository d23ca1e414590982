"""Tensors and lists of tensors on a GPU: what a pipeline returns for outputs that were asked for there."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from typing import Any

from . import _core
from .errors import ArgumentValueError, DataError
from .tensors import TensorCPU, TensorListCPU, address_of
from .types import DALIDataType, to_numpy_type


def stream_of(stream: Any) -> int:
    """The number of a CUDA stream: an int, or an object of PyTorch (`cuda_stream`) or CuPy (`ptr`)."""
    for name in ("cuda_stream", "ptr"):
        if hasattr(stream, name):
            return int(getattr(stream, name))
    return int(stream)


def is_on_gpu(item: Any) -> bool:
    """Whether an array of any library lies on a GPU."""
    return hasattr(item, "__dlpack_device__") and int(item.__dlpack_device__()[0]) == 2


def wait_for(array: Any) -> None:
    """Waits until the work that makes an array of another library is done."""
    for name, current in (
        ("torch", lambda m: m.cuda.current_stream()),
        ("cupy", lambda m: m.cuda.get_current_stream()),
    ):
        module = sys.modules.get(name)
        if module is not None and type(array).__module__.split(".")[0] == name:
            current(module).synchronize()


class TensorGPU(_core.Tensor):
    """One dense tensor in the memory of a GPU. It lives as long as anybody holds it or what was made from it.

    Made from anything on a GPU with DLPack, which it shares (`layout`: names of the axes, such as "HWC"). Read through
    DLPack and `__cuda_array_interface__`, without a copy, or copied by `as_cpu`.
    """

    def __init__(self, array: Any, layout: str = "") -> None:
        super().__init__(array, layout or "")
        if self._device < 0:
            raise ArgumentValueError("TensorGPU: the data are not on a GPU.")

    dtype = property(lambda self: DALIDataType(self._dtype))
    stream = property(
        lambda self: self._stream, doc="The CUDA stream that the data are made on, as a number."
    )

    def shape(self) -> list[int]:
        """Extents."""
        return list(self._shape)

    def ndim(self) -> int:
        """Number of axes."""
        return len(self._shape)

    def layout(self) -> str:
        """Names of the axes; empty if not known."""
        return self._layout

    def set_layout(self, layout: str) -> None:
        """Names the axes. ValueError unless there is a letter per axis."""
        if layout and len(layout) != self.ndim():
            raise ArgumentValueError(f"layout {layout!r} does not name {self.ndim()} axes.")
        self._layout = layout

    def device_id(self) -> int:
        """The number of the GPU."""
        return self._device

    def source_info(self) -> str:
        """The file that the tensor came from; empty if not known."""
        return self._source

    def data_ptr(self) -> int:
        """Address of the first element on the GPU."""
        return self._address

    def as_cpu(self) -> TensorCPU:
        """A copy in host memory; waits for the data."""
        return TensorCPU(self._to_host())

    def copy_to_external(
        self, ptr: Any, cuda_stream: Any = None, non_blocking: bool = False, use_copy_kernel: bool = False
    ) -> None:
        """Copies the elements to an address of a GPU or of the host, in the order of `cuda_stream`.

        Waits for the copy unless `non_blocking`. `use_copy_kernel` has no effect.
        """
        stream = self._stream if cuda_stream is None else stream_of(cuda_stream)
        self._copy(address_of(ptr), stream, not non_blocking)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        self._wait()
        return {
            "shape": tuple(self._shape),
            "typestr": to_numpy_type(self.dtype)().dtype.str,
            "data": (self._address, False),
            "version": 2,
            "strides": None,
        }

    def __dlpack__(
        self, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: bool | None = None
    ) -> Any:
        """`stream`: the consumer's; None waits on the host, -1 does not wait, 1 and 2 are the default streams."""
        if dl_device is not None and tuple(dl_device)[0] == 1:
            return self.as_cpu().__dlpack__()
        if copy:
            raise BufferError("a copy on the GPU is the consumer's to make.")
        if stream is None:
            self._wait()
        elif stream == 0:
            raise ArgumentValueError("__dlpack__: stream = 0 is ambiguous; 1 is the legacy default stream.")
        elif stream != -1:
            self._hand_to(stream_of(stream))
        return self._dlpack()

    def __dlpack_device__(self) -> tuple[int, int]:
        return 2, self._device

    def __repr__(self) -> str:
        return f"TensorGPU(shape={tuple(self.shape())}, dtype={self.dtype.name}, layout={self.layout()!r}, device={self._device})"


class TensorListGPU:
    """One output of a batch: a tensor per sample, in the memory of a GPU. Valid as long as anything of it is held."""

    def __init__(self, data: Any, layout: str = "") -> None:
        self._list: _core.TensorList | None = None
        if isinstance(data, _core.TensorList):
            self._list = data
            self._tensors = [TensorGPU(data.tensor(i)) for i in range(len(data))]
            self._dtype, self._layout = DALIDataType(data.dtype), data.layout
            return
        self._tensors = [t if isinstance(t, TensorGPU) else TensorGPU(t, layout) for t in data]
        self._dtype = self._tensors[0].dtype if self._tensors else DALIDataType.NO_TYPE
        self._layout = layout or (self._tensors[0].layout() if self._tensors else "")

    @classmethod
    def broadcast(cls, tensor: TensorGPU, n: int) -> TensorListGPU:
        """`n` times the same tensor, without a copy."""
        return cls([tensor] * n, tensor.layout())

    dtype = property(lambda self: self._dtype)
    stream = property(lambda self: self._tensors[0].stream, doc="The CUDA stream that the data are made on.")

    def __len__(self) -> int:
        return len(self._tensors)

    def __iter__(self) -> Iterator[TensorGPU]:
        return iter(self._tensors)

    def __getitem__(self, i: int) -> TensorGPU:
        if not -len(self) <= i < len(self):
            raise IndexError(f"sample {i} of a list of {len(self)}")
        return self._tensors[i]

    def at(self, i: int) -> TensorGPU:
        """Deprecated: use `[i]`."""
        warnings.warn("TensorListGPU.at is deprecated; use list[i].", DeprecationWarning, stacklevel=2)
        if not 0 <= i < len(self):
            raise DataError(f"sample {i} is not in [0, {len(self)})")
        return self._tensors[i]

    def shape(self) -> list[tuple[int, ...]]:
        """A tuple of extents per sample."""
        return [tuple(t.shape()) for t in self._tensors]

    def ndim(self) -> int:
        """Number of axes of a sample."""
        return self._tensors[0].ndim() if self._tensors else 0

    def layout(self) -> str:
        """Names of the axes of a sample; empty if not known."""
        return self._layout

    def set_layout(self, layout: str) -> None:
        """Names the axes of the samples."""
        for t in self._tensors:
            t.set_layout(layout)
        self._layout = layout

    def is_dense_tensor(self) -> bool:
        """Whether all shapes are equal."""
        return len(set(self.shape())) <= 1

    def as_tensor(self) -> TensorGPU:
        """One tensor with a leading axis of samples; no copy where they lie one after another. RuntimeError if shapes differ."""
        if self._list is None:
            raise DataError("as_tensor: this list was not made by a pipeline; its tensors lie apart.")
        return TensorGPU(self._list.as_tensor())

    def as_cpu(self) -> TensorListCPU:
        """A copy in host memory; waits for the data."""
        if self._list is not None and len(self) > 1 and self.is_dense_tensor():
            layout = self._layout
            return TensorListCPU([TensorCPU(a, layout) for a in self.as_tensor().as_cpu()._numpy], layout)
        return TensorListCPU([t.as_cpu() for t in self._tensors], self._layout)

    def device_id(self) -> int:
        """The number of the GPU."""
        return self._tensors[0].device_id()

    def data_ptr(self) -> int:
        """Address of the first element of the first sample."""
        return self._tensors[0].data_ptr()

    def reset(self) -> None:
        """Lets go of the samples."""
        self._list, self._tensors = None, []

    def hand_to(self, stream: Any) -> None:
        """What is given to `stream` from now on finds the data there; the host does not wait."""
        for t in self._tensors[:1]:
            t._hand_to(stream_of(stream))

    def copy_to_external(
        self, ptr: Any, cuda_stream: Any = None, non_blocking: bool = False, use_copy_kernel: bool = False
    ) -> None:
        """Copies all samples, one after another, to an address."""
        address = address_of(ptr)
        for i, t in enumerate(self._tensors):
            t.copy_to_external(address, cuda_stream, non_blocking or i + 1 < len(self), use_copy_kernel)
            address += t._bytes

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        return self.as_tensor().__cuda_array_interface__

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self.as_tensor().__dlpack__(**kwargs)

    def __dlpack_device__(self) -> tuple[int, int]:
        return 2, self.device_id()

    def __repr__(self) -> str:
        return f"TensorListGPU({len(self)} samples, dtype={self.dtype.name}, layout={self.layout()!r}, shapes={self.shape()})"
