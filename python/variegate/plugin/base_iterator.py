"""What the iterators of all frameworks share: arguments, epochs, last batches, checkpoints."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Sequence
from typing import Any

from .._batch import Batch
from .._pipeline import Pipeline
from ..errors import ArgumentValueError, DataError, IteratorRuleError
from ._epochs import Counter, LastBatchPolicy, ReaderCounter, SizeCounter, Stream

__all__ = ["LastBatchPolicy"]
_log = logging.getLogger("variegate")
_AUTO_RESET = {"no": False, False: False, None: False, "yes": True, True: True}


class BaseIterator:
    """Batches of pipelines as a list with one entry per pipeline. Frameworks say in `_convert` what an entry is.

    Args:
        pipelines: one or a list, with equal batch sizes.
        output_map: distinct names, one per output.
        size: samples of an epoch over all pipelines; -1: until the (one) pipeline ends.
        reader_name: the reader whose epochs count, instead of `size` and `last_batch_padded`.
        auto_reset: "yes" or True: the end of an epoch begins the next one.
        fill_last_batch: deprecated; True is FILL, False is PARTIAL.
        dynamic_shape: ignored.
        last_batch_padded: the pipeline repeats samples to fill the last batch of `size`.
        last_batch_policy: what becomes of a last batch that is not full.
        prepare_first_batch: take one batch at once. RuntimeError if there is none.
    """

    def __init__(
        self,
        pipelines: Pipeline | Sequence[Pipeline],
        output_map: Sequence[str],
        size: int = -1,
        reader_name: str | None = None,
        auto_reset: str | bool | None = False,
        fill_last_batch: bool | None = None,
        dynamic_shape: bool = False,
        last_batch_padded: bool = False,
        last_batch_policy: LastBatchPolicy = LastBatchPolicy.FILL,
        prepare_first_batch: bool = True,
    ) -> None:
        pipes = list(pipelines) if isinstance(pipelines, list | tuple) else [pipelines]
        if not pipes or not all(isinstance(p, Pipeline) for p in pipes):
            raise IteratorRuleError("an iterator needs one or several pipelines.")
        if not isinstance(auto_reset, str | bool | None) or auto_reset not in _AUTO_RESET:
            raise ArgumentValueError(f'auto_reset = {auto_reset!r} is not one of "no", "yes", False, True.')
        if fill_last_batch is not None:
            warnings.warn(
                "fill_last_batch is deprecated; use last_batch_policy.", DeprecationWarning, stacklevel=3
            )
            last_batch_policy = LastBatchPolicy.FILL if fill_last_batch else LastBatchPolicy.PARTIAL
        if not isinstance(last_batch_policy, LastBatchPolicy):
            raise ArgumentValueError(f"last_batch_policy = {last_batch_policy!r} is no LastBatchPolicy.")
        for pipe in pipes:
            pipe.build()
        self._check_names(pipes, output_map)
        if len({p.max_batch_size for p in pipes}) > 1:
            raise IteratorRuleError(
                f"the batch sizes of the pipelines differ: {[p.max_batch_size for p in pipes]}."
            )
        counter = self._counter(pipes, size, reader_name, last_batch_policy, last_batch_padded)
        self.output_map = list(output_map)
        self._policy, self._auto_reset = last_batch_policy, _AUTO_RESET[auto_reset]
        self._by_reader, self._pipes = reader_name is not None, pipes
        self._stream = Stream(pipes, counter)
        restored = self._restore()
        self._used = self._stream.ended  # an iterator made again at the end of an epoch begins with a reset
        self._first: Any = None
        self._before: list[dict[str, Any]] | None = None
        if prepare_first_batch and not (restored and counter.step == counter.steps):
            self._before = self._states()
            try:
                self._first = self._step()
            except StopIteration:
                raise DataError("prepare_first_batch: the pipeline gave no batch.") from None

    @staticmethod
    def _check_names(pipes: list[Pipeline], names: Sequence[str]) -> None:
        if len(set(names)) != len(names):
            raise IteratorRuleError(f"output_map = {list(names)}: the names must be distinct.")
        for pipe in pipes:
            if pipe.num_outputs != len(names):
                raise IteratorRuleError(
                    f"output_map = {list(names)} names {len(names)} outputs; the pipeline has {pipe.num_outputs}."
                )

    @staticmethod
    def _counter(
        pipes: list[Pipeline], size: int, reader: str | None, policy: LastBatchPolicy, padded: bool
    ) -> Counter:
        if reader is not None:
            if size != -1 or padded:
                raise IteratorRuleError(
                    "reader_name tells the size and the padding: leave out size and last_batch_padded."
                )
            return ReaderCounter(pipes, reader, policy)
        if size == 0 or size < -1:
            raise IteratorRuleError(f"size = {size}: the size of an epoch is positive, or -1 if unknown.")
        if size > 0:
            warnings.warn(
                "size is deprecated where the pipeline has a reader: name it with reader_name.",
                DeprecationWarning,
                stacklevel=4,
            )
            return SizeCounter(pipes, size, policy, padded)
        if len(pipes) > 1:
            raise IteratorRuleError("size = -1 is for one pipeline; with several, an epoch needs a size.")
        return Counter()

    # ------------------------------------------------------------------------------------------------ iterating
    def _convert(self, batch: Batch, kept: int) -> Any:
        """The first `kept` samples of a batch, as the framework has them."""
        raise NotImplementedError

    def _step(self) -> Any:
        return [self._convert(batch, kept) for batch, kept in self._stream.next()]

    def __iter__(self) -> Any:
        if self._used:
            self.reset()
        return self

    def __next__(self) -> Any:
        self._used = True
        if self._first is not None:
            first, self._first, self._before = self._first, None, None
            return first
        try:
            return self._step()
        except StopIteration:
            if self._auto_reset and self._stream.ended:
                self.reset()
            raise

    next = __next__

    def reset(self) -> None:
        """Begins the next epoch after the end of one. In the middle of an epoch it does nothing but log a warning."""
        if not self._stream.ended:
            if self._used:
                _log.warning("reset() in the middle of an epoch is ignored: take its batches first.")
            return
        self._stream.reset()
        self._used = False

    # --------------------------------------------------------------------------------------------------- asking
    @property
    def size(self) -> int:
        """Samples of an epoch in one shard; -1 if not known."""
        samples = self._stream.counter.samples
        return -1 if samples is None else samples

    @property
    def batch_size(self) -> int:
        """Samples of a batch of one pipeline, at most."""
        return int(self._pipes[0].max_batch_size or 0)

    def __len__(self) -> int:
        if self.size < 0:
            raise TypeError("the length is not known: the iterator has neither reader_name nor size.")
        batch = self.batch_size * (1 if self._by_reader else len(self._pipes))
        return self.size // batch if self._policy == LastBatchPolicy.DROP else -(-self.size // batch)

    # ---------------------------------------------------------------------------------------------- checkpoints
    def _states(self) -> list[dict[str, Any]]:
        own = self._stream.state()
        return [{**pipe.state_dict(), "iterator": own} for pipe in self._pipes]

    def checkpoints(self) -> list[bytes]:
        """A checkpoint per pipeline: make the pipelines again with them, then the iterator. ValueError unless all pipelines
        have enable_checkpointing."""
        if not all(p.enable_checkpointing for p in self._pipes):
            raise ArgumentValueError(
                "checkpoints: the pipelines were made without enable_checkpointing=True."
            )
        states = self._states() if self._before is None else self._before
        return [json.dumps(state).encode() for state in states]

    def _restore(self) -> bool:
        """Whether it goes on where another iterator was."""
        restored = [p for p in self._pipes if p.is_restored_from_checkpoint]
        if not restored:
            return False
        if len(restored) < len(self._pipes):
            _log.warning("some pipelines were made from checkpoints and some were not.")
        saved = [json.loads(bytes(p._checkpoint)).get("iterator") for p in restored]
        if saved[0] is None:
            return False  # checkpoints of the pipelines themselves
        if any(s != saved[0] for s in saved):
            raise ArgumentValueError("the checkpoints belong to different moments of their iterators.")
        self._stream.load(saved[0])
        return True
