"""What stands for the results of a pipeline while samples travel from workers to the main process."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.utils.data import get_worker_info
from torch.utils.data._utils.collate import default_collate_fn_map

from .....errors import ArgumentValueError, DataError

_numbers = itertools.count()


class _Sample:
    """The inputs of one sample, and the batch that it went into."""

    def __init__(self, server: str, inputs: dict[str, Any]) -> None:
        self.server, self.inputs = server, inputs
        self.batch: BatchInputs | None = None
        self.place = -1


class SampleReference:
    """Stands for one output of one sample."""

    def __init__(self, sample: _Sample, output: int) -> None:
        self.sample, self.output = sample, output


class _Packed:
    """Arrays in one piece of memory, which travels between processes without a copy."""

    def __init__(self, arrays: Sequence[Any]) -> None:
        whole = [np.asarray(_array(a), order="C") for a in arrays]
        self._kinds = [(a.shape, a.dtype, a.nbytes) for a in whole]
        self._bytes = torch.empty(sum(a.nbytes for a in whole), dtype=torch.uint8)
        if get_worker_info() is not None:
            self._bytes.share_memory_()
        target, at = self._bytes.numpy(), 0
        for a in whole:
            target[at : at + a.nbytes] = a.reshape(-1).view(np.uint8)
            at += a.nbytes

    def arrays(self) -> list[np.ndarray]:
        """The arrays, in this memory."""
        source, at, found = self._bytes.numpy(), 0, []
        for shape, dtype, nbytes in self._kinds:
            found.append(source[at : at + nbytes].view(dtype).reshape(shape))
            at += nbytes
        return found


def _array(value: Any) -> np.ndarray:
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().numpy()
    if isinstance(value, bytes | bytearray | memoryview):
        return np.frombuffer(value, np.uint8)
    return np.asarray(value)


class BatchInputs:
    """The inputs of a batch, by the names of the external sources."""

    def __init__(self, samples: Sequence[_Sample]) -> None:
        self.server, self.size = samples[0].server, len(samples)
        self.number = (os.getpid(), next(_numbers))
        self.inputs = {name: _Packed([s.inputs[name] for s in samples]) for name in samples[0].inputs}


class BatchReference:
    """Stands for one output of one batch; `DALIServer.produce_data` puts the tensor in its place."""

    def __init__(self, batch: BatchInputs, output: int) -> None:
        self.batch, self.output = batch, output


def collate(references: Sequence[SampleReference], *, collate_fn_map: Any = None) -> BatchReference:
    """References to one output of several samples become one to that of their batch.

    RuntimeError if the samples are not, whole and in order, those of the other outputs' batch.
    """
    samples = [r.sample for r in references]
    if all(s.batch is None for s in samples):
        batch = BatchInputs(samples)
        for place, sample in enumerate(samples):
            sample.batch, sample.place, sample.inputs = batch, place, {}
    known = samples[0].batch
    together = known is not None and len(samples) == known.size
    if not together or any(s.batch is not known or s.place != i for i, s in enumerate(samples)):
        raise DataError(
            "the samples of a batch must come whole and in order, for every output of the pipeline."
        )
    if len({r.output for r in references}) > 1:
        raise DataError("references to different outputs of a pipeline cannot be one batch.")
    assert known is not None
    return BatchReference(known, references[0].output)


default_collate_fn_map[SampleReference] = collate


class Proxy:
    """Called with the inputs of a sample, by the names of the external sources; gives a reference per output.

    It can be sent to other processes. ValueError for other inputs than the pipeline has.
    """

    def __init__(self, server: str, names: Sequence[str], outputs: int) -> None:
        self._server, self._names, self._outputs = server, list(names), outputs

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and len(self._names) == 1 and not kwargs:
            kwargs = {self._names[0]: args[0]}
        elif args or set(kwargs) != set(self._names):
            wanted = ", ".join(f"{n}=..." for n in self._names)
            raise ArgumentValueError(
                f"the proxy takes ({wanted}); got {len(args)} positional arguments and {sorted(kwargs)}."
            )
        sample = _Sample(self._server, kwargs)
        references = tuple(SampleReference(sample, o) for o in range(self._outputs))
        return references[0] if self._outputs == 1 else references
