"""A pipeline as bytes: its graph and its arguments, to be made again elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import _core
from ._insight import Insight
from ._node import DataNode
from .errors import ArgumentValueError


class Serialization(Insight):
    """The part of Pipeline that writes graphs and reads them."""

    _sinks: list[DataNode]

    _SERIALIZED = (
        "num_threads",
        "device_id",
        "exec_pipelined",
        "exec_async",
        "on_error",
        "max_host_bytes",
        "max_gpu_bytes",
        "max_pixels",
    )

    def serialize(self, define_graph: Callable[[], Any] | None = None, filename: str | None = None) -> bytes:
        """The pipeline as bytes (and a file): its graph and its arguments. RuntimeError if it runs Python functions."""
        self.build(define_graph)
        outputs = [self._output(o).value for o in self._outputs or []]
        graph = _core.graph_to_json(outputs, [s.value for s in self._sinks])
        settings = {name: getattr(self, name) for name in self._SERIALIZED}
        settings.update(batch_size=self.max_batch_size, seed=self._seed, prefetch_queue_depth=self._queues[0])
        data = json.dumps({"variegate": 1, "pipeline": settings, "graph": json.loads(graph)}).encode()
        if filename is not None:
            Path(filename).write_bytes(data)
        return data

    @classmethod
    def deserialize(
        cls, serialized_pipeline: bytes | None = None, filename: str | None = None, **kwargs: Any
    ) -> Any:
        """A built pipeline from `serialize`'s bytes or file; `kwargs` win over its arguments. ValueError unless there is one."""
        if (serialized_pipeline is None) == (filename is None):
            raise ArgumentValueError("deserialize takes exactly one of `serialized_pipeline` and `filename`.")
        data = Path(filename).read_bytes() if filename is not None else serialized_pipeline
        settings, graph = cls._unpack(data)
        pipe = cls(**{**settings, **kwargs})
        pipe._load(graph)
        return pipe

    def deserialize_and_build(self, serialized_pipeline: bytes) -> None:
        """Takes over the graph of a serialized pipeline, and builds it."""
        self._load(self._unpack(serialized_pipeline)[1])

    @staticmethod
    def _unpack(data: Any) -> tuple[dict[str, Any], Any]:
        try:
            content = json.loads(bytes(data))
            return content["pipeline"], content["graph"]
        except (ValueError, KeyError, TypeError) as e:
            raise ArgumentValueError("this is no serialized pipeline.") from e

    def _load(self, graph: Any) -> None:
        outputs, sinks = _core.graph_from_json(json.dumps(graph))
        self._outputs, self._sinks = [DataNode(v) for v in outputs], [DataNode(v) for v in sinks]
        self.build()
