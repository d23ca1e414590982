"""What a run gives."""

from __future__ import annotations

from typing import Any

from . import _core
from .tensors import TensorListCPU, TensorListGPU


def _list_of(output: _core.TensorList, stream: int | None) -> TensorListCPU | TensorListGPU:
    if not output.on_device:
        return TensorListCPU(output)
    samples = TensorListGPU(output)
    return samples if stream is None else samples._bind(stream)


class Batch(tuple):
    """The outputs of a run: a tuple of lists of tensors, and what is known of the samples.

    `sample_ids`, `epochs`, `is_padding`: one entry per sample. `errors`: samples that could not be made.
    """

    sample_ids: list[int]
    epochs: list[int]
    is_padding: list[bool]
    errors: list[Any]
    _programs: list[Any]

    def __new__(cls, raw: _core.Batch, stream: int | None = None) -> Batch:
        """`stream`: what it is given from now on finds the outputs on a GPU there."""
        self = super().__new__(cls, [_list_of(o, stream) for o in raw.outputs])
        self.sample_ids, self.epochs, self.is_padding = raw.sample_ids, raw.epochs, raw.is_padding
        self.errors, self._programs = raw.errors, raw.programs
        return self

    def program(self, i: int) -> Any:
        """The operations that made sample `i`: `.operations` as (name, parameters), `str()` as text."""
        return self._programs[i]
