"""What a run gives."""

from __future__ import annotations

from typing import Any

from . import _core
from .tensors import TensorListCPU
from .tensors_gpu import TensorListGPU


class Batch(tuple):
    """The outputs of a run: a tuple of lists of tensors, and what is known of the samples.

    `sample_ids`, `epochs`, `is_padding`: one entry per sample. `errors`: samples that could not be made.
    """

    sample_ids: list[int]
    epochs: list[int]
    is_padding: list[bool]
    errors: list[Any]
    _programs: list[Any]

    def __new__(cls, raw: _core.Batch) -> Batch:
        self = super().__new__(
            cls, [(TensorListGPU if o.on_device else TensorListCPU)(o) for o in raw.outputs]
        )
        self.sample_ids, self.epochs, self.is_padding = raw.sample_ids, raw.epochs, raw.is_padding
        self.errors, self._programs = raw.errors, raw.programs
        return self

    def program(self, i: int) -> Any:
        """The operations that made sample `i`: `.operations` as (name, parameters), `str()` as text."""
        return self._programs[i]
