"""The iterators that DALI has for PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ..._batch import Batch
from ..._pipeline import Pipeline
from ...errors import ArgumentValueError
from ...tensors import TensorListCPU, TensorListGPU
from ..base_iterator import BaseIterator, LastBatchPolicy
from ._tensors import to_torch, to_torch_type


def _dense(output: TensorListCPU | TensorListGPU, kept: int) -> torch.Tensor:
    if len(output):
        to_torch_type[output.dtype]  # KeyError here, not deep in PyTorch
    tensor = to_torch(output)
    return tensor if kept == len(output) else tensor[:kept]


class DALIGenericIterator(BaseIterator):
    """Each step is a list with a dict per pipeline: name -> tensor, on the device of the output.

    All samples of an output have one shape (RuntimeError otherwise). Tensors share the batch's memory and keep it; on a GPU
    they are ready for the current stream. The arguments are those of `BaseIterator`.
    """

    def _convert(self, batch: Batch, kept: int) -> dict[str, Any]:
        return {name: _dense(output, kept) for name, output in zip(self.output_map, batch, strict=True)}


class DALIClassificationIterator(DALIGenericIterator):
    """As DALIGenericIterator, for outputs "data" and "label". Labels of readers are int32 of shape (B, 1), on the host."""

    def __init__(
        self,
        pipelines: Pipeline | Sequence[Pipeline],
        size: int = -1,
        reader_name: str | None = None,
        auto_reset: str | bool | None = False,
        fill_last_batch: bool | None = None,
        dynamic_shape: bool = False,
        last_batch_padded: bool = False,
        last_batch_policy: LastBatchPolicy = LastBatchPolicy.FILL,
        prepare_first_batch: bool = True,
    ) -> None:
        super().__init__(
            pipelines,
            ["data", "label"],
            size,
            reader_name,
            auto_reset,
            fill_last_batch,
            dynamic_shape,
            last_batch_padded,
            last_batch_policy,
            prepare_first_batch,
        )


class DALIRaggedIterator(BaseIterator):
    """As DALIGenericIterator, for outputs whose samples differ in shape.

    `output_types`: per output "dense" (the default), "sparse_list" (a list of tensors), or "sparse_coo" (a sparse tensor of
    the largest extents, which holds all elements).
    """

    DENSE_TAG, SPARSE_LIST_TAG, SPARSE_COO_TAG = "dense", "sparse_list", "sparse_coo"

    def __init__(
        self,
        pipelines: Pipeline | Sequence[Pipeline],
        output_map: Sequence[str],
        size: int = -1,
        reader_name: str | None = None,
        output_types: Sequence[str] | None = None,
        auto_reset: str | bool | None = False,
        fill_last_batch: bool | None = None,
        dynamic_shape: bool = False,
        last_batch_padded: bool = False,
        last_batch_policy: LastBatchPolicy = LastBatchPolicy.FILL,
        prepare_first_batch: bool = True,
    ) -> None:
        forms = {"dense": _dense, "sparse_list": _samples, "sparse_coo": _coo}
        tags = ["dense"] * len(output_map) if output_types is None else list(output_types)
        if len(tags) != len(output_map) or not set(tags) <= set(forms):
            raise ArgumentValueError(
                f"output_types = {tags}: one of {list(forms)} is needed for each of {list(output_map)}."
            )
        self._forms = [forms[tag] for tag in tags]
        super().__init__(
            pipelines,
            output_map,
            size,
            reader_name,
            auto_reset,
            fill_last_batch,
            dynamic_shape,
            last_batch_padded,
            last_batch_policy,
            prepare_first_batch,
        )

    def _convert(self, batch: Batch, kept: int) -> dict[str, Any]:
        rows = zip(self.output_map, self._forms, batch, strict=True)
        return {name: form(output, kept) for name, form, output in rows}


def _samples(output: TensorListCPU | TensorListGPU, kept: int) -> list[torch.Tensor]:
    return [to_torch(output[i]) for i in range(kept)]


def _coo(output: TensorListCPU | TensorListGPU, kept: int) -> torch.Tensor:
    samples = _samples(output, kept)
    dtype = to_torch_type[output.dtype]
    if not samples:
        return torch.empty(0, dtype=dtype).to_sparse()
    places = []
    for i, sample in enumerate(samples):
        inside = torch.ones((1, *sample.shape), dtype=torch.bool, device=sample.device).nonzero().t()
        inside[0] = i
        places.append(inside)
    extents = [max(sample.shape[axis] for sample in samples) for axis in range(samples[0].dim())]
    values = torch.cat([sample.reshape(-1) for sample in samples])
    return torch.sparse_coo_tensor(torch.cat(places, 1), values, [kept, *extents], check_invariants=False)
