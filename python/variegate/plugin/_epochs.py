"""Where epochs begin and end, and what becomes of their last batches. Knows no framework.

A `Stream` takes batches from one or several pipelines in step. How long an epoch is comes from one of three counters: of a
reader, of a number of samples, or of a source that ends. All ranks count the same steps.
"""

from __future__ import annotations

import enum
from typing import Any

from .. import types
from .._batch import Batch
from .._pipeline import Pipeline
from ..errors import ArgumentValueError, IteratorRuleError, UnknownNameError, VariegateError


class LastBatchPolicy(enum.Enum):
    """What becomes of the last batch of an epoch if it is not full of the epoch's samples.

    FILL: it is filled, with padding if the reader pads, else with samples of the next epoch. DROP: it is left out.
    PARTIAL: it is cut.
    """

    FILL = 0
    DROP = 1
    PARTIAL = 2


class Counter:
    """Counts the steps of epochs. This one is for sources that end by themselves.

    `epoch`, `step`: the epoch, and how many of its steps were taken. `steps`: how many it has; None if nobody knows.
    `dropped`: batches to pass over after them.
    """

    samples: int | None = None  # of an epoch, for one process
    counts = False  # whether `steps` is known, so that batches must be full

    def __init__(self) -> None:
        self.epoch = self.step = self.dropped = 0
        self.steps: int | None = None

    def begin(self) -> None:
        """Counts what is left of the epoch: when it begins, and when pipelines went elsewhere."""

    def took(self) -> None:
        """A step was taken."""
        self.step += 1

    def next_epoch(self) -> None:
        """The epoch has ended for all."""
        self.epoch, self.step = self.epoch + 1, 0

    def kept(self, pipeline: int, batch: Batch) -> int:
        """How many of a batch's samples belong to the epoch, from its beginning."""
        return len(batch[0])

    def state(self) -> dict[str, Any]:
        """Where it stands, for JSON."""
        return {"epoch": self.epoch, "step": self.step}

    def load(self, state: dict[str, Any]) -> None:
        """Goes on there. ValueError for anything but a state."""
        numbers = {key: state.get(key) for key in self.state()}
        if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in numbers.values()):
            raise ArgumentValueError(f"the state of the iterator is damaged: {state!r}.")
        self.__dict__.update(numbers)


