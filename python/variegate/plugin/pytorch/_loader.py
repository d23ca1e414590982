"""Loader: a pipeline that is used like torch's DataLoader."""

from __future__ import annotations

import os
from collections import namedtuple
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from ..._batch import Batch
from ..._pipeline import Pipeline
from ...errors import ArgumentTypeError, ArgumentValueError, DataError
from .._epochs import Counter, LastBatchPolicy, ReaderCounter, SizeCounter, Stream
from ._pinned import Held, device_to_pin_for
from ._tensors import to_torch

_DEFAULT_NAMES = {1: ("data",), 2: ("data", "label")}


def process_shard() -> tuple[int, int]:
    """Rank and number of processes: of torch.distributed, or of torchrun's environment; (0, 1) without them."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    return int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


_agreements = 0  # of this process; all processes make their loaders in one order


def agreed_seed(seed: int | None) -> int | None:
    """The seed of the process that came first, through torch.distributed's store; None without one and without `seed`.

    Asks nobody to wait: a process that makes no loader stops none that does. ValueError if `seed` is another one.
    """
    global _agreements
    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        return seed
    store = torch.distributed.distributed_c10d._get_default_store()
    key, _agreements = f"variegate/seed/{_agreements}", _agreements + 1
    mine = int.from_bytes(os.urandom(7), "little") if seed is None else seed
    first = int(store.compare_set(key, "", str(mine)))
    if seed is not None and first != seed:
        raise ArgumentValueError(
            f"this process has the seed {seed}, another one {first}: it decides who reads what, and must be the same in all."
        )
    return first


class _Loop:
    """One pass over a Loader. After an error it goes on with the next batch."""

    def __init__(self, loader: Loader) -> None:
        self._loader, self._ended = loader, False

    def __iter__(self) -> _Loop:
        return self

    def __next__(self) -> Any:
        if self._ended:
            raise StopIteration
        try:
            return self._loader._step(self)
        except StopIteration:
            self._ended = True
            raise


class Loader:
    """The epochs of a pipeline, one per `for` loop, as named tuples of tensors.

        loader = Loader(train("photos", batch_size=64, num_threads=4, seed=1))
        for epoch in range(90):
            for images, labels in loader: ...

    Tensors lie where their outputs are, on the host or on a GPU, and share the batch's memory. The next batches are made
    meanwhile, also those of the next epoch. Leaving a loop early gives up the rest of that epoch.

    With several processes (torchrun, torch.distributed) each reads its shard, unless the pipeline's reader was given shard_id
    or num_shards, and all take equally many steps.

    Args:
        pipeline: not run before. With several processes its seed is the same in all: seeds that differ are a ValueError where
            torch.distributed is initialised. Without a seed they agree on one there, if the pipeline is not built yet.
        output_map: names of the outputs; default: "data", "label".
        reader_name: the reader whose epochs count; default: the first one. Without a reader, an epoch is `size` samples, or
            ends with the source (`len` is a TypeError then).
        size: samples of an epoch in this process, of a pipeline without a reader.
        last_batch_policy: default: every sample once an epoch, which is PARTIAL if the reader pads, else FILL: the last batch
            is filled with the first samples of the next epoch.
        shard: "auto", or (shard_id, num_shards), or None: each process reads everything.
        pin_memory: outputs on the host lie in pinned memory (pieces of 64 KiB and more), so that `.to("cuda",
            non_blocking=True)` runs beside the host. Copies must be started before the next step is asked for, on the stream
            that is current then, or on one that it waits for. For a pipeline that is not built yet; without a GPU it does nothing.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        output_map: Sequence[str] | None = None,
        *,
        reader_name: str | None = None,
        size: int | None = None,
        last_batch_policy: LastBatchPolicy | None = None,
        shard: str | tuple[int, int] | None = "auto",
        pin_memory: bool = False,
    ) -> None:
        if not isinstance(pipeline, Pipeline):
            raise ArgumentTypeError(f"Loader needs a pipeline; got {type(pipeline).__name__}.")
        if last_batch_policy is not None and not isinstance(last_batch_policy, LastBatchPolicy):
            raise ArgumentValueError(f"last_batch_policy = {last_batch_policy!r} is no LastBatchPolicy.")
        self._agree(pipeline, shard)
        if pin_memory:
            if pipeline._core is not None:
                raise ArgumentValueError("pin_memory=True needs a pipeline that is not built yet.")
            pipeline._pin_for = device_to_pin_for()
        self._held = Held() if pipeline._pin_for >= 0 else None
        pipeline.build()
        names = _DEFAULT_NAMES.get(pipeline.num_outputs) if output_map is None else tuple(output_map)
        if names is None or len(names) != pipeline.num_outputs:
            raise ArgumentValueError(
                f"output_map = {output_map}: the pipeline's {pipeline.num_outputs} outputs need a name each."
            )
        self._tuple = namedtuple("Outputs", names)  # type: ignore[misc]
        self._set_shard(pipeline, shard)
        self.pipeline = pipeline
        self._stream = Stream([pipeline], self._counter(pipeline, reader_name, size, last_batch_policy))
        self._turn: _Loop | None = None  # the loop that goes on
        self._fresh = True
        #: The batch that was given last: its programs, sample numbers, errors.
        self.last: Batch | None = None

    @staticmethod
    def _agree(pipe: Pipeline, shard: Any) -> None:
        if shard != "auto" or process_shard()[1] == 1 or (pipe._seed is None and pipe._core is not None):
            return
        pipe._seed = agreed_seed(pipe._seed)

    @staticmethod
    def _set_shard(pipe: Pipeline, shard: Any) -> None:
        if shard is None:
            return
        if shard != "auto" and not (isinstance(shard, tuple) and len(shard) == 2):
            raise ArgumentValueError(f'shard = {shard!r} is not "auto", (shard_id, num_shards) or None.')
        rank, count = process_shard() if shard == "auto" else shard
        if count == 1:
            return
        if pipe._seed is None:
            raise ArgumentValueError(
                f"{count} processes need a pipeline with a seed, the same in all: it decides who reads what. Without one they "
                "agree only if torch.distributed is initialised before, and the pipeline is not built."
            )
        assert pipe._core is not None
        pipe._core.set_shard(rank, count)

    @staticmethod
    def _counter(
        pipe: Pipeline, reader: str | None, size: int | None, policy: LastBatchPolicy | None
    ) -> Counter:
        readers = pipe.reader_meta()
        if size is not None:
            if reader is not None or size <= 0:
                raise ArgumentValueError(
                    f"size = {size}: a positive number, for a pipeline without a reader."
                )
            return SizeCounter([pipe], size, policy or LastBatchPolicy.FILL)
        if reader is None and not readers:
            return Counter()
        reader = next(iter(readers)) if reader is None else reader
        if policy is None:
            padded = pipe.reader_meta(reader)["pad_last_batch"]
            policy = LastBatchPolicy.PARTIAL if padded else LastBatchPolicy.FILL
        return ReaderCounter([pipe], reader, policy)

    def __iter__(self) -> Iterator[Any]:
        """The rest of the epoch after `load_state_dict`, else an epoch from its beginning."""
        stream = self._stream
        if stream.ended:
            stream.reset()
        elif not self._fresh:
            stream.leave_epoch()
        self._fresh = True
        self._turn = loop = _Loop(self)
        return loop

    def _step(self, loop: _Loop) -> Any:
        if self._turn is not loop:
            raise DataError("another loop over this Loader has begun: a pipeline has one position.")
        self._fresh = False
        if self._held is not None and self.last is not None:
            self._held.keep(self.last)
        try:
            ((batch, kept),) = self._stream.next()
        except StopIteration:
            self._stream.reset()  # the state is that of the next epoch from now on
            self._turn, self._fresh = None, True
            raise
        self.last = batch
        tensors = map(to_torch, batch)
        return self._tuple(*(t if kept == len(batch[0]) else t[:kept] for t in tensors))

    def __len__(self) -> int:
        """Steps of the epoch; equal in all processes. TypeError if only the source knows."""
        steps = self._stream.counter.steps
        if steps is None:
            raise TypeError(
                "the number of steps is not known: the pipeline has no reader, and no size was given."
            )
        return steps

    @property
    def epoch(self) -> int:
        """The epoch that goes on, or is next."""
        return self._stream.counter.epoch

    @property
    def batch_size(self) -> int:
        """Samples of a batch, at most."""
        return int(self.pipeline.max_batch_size or 0)

    def state_dict(self) -> dict[str, Any]:
        """Where the loop stands after the batch that it got last: JSON, under 1 kB, equal in all processes, valid for another
        batch size, number of threads or number of processes."""
        return {**self._stream.state(), "pipeline": self.pipeline.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The next loop goes on there. ValueError if the state belongs to another pipeline."""
        if not isinstance(state, dict) or "pipeline" not in state:
            raise ArgumentValueError("load_state_dict: this is not a state of a Loader.")
        self.pipeline.load_state_dict(state["pipeline"])
        self._stream.load({k: v for k, v in state.items() if k != "pipeline"})
        self._turn, self._fresh = None, True

    def close(self) -> None:
        """Ends the pipeline's threads. Tensors that are held stay valid."""
        if self._held is not None and self.last is not None:
            self._held.keep(self.last)
            self._held.end()
        self.pipeline.close()

    def __enter__(self) -> Loader:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()
