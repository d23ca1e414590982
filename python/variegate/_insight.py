"""What a pipeline tells of itself: readers, state, programs, time."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

from . import _core
from ._batch import Batch
from ._node import DataNode
from .errors import DataError, UnknownNameError


class Insight:
    """The part of Pipeline that asks and tells, and runs nothing."""

    _core: _core.Pipeline | None
    _queues: tuple[int, int]
    _outputs: list[Any] | None
    _promises: tuple[Any, Any, Any]
    _restored: bool
    _separated: bool
    _seed: int | None
    enable_checkpointing: bool
    max_batch_size: int | None

    def build(self) -> None:
        raise NotImplementedError

    def _output(self, output: Any) -> DataNode:
        raise NotImplementedError

    # --------------------------------------------------------------------------------------- what readers have
    def epoch_size(self, name: str | None = None) -> Any:
        """Samples of an epoch with padding, of the reader `name`; a dict of all readers without a name."""
        self.build()
        assert self._core is not None
        sizes = {n: m["epoch_size_padded"] for n, m in self._core.readers().items()}
        if name is None:
            return sizes
        if name not in sizes:
            raise UnknownNameError(f"there is no reader named {name!r}; there are {sorted(sizes)}.")
        return sizes[name]

    def reader_meta(self, name: str | None = None) -> Any:
        """Facts of a reader: epoch_size, epoch_size_padded, number_of_shards, shard_id, pad_last_batch, stick_to_shard."""
        self.build()
        assert self._core is not None
        readers = self._core.readers()
        if name is None:
            return readers
        if name not in readers:
            raise UnknownNameError(f"there is no reader named {name!r}; there are {sorted(readers)}.")
        return readers[name]

    # ------------------------------------------------------------------------------------------- state, insight
    def state_dict(self) -> dict[str, Any]:
        """Where the stream stands after the batch returned last: JSON, under 1 kB, valid for another batch size, number of
        threads or number of shards."""
        self.build()
        assert self._core is not None
        return json.loads(self._core.state_dict())

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continues there. ValueError if the state belongs to another seed, other data or other draws."""
        self.build()
        assert self._core is not None
        self._core.load_state_dict(json.dumps(state))

    def checkpoint(self, filename: str | None = None) -> bytes:
        """`state_dict` as bytes, written to a file too if there is a name. RuntimeError unless `enable_checkpointing`."""
        if not self.enable_checkpointing:
            raise DataError("checkpoint: this pipeline was made without enable_checkpointing=True.")
        data = json.dumps(self.state_dict()).encode()
        if filename is not None:
            Path(filename).write_bytes(data)
        return data

    def plan(self, ids: list[int], epoch: int = 0) -> list[Any]:
        """The programs of samples, without touching pixels. RuntimeError if a decision needs pixels."""
        self.build()
        assert self._core is not None
        return self._core.plan(list(ids), epoch)

    def replay(self, sample_id: int, epoch: int = 0) -> Batch:
        """One sample alone, byte-equal to what `run` gives for it. RuntimeError behind a batch operator."""
        self.build()
        assert self._core is not None
        return Batch(self._core.replay(sample_id, epoch))

    def stats(self) -> dict[str, Any]:
        """Seconds spent reading, decoding, on pixels, planning (summed over threads); `workers_idle` (the consumer is the
        limit) and `consumer_waited` (the pipeline is the limit); samples, batches, host_bytes, pinned_bytes; device_bytes, launches, lent_bytes
        (of packed files that the GPU fetches by itself), `submitting` (batches to the GPU), `device_waited` (for its decoder),
        `decoded` (images, by the host, by the GPU and by nvJPEG), `on_host` (operators asked for on the GPU that ran on the host); and the
        limit in a word."""
        if self._core is None:
            return {}
        s = self._core.stats()
        busy = {k: s[k] for k in ("reading", "decoding", "pixels", "planning")}
        total = sum(busy.values()) or 1.0
        s["share"] = {k: v / total for k, v in busy.items()}
        s["limit"] = "consumer" if s["workers_idle"] > total else max(busy, key=lambda k: busy[k])
        return s

    def executor_statistics(self) -> dict[str, Any]:
        """Memory in use, as far as it is counted."""
        stats = self.stats()
        return {
            "host": {"reserved_memory_size": [stats.get("host_bytes", 0)]},
            "device": {"reserved_memory_size": [stats.get("device_bytes", 0)]},
        }

    def save_graph_to_dot_file(self, filename: str, **_: Any) -> None:
        """Writes the graph as a dot file."""
        self.build()
        seen: dict[Any, int] = {}
        lines = ["digraph pipeline {"]
        todo = [n.value for n in map(self._output, self._outputs or [])]
        while todo:
            value = todo.pop()
            if value.order in seen:
                continue
            seen[value.order] = 1
            lines.append(f'  n{value.order} [label="{value.name or value.op}"];')
            for source in value.inputs:
                lines.append(f"  n{source.order} -> n{value.order};")
                todo.append(source)
        Path(filename).write_text("\n".join([*lines, "}"]) + "\n")

    # ----------------------------------------------------------------------------------------------- properties
    @property
    def batch_size(self) -> int | None:
        """As max_batch_size."""
        warnings.warn("batch_size is deprecated; use max_batch_size.", DeprecationWarning, stacklevel=2)
        return self.max_batch_size

    @property
    def seed(self) -> int | None:
        """The seed of all draws without their own."""
        return self._core.seed() if self._core is not None else self._seed

    prefetch_queue_depth = property(
        lambda self: (
            {"cpu_size": self._queues[0], "gpu_size": self._queues[1]} if self._separated else self._queues[0]
        ),
        doc="Batches in flight.",
    )
    cpu_queue_size = property(lambda self: self._queues[0])
    gpu_queue_size = property(lambda self: self._queues[1])
    exec_separated = property(lambda self: self._separated)
    is_restored_from_checkpoint = property(lambda self: self._restored)

    @property
    def num_outputs(self) -> int:
        """Number of outputs."""
        self.build()
        return len(self._outputs or [])

    def output_dtype(self) -> Any:
        """Element types that were promised."""
        return self._promises[0]

    def output_ndim(self) -> Any:
        """Ranks that were promised."""
        return self._promises[1]

    def start_py_workers(self) -> None:
        """Does nothing: there are no worker processes."""

    def external_source_shm_statistics(self) -> dict[str, Any]:
        """Empty: there is no shared memory."""
        return {}
