"""What tensors on the host and on a GPU have in common, and their lists."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from . import _core
from .errors import ArgumentValueError, DataError
from .types import DALIDataType


def address_of(ptr: Any) -> int:
    """An address: an int, or a ctypes pointer."""
    return ptr if isinstance(ptr, int) else int(ctypes.cast(ptr, ctypes.c_void_p).value or 0)


class Tensor(_core.Tensor):
    """One dense tensor."""

    @property
    def dtype(self) -> DALIDataType:
        return DALIDataType(self._dtype)

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
        shape, layout = self.shape(), self.layout()
        if dim is None:
            kept = [i for i, extent in enumerate(shape) if extent != 1]
        else:
            kept = [i for i in range(len(shape)) if i != dim % len(shape) or shape[i] != 1]
        if len(kept) == len(shape):
            return False
        self._become(self._view(self._dtype, [shape[i] for i in kept]))
        self._layout = "".join(layout[i] for i in kept) if layout else ""
        return True

    def __repr__(self) -> str:
        return f"{type(self).__name__}(shape={tuple(self.shape())}, dtype={self.dtype.name}, layout={self.layout()!r})"


T = TypeVar("T", bound=Tensor)


class TensorList(Generic[T]):
    """A tensor per sample."""

    def __init__(self, tensors: list[T], dtype: DALIDataType, layout: str, core: Any = None) -> None:
        self._tensors, self._dtype, self._layout = tensors, dtype, layout
        self._list: _core.TensorList | None = core
        self._kept: Any = None

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

    def __getitem__(self, i: int) -> T:
        if not -len(self) <= i < len(self):
            raise IndexError(f"sample {i} of a list of {len(self)}")
        return self._tensors[i]

    def __iter__(self) -> Iterator[T]:
        return iter(self._tensors)

    def _sample(self, i: int) -> T:
        if not 0 <= i < len(self):
            raise DataError(f"sample {i} is not in [0, {len(self)})")
        return self._tensors[i]

    def is_dense_tensor(self) -> bool:
        """Whether all shapes are equal."""
        return len(set(self.shape())) <= 1

    def reset(self) -> None:
        """Lets go of the samples."""
        self._list, self._tensors, self._kept = None, [], None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} samples, dtype={self.dtype.name}, layout={self.layout()!r}, shapes={self.shape()})"