class _KnownCounter(Counter):
    counts = True

    def __init__(self, policy: LastBatchPolicy, batch: int, padded: bool) -> None:
        super().__init__()
        self._policy, self._batch, self._padded = policy, batch, padded

    def _left(self) -> tuple[int, int]:
        """Samples left: of the rank with the fewest, and of the one with the most."""
        raise NotImplementedError

    def begin(self) -> None:
        fewest, most = self._left()
        all_of_them = -(-most // self._batch)
        given = fewest // self._batch if self._policy == LastBatchPolicy.DROP else all_of_them
        self.steps, self.dropped = self.step + given, all_of_them - given


class ReaderCounter(_KnownCounter):
    """Epochs of a reader. With several ranks, the one with the most samples decides, so that all take equal steps."""

    def __init__(self, pipelines: list[Pipeline], reader: str, policy: LastBatchPolicy) -> None:
        metas = [_meta(pipe, reader) for pipe in pipelines]
        same = ("epoch_size", "number_of_shards", "pad_last_batch", "stick_to_shard")
        for key in same:
            if len({meta[key] for meta in metas}) > 1:
                raise IteratorRuleError(
                    f"the readers named {reader!r} differ in {key}: {[m[key] for m in metas]}."
                )
        assert pipelines[0].max_batch_size
        super().__init__(policy, pipelines[0].max_batch_size, bool(metas[0]["pad_last_batch"]))
        self._pipe, self._reader = pipelines[0], reader
        self.epoch = self._core.epoch_left(reader)[0]

    @property
    def _core(self) -> Any:
        self._pipe.build()
        return self._pipe._core

    def _left(self) -> tuple[int, int]:
        _, fewest, most = self._core.epoch_left(self._reader, self.epoch)
        return fewest, most

    def next_epoch(self) -> None:
        super().next_epoch()
        # A batch larger than the data set reaches over whole epochs.
        self.epoch = max(self.epoch, self._core.epoch_left(self._reader)[0])

    def begin(self) -> None:
        super().begin()
        fewest, most = self._left()
        taken, left = self.step * self._batch, -(-most // self._batch) * self._batch
        if self._policy == LastBatchPolicy.DROP:
            self.samples = taken + fewest
        else:
            self.samples = taken + (most if self._padded else left)

    def kept(self, pipeline: int, batch: Batch) -> int:
        if self._policy != LastBatchPolicy.PARTIAL:
            return len(batch[0])
        return sum(
            epoch == self.epoch and not padding
            for epoch, padding in zip(batch.epochs, batch.is_padding, strict=True)
        )


class SizeCounter(_KnownCounter):
    """Epochs of `size` samples over all pipelines of this process, of sources that do not tell where theirs end.

    `padded`: they begin an epoch with a batch; else what fills the last batch is the beginning of the next epoch.
    """

    def __init__(
        self, pipelines: list[Pipeline], size: int, policy: LastBatchPolicy, padded: bool = False
    ) -> None:
        assert pipelines[0].max_batch_size
        self._one = pipelines[0].max_batch_size
        super().__init__(policy, self._one * len(pipelines), padded)
        self.samples, self.taken = size, 0

    def _left(self) -> tuple[int, int]:
        assert self.samples is not None
        left = max(0, self.samples - self.taken)
        return left, left

    def took(self) -> None:
        super().took()
        self.taken += self._batch

    def next_epoch(self) -> None:
        super().next_epoch()
        assert self.samples is not None
        self.taken = 0 if self._padded else max(0, self.taken - self.samples)

    def kept(self, pipeline: int, batch: Batch) -> int:
        if self._policy != LastBatchPolicy.PARTIAL:
            return len(batch[0])
        return min(len(batch[0]), max(0, self._left()[0] - pipeline * self._one))

    def state(self) -> dict[str, Any]:
        return {**super().state(), "taken": self.taken}


def _meta(pipe: Pipeline, reader: str) -> dict[str, Any]:
    try:
        return pipe.reader_meta(reader)
    except UnknownNameError as e:
        raise UnknownNameError(f"reader_name: {e}") from None


class Stream:
    """Batches of one or several pipelines in step, epoch by epoch."""

    def __init__(self, pipelines: list[Pipeline], counter: Counter) -> None:
        self.pipelines, self.counter = pipelines, counter
        for pipe in pipelines:
            pipe._use(types.PipelineAPIType.ITERATOR)
        self.ended = False
        counter.begin()

    def next(self) -> list[tuple[Batch, int]]:
        """A batch per pipeline, and how many of its samples count. StopIteration at the end of the epoch."""
        counter = self.counter
        if self.ended:
            raise StopIteration
        if counter.steps is not None and counter.step >= counter.steps:
            while counter.dropped > 0:
                counter.dropped -= 1
                self._take()
                counter.took()
            self.ended = True
            raise StopIteration
        try:
            batches = self._take()
        except StopIteration:
            self.ended = True
            raise
        except VariegateError:
            counter.took()  # the batch is lost, the epoch goes on
            counter.begin()
            raise
        if counter.counts:
            self._check_full(batches)
        kept = [(batch, counter.kept(i, batch)) for i, batch in enumerate(batches)]
        counter.took()
        return kept

    def reset(self) -> None:
        """Begins the next epoch, after the end of one."""
        for pipe in self.pipelines:
            pipe.reset()
        self.ended = False
        self.counter.next_epoch()
        self.counter.begin()

    def leave_epoch(self) -> None:
        """Begins the next epoch in the middle of one. What was prefetched is dropped."""
        self.counter.next_epoch()
        for pipe in self.pipelines:
            pipe.build()
            assert pipe._core is not None
            pipe._core.begin_epoch(self.counter.epoch)
            pipe._ended = False
        if isinstance(self.counter, SizeCounter):
            self.counter.taken = 0
        self.ended = False
        self.counter.begin()

    def state(self) -> dict[str, Any]:
        """Where the epochs stand; the pipelines have states of their own."""
        return {**self.counter.state(), "ended": self.ended}

    def load(self, state: Any) -> None:
        """Goes on at a state, when the pipelines have gone there."""
        if not isinstance(state, dict) or not isinstance(state.get("ended"), bool):
            raise ArgumentValueError(f"the state of the iterator is damaged: {state!r}.")
        self.counter.load(state)
        self.ended = state["ended"]
        self.counter.begin()

    def _take(self) -> list[Batch]:
        batches, failure = [], None
        for pipe in self.pipelines:
            core = pipe._use(types.PipelineAPIType.ITERATOR)
            try:
                batches.append(pipe._next(core))
            except Exception as e:  # the others stay in step
                failure = failure or e
        if failure is not None:
            raise failure
        return batches

    def _check_full(self, batches: list[Batch]) -> None:
        for pipe, batch in zip(self.pipelines, batches, strict=True):
            if len(batch[0]) < (pipe.max_batch_size or 0) and pipe.on_error != "skip":
                raise IteratorRuleError(
                    f"a batch of {len(batch[0])} samples came, the pipeline's batch_size is {pipe.max_batch_size}: with "
                    "reader_name or size all batches must be full; leave both out for a source that ends by itself."
                )
