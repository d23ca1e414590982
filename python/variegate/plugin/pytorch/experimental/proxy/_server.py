"""The side of the proxy that owns the pipeline."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from typing import Any

import torch

from ....._batch import Batch
from ....._pipeline import Pipeline
from .....errors import ArgumentTypeError, DataError, VariegateError
from .....types import PipelineAPIType
from ..._tensors import to_torch
from ._references import BatchInputs, BatchReference, Proxy


class DALIServer:
    """Runs batches of references through a pipeline, in the order in which they are submitted.

    Args:
        pipeline: has external sources with names and without a source (RuntimeError otherwise).
        deterministic: accepted; batches always run in the order in which the consumer gets them.

    `proxy` is called in the workers. There is no thread of Python: the pipeline's own threads work ahead.
    """

    def __init__(self, pipeline: Pipeline, deterministic: bool = False) -> None:
        if not isinstance(pipeline, Pipeline):
            raise ArgumentTypeError(f"DALIServer needs a pipeline; got {type(pipeline).__name__}.")
        pipeline.build()
        fed = [external for _, external in pipeline._externals if external.source is None]
        if not fed or any(not external.name for external in fed):
            raise DataError(
                "DALIServer needs a pipeline with fn.external_source(name=...) without a source, not a deserialized one."
            )
        self._pipe, self._fed = pipeline, fed
        self._key = uuid.uuid4().hex
        self._outputs = pipeline.num_outputs
        self._running: deque[Any] = deque()  # numbers of batches in flight
        self._results: dict[Any, Batch | Exception] = {}
        self._unwanted: set[Any] = set()
        self.deterministic = deterministic

    @property
    def proxy(self) -> Proxy:
        """What workers call with the inputs of a sample."""
        return Proxy(self._key, [external.name for external in self._fed], self._outputs)

    @property
    def depth(self) -> int:
        """How many batches are in flight at most."""
        return max(self._pipe._queues)

    def produce_data(self, obj: Any) -> Any:
        """`obj` with tensors in place of references to batches.

        Looks into lists, tuples, named tuples, dicts and attributes of objects. Errors of the pipeline come out here.
        """
        made: dict[Any, Batch] = {}

        def tensor(reference: BatchReference) -> torch.Tensor:
            number = reference.batch.number
            if number not in made:
                made[number] = self._result(reference.batch)
            return to_torch(made[number][reference.output])

        return replaced(obj, tensor)

    def submit(self, obj: Any) -> list[Any]:
        """Starts the batches that `obj` refers to, and gives their numbers. `produce_data` starts the others."""
        numbers: list[Any] = []

        def start(reference: BatchReference) -> BatchReference:
            if reference.batch.number not in numbers:
                numbers.append(reference.batch.number)
                self._start(reference.batch)
            return reference

        replaced(obj, start)
        return numbers

    def forget(self, numbers: list[Any]) -> None:
        """Nobody will ask for these batches."""
        for number in numbers:
            if self._results.pop(number, None) is None and number in self._running:
                self._unwanted.add(number)

    def start_thread(self) -> None:
        """Accepted; a batch is started when it is submitted."""

    def stop_thread(self) -> None:
        """Drops the batches in flight."""
        while self._running:
            self._take()
        self._results.clear()
        self._unwanted.clear()

    def __enter__(self) -> DALIServer:
        self.start_thread()
        return self

    def __exit__(self, *error: Any) -> None:
        self.stop_thread()

    def _start(self, batch: BatchInputs) -> None:
        if batch.server != self._key:
            raise DataError("this reference belongs to another DALIServer.")
        if batch.number in self._running or batch.number in self._results:
            return
        core = self._pipe._use(PipelineAPIType.ITERATOR)
        try:
            for external in self._fed:
                self._pipe.feed_input(external.name, batch.inputs[external.name].arrays())
            core.schedule_run()
        except VariegateError as e:
            for external in self._fed:
                external.queue.clear()
            self._results[batch.number] = e
            return
        self._running.append(batch.number)

    def _take(self) -> None:
        number = self._running.popleft()
        try:
            result: Batch | Exception = self._pipe._take(self._pipe._use(PipelineAPIType.ITERATOR), None)
        except Exception as e:  # belongs to the batch, whoever asks for it
            result = e
        if number in self._unwanted:
            self._unwanted.remove(number)
        else:
            self._results[number] = result

    def _result(self, batch: BatchInputs) -> Batch:
        self._start(batch)
        while batch.number not in self._results:
            self._take()
        result = self._results.pop(batch.number)
        if isinstance(result, Exception):
            raise result
        return result


def replaced(obj: Any, make: Callable[[BatchReference], Any]) -> Any:
    """`obj` with `make(reference)` in place of references, at any depth. Objects with attributes are changed in place."""
    if isinstance(obj, BatchReference):
        return make(obj)
    if isinstance(obj, torch.Tensor | str | bytes | int | float | bool | None):
        return obj
    if isinstance(obj, dict):
        items = {k: replaced(v, make) for k, v in obj.items()}
        return items if type(obj) is dict else _same_kind(obj, items)
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*(replaced(v, make) for v in obj))
    if isinstance(obj, list | tuple):
        return type(obj)(replaced(v, make) for v in obj)
    for name, value in list(getattr(obj, "__dict__", {}).items()):
        changed = replaced(value, make) if isinstance(value, BatchReference | dict | list | tuple) else value
        if changed is not value:
            setattr(obj, name, changed)
    return obj


def _same_kind(obj: Any, items: dict[Any, Any]) -> Any:
    copy = obj.copy()
    copy.update(items)
    return copy
