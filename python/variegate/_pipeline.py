"""The pipeline: a graph and the threads that run it."""

from __future__ import annotations

import atexit
import json
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from . import _conditionals, _core, types
from ._batch import Batch
from ._cuda import stream_number
from ._fork import leave_to_parent
from ._hooks import Hooks
from ._node import DataNode, to_node
from ._placement import place
from ._serialization import Serialization
from .errors import ArgumentTypeError, ArgumentValueError, DataError, GraphError, UnknownNameError

_conditionals.set_hooks(Hooks())
_current = threading.local()
_alive: weakref.WeakSet[Pipeline] = weakref.WeakSet()
leave_to_parent(_alive)


def note_external(value: _core.Value, external: Any) -> None:
    """Remembers which source a node belongs to, for `feed_input`."""
    stack = getattr(_current, "stack", None)
    if stack:
        stack[-1]._externals.append((value, external))


@atexit.register
def _close_all() -> None:
    """No thread of ours may run when the interpreter goes."""
    for pipe in list(_alive):
        pipe.close()


def _check_outputs(kind: str, value: Any, allowed: Any) -> None:
    for v in value if isinstance(value, list | tuple) else [value]:
        if v is None:
            continue
        if not isinstance(v, allowed) or isinstance(v, bool):
            raise ArgumentTypeError(
                f"{kind} must be of type {getattr(allowed, '__name__', allowed)} (or a list of them, with None for "
                f"anything); got {v!r}."
            )
        if kind == "output_dtype" and v == types.DALIDataType.NO_TYPE:
            raise ArgumentValueError("output_dtype = NO_TYPE promises nothing; use None for any type.")
        if kind == "output_ndim" and v < 0:
            raise ArgumentValueError(f"output_ndim = {v} is negative.")


class Pipeline(Serialization):
    """A graph and the threads that run it.

    Args:
        batch_size: samples of a batch, at most. ValueError at build if missing.
        num_threads: CPU threads. TypeError at build if missing.
        device_id: None: the current GPU if the graph asks for one and one is usable, else the host, with a warning;
            a number: that GPU, or RuntimeError; `types.CPU_ONLY_DEVICE_ID`: the host.
        seed: of all draws without their own. None: from the clock. Equal seeds give equal samples, whatever the batch size,
            the number of threads or the rank.
        prefetch_queue_depth: batches in flight; a dict with "cpu_size" and "gpu_size" is accepted.
        on_error: "raise" (default), "skip", "replace" or "blank": what happens to a sample that cannot be read or decoded.
        max_host_bytes, max_gpu_bytes: ceilings for the memory of pixels; 0: none. MemoryError above them.
        max_pixels: images with more pixels fail, from their header.
        output_dtype, output_ndim, output_layout: promised of the outputs, checked at run (RuntimeError).
        enable_checkpointing, checkpoint: `checkpoint()` gives bytes; a pipeline made with them continues there.
    The remaining arguments are those of DALI; they are accepted and have no effect here.
    """

    def __init__(
        self,
        batch_size: int | None = None,
        num_threads: int | None = None,
        device_id: int | None = None,
        seed: int | None = None,
        exec_pipelined: bool = True,
        prefetch_queue_depth: Any = 2,
        exec_async: bool = True,
        bytes_per_sample: int = 0,
        set_affinity: bool = False,
        max_streams: Any = None,
        default_cuda_stream_priority: Any = None,
        *,
        enable_memory_stats: bool = False,
        enable_checkpointing: bool = False,
        checkpoint: Any = None,
        py_num_workers: int = 1,
        py_start_method: str = "fork",
        py_callback_pickler: Any = None,
        output_dtype: Any = None,
        output_ndim: Any = None,
        output_layout: Any = None,
        exec_dynamic: bool | None = None,
        experimental_exec_dynamic: bool | None = None,
        stream_policy: Any = None,
        concurrency: Any = None,
        on_error: str = "raise",
        max_host_bytes: int = 0,
        max_gpu_bytes: int = 0,
        max_pixels: int = 1 << 28,
    ) -> None:
        if isinstance(prefetch_queue_depth, dict):
            if not {"cpu_size", "gpu_size"} <= set(prefetch_queue_depth):
                raise ArgumentTypeError(
                    "prefetch_queue_depth: a dict needs the keys `cpu_size` and `gpu_size`."
                )
            if not exec_async:
                raise ArgumentValueError("prefetch_queue_depth: separated queues need exec_async = True.")
            self._queues = (prefetch_queue_depth["cpu_size"], prefetch_queue_depth["gpu_size"])
        elif isinstance(prefetch_queue_depth, int) and not isinstance(prefetch_queue_depth, bool):
            self._queues = (prefetch_queue_depth, prefetch_queue_depth)
        else:
            raise ArgumentTypeError(
                f"prefetch_queue_depth must be an int or a dict; got {type(prefetch_queue_depth).__name__}."
            )
        if seed is not None and seed < 0:
            warnings.warn(
                f"seed = {seed}: negative seeds are deprecated; use None for a seed from the clock.",
                DeprecationWarning,
                stacklevel=2,
            )
            seed = None
        if py_callback_pickler is not None and py_start_method == "fork":
            raise ArgumentValueError(
                'py_callback_pickler is for py_start_method = "spawn" only, not for "fork".'
            )
        _check_outputs("output_dtype", output_dtype, types.DALIDataType)
        _check_outputs("output_ndim", output_ndim, int)
        _check_outputs("output_layout", output_layout, str)
        if on_error not in ("raise", "skip", "replace", "blank"):
            raise ArgumentValueError(
                f'on_error = {on_error!r} is not one of "raise", "skip", "replace", "blank".'
            )
        self.max_batch_size, self.num_threads, self.device_id = batch_size, num_threads, device_id
        self._seed, self._separated = seed, isinstance(prefetch_queue_depth, dict)
        self._pin_for = -1  # GPU to which a loader will have outputs of the host copied
        self.exec_pipelined, self.exec_async, self.set_affinity = exec_pipelined, exec_async, set_affinity
        self.bytes_per_sample, self.max_streams = bytes_per_sample, max_streams
        self.default_cuda_stream_priority = default_cuda_stream_priority
        self.enable_memory_stats, self.enable_checkpointing, self._checkpoint = (
            enable_memory_stats,
            enable_checkpointing,
            checkpoint,
        )
        self.py_num_workers, self.py_start_method, self.py_callback_pickler = (
            py_num_workers,
            py_start_method,
            py_callback_pickler,
        )
        self._promises = (output_dtype, output_ndim, output_layout)
        dynamic = exec_dynamic if exec_dynamic is not None else experimental_exec_dynamic
        self.exec_dynamic = (
            (exec_pipelined and exec_async and not self._separated) if dynamic is None else dynamic
        )
        self.stream_policy = stream_policy or types.StreamPolicy.PER_BACKEND
        self.concurrency = concurrency or types.OperatorConcurrency.BACKEND
        self.on_error, self.max_host_bytes, self.max_gpu_bytes, self.max_pixels = (
            on_error,
            max_host_bytes,
            max_gpu_bytes,
            max_pixels,
        )
        self._outputs: list[Any] | None = None
        self._sinks: list[DataNode] = []
        self._core: _core.Pipeline | None = None
        self._device = -1
        self._externals: list[tuple[_core.Value, Any]] = []
        self._api: types.PipelineAPIType | None = None
        self._shared: list[Batch] = []
        self._ended = self._closed = False
        self._restored = checkpoint is not None

    # ----------------------------------------------------------------------------------------------- describing
    @staticmethod
    def current() -> Pipeline | None:
        """The pipeline whose graph is being described; None if there is none."""
        stack = getattr(_current, "stack", None)
        return stack[-1] if stack else None

    def __enter__(self) -> Pipeline:
        if not hasattr(_current, "stack"):
            _current.stack = []
        _current.stack.append(self)
        return self

    def __exit__(self, *error: Any) -> None:
        _current.stack.pop()
        if self._core is not None and self._api is not None:
            self.close()  # `with pipe:` around runs; around a description it only ends the description

    def define_graph(self) -> Any:
        """Describes the graph: for subclasses. The nodes that it returns are the outputs."""
        if self._outputs is None:
            raise GraphError("this pipeline has no outputs: call set_outputs, or define define_graph")
        return tuple(self._outputs)

    def set_outputs(self, *nodes: Any) -> None:
        """Says what `run` gives: nodes, or plain values as constants."""
        self._outputs = list(nodes)

    def add_sink(self, node: DataNode) -> None:
        """Keeps a node that no output needs."""
        self._sinks.append(node)

    def iter_setup(self) -> None:
        """Called before each batch: for subclasses, which feed their inputs here."""

    def build(self, define_graph: Callable[[], Any] | None = None) -> None:
        """Compiles the graph. NotImplementedError without outputs, TypeError for outputs that are no nodes."""
        self._usable()
        if self._core is not None:
            return
        if self._outputs is None:
            with self:
                outputs = (define_graph or self.define_graph)()
            self._outputs = (
                [] if outputs is None else list(outputs) if isinstance(outputs, tuple | list) else [outputs]
            )
        nodes = [self._output(o) for o in self._outputs]
        if not nodes and not self._sinks:
            raise GraphError("a pipeline without outputs cannot be built: return at least one node")
        if self.max_batch_size is None or self.max_batch_size <= 0:
            raise ArgumentValueError(
                f"batch_size = {self.max_batch_size}: the pipeline needs a positive batch_size."
            )
        if self.num_threads is None or self.num_threads <= 0:
            raise ArgumentTypeError(
                f"num_threads = {self.num_threads}: the pipeline needs a positive num_threads."
            )
        self._check_promises(len(nodes))
        self._device = place([n.value for n in [*nodes, *self._sinks]], self.device_id)
        depth = max(self._queues) if self.exec_pipelined else 1
        core = _core.Pipeline(
            batch_size=int(self.max_batch_size),
            num_threads=int(self.num_threads),
            seed=self._seed,
            prefetch_queue_depth=depth,
            on_error=self.on_error,
            max_host_bytes=self.max_host_bytes,
            max_pixels=self.max_pixels,
            record_programs=True,
            device_id=self._device,
            max_gpu_bytes=self.max_gpu_bytes,
            pin_for=self._pin_for,
        )
        core.set_outputs([n.value for n in nodes])
        for sink in self._sinks:
            core.add_sink(sink.value)
        core.build()
        for text in core.warnings():
            warnings.warn(text, UserWarning, stacklevel=3)
        for _, external in self._externals:
            external.placed_on(self._device)
        self._core = core
        _alive.add(self)
        if self._checkpoint is not None:
            state = self._checkpoint
            self.load_state_dict(json.loads(state if isinstance(state, str) else bytes(state).decode()))

    def _output(self, output: Any) -> DataNode:
        if isinstance(output, DataNode):
            return output
        if isinstance(output, list | tuple) and any(isinstance(x, DataNode | list | tuple) for x in output):
            raise ArgumentTypeError(
                "Illegal pipeline output type: a nested list of nodes. Return the nodes one by one."
            )
        try:
            return to_node(output)
        except TypeError as e:
            raise ArgumentTypeError(
                f"Illegal pipeline output type: {type(output).__name__}. Outputs are nodes, or values that "
                "can be constants."
            ) from e

    def _check_promises(self, n: int) -> None:
        for name, value in zip(("output_dtype", "output_ndim", "output_layout"), self._promises, strict=True):
            if isinstance(value, list | tuple) and len(value) != n:
                raise DataError(f"{name} has {len(value)} entries; the pipeline has {n} outputs.")

    # ------------------------------------------------------------------------------------------------- running
    def _usable(self) -> None:
        if self._closed:
            raise DataError("this pipeline is closed.")

    def _use(self, api: types.PipelineAPIType) -> _core.Pipeline:
        self._usable()
        if self._api is not None and self._api != api:
            raise DataError(
                f"Mixing pipeline API types is not allowed: this pipeline is used through {self._api.name}, and now "
                f"through {api.name}."
            )
        self._api = api
        self.build()
        assert self._core is not None
        return self._core

    def run(self, cuda_stream: Any = None, /, **inputs: Any) -> Batch:
        """The next batch. StopIteration at the end of the data; RuntimeError for bad data (with on_error="raise").

        `cuda_stream`: a number or a stream object; outputs on a GPU are ready for what it is given next. Without it the
        host waits where they are read.
        `inputs` feed external sources by name; that needs prefetch_queue_depth=1 or exec_pipelined=False.
        """
        if inputs and self.exec_pipelined and max(self._queues) != 1:
            raise DataError(
                "run(name=data) needs prefetch_queue_depth=1 or exec_pipelined=False: with a deeper queue the data "
                "would belong to a later batch."
            )
        stream = self._stream(cuda_stream)
        core = self._use(types.PipelineAPIType.BASIC)
        for name, data in inputs.items():
            self.feed_input(name, data)
        return self._next(core, stream)

    def _stream(self, cuda_stream: Any) -> int | None:
        if cuda_stream is None:
            return None
        if not self.exec_dynamic:
            raise DataError("outputs in the order of a cuda_stream need exec_dynamic=True.")
        return stream_number(cuda_stream)

    def _next(self, core: _core.Pipeline, stream: int | None = None) -> Batch:
        depth = max(self._queues) if self.exec_pipelined else 1
        while core.scheduled() < depth:
            try:
                self.iter_setup()
                core.schedule_run()
            except StopIteration:
                if core.scheduled() == 0:
                    self._ended = True
                    raise
                break
            except IndexError:
                if core.scheduled() == 0:
                    raise
                break  # nothing fed yet for a batch that nobody asked for
        return self._take(core, stream)

    def _take(self, core: _core.Pipeline, stream: int | None) -> Batch:
        batch = Batch(core.take(), stream)
        for name, promise, of in zip(
            ("output_dtype", "output_ndim", "output_layout"),
            self._promises,
            (lambda t: t.dtype, lambda t: t.ndim(), lambda t: t.layout()),
            strict=True,
        ):
            if promise is None:
                continue
            promised = promise if isinstance(promise, list | tuple) else [promise] * len(batch)
            for i, (want, output) in enumerate(zip(promised, batch, strict=True)):
                if want is not None and len(output) and of(output) != want:
                    raise DataError(f"{name}: output {i} was promised as {want}, but is {of(output)}.")
        return batch

    def schedule_run(self) -> None:
        """Starts a batch (or fills the queue, the first time)."""
        core = self._use(types.PipelineAPIType.SCHEDULED)
        self._schedule(core)

    def _schedule(self, core: _core.Pipeline) -> None:
        first = core.scheduled() == 0 and not self._shared
        for _ in range(max(self._queues) if first and self.exec_pipelined else 1):
            try:
                self.iter_setup()
                core.schedule_run()
            except StopIteration:
                self._ended = True
                if core.scheduled() == 0:
                    raise
                return

    def share_outputs(self, cuda_stream: Any = None) -> Batch:
        """The oldest batch that was started. `cuda_stream`: as for `run`."""
        stream = self._stream(cuda_stream)
        core = self._use(types.PipelineAPIType.SCHEDULED)
        if core.scheduled() == 0:
            raise StopIteration
        batch = self._take(core, stream)
        self._shared.append(batch)
        return batch

    def release_outputs(self) -> None:
        """Lets go of what `share_outputs` gave. Whoever holds it keeps it."""
        self._use(types.PipelineAPIType.SCHEDULED)
        if self._shared:
            self._shared.pop(0)

    def outputs(self, cuda_stream: Any = None) -> Batch:
        """`release_outputs`, then `share_outputs`."""
        self.release_outputs()
        return self.share_outputs(cuda_stream)

    def empty(self) -> bool:
        """Whether no batch is under way."""
        return self._core is None or self._core.scheduled() == 0

    def reset(self) -> None:
        """Begins the next epoch, if the last one has ended."""
        if self._ended and self._core is not None:
            self._core.reset()
            self._ended = False

    def epoch(self) -> Iterator[Batch]:
        """The batches of one epoch: of the first reader, or until the data end.

        The last batch holds the rest of the epoch and, if the reader does not pad, the beginning of the next.
        """
        core = self._use(types.PipelineAPIType.BASIC)
        readers = core.readers()
        if not readers:
            while True:
                try:
                    yield self._next(core)
                except StopIteration:
                    self.reset()
                    return
        meta = next(iter(readers.values()))
        shards = meta["number_of_shards"]
        size = (
            -(-meta["epoch_size_padded"] // shards)
            if meta["pad_last_batch"]
            else meta["epoch_size"] // shards
        )
        assert self.max_batch_size
        for _ in range(max(1, -(-size // self.max_batch_size))):
            yield self._next(core)

    def __iter__(self) -> Iterator[Batch]:
        """As `epoch`."""
        return self.epoch()

    def close(self) -> None:
        """Ends the threads and drops batches in flight. What was returned stays valid. May be called twice."""
        if self._core is not None:
            self._core.close()
        self._core, self._closed, self._shared = None, True, []
        _alive.discard(self)

    def __del__(self) -> None:
        core = getattr(self, "_core", None)
        if core is not None:
            core.close()

    # ------------------------------------------------------------------------------------------------- feeding
    def _fed(self, node: Any) -> Any:
        for value, external in self._externals:
            if (isinstance(node, DataNode) and node.value == value) or (
                isinstance(node, str) and external.name == node
            ):
                return external
        if isinstance(node, DataNode):
            raise UnknownNameError("feed_input: this node is no external_source of this pipeline.")
        raise UnknownNameError(f"feed_input: there is no external_source named {node!r}.")

    def feed_input(
        self,
        data_node: Any,
        data: Any,
        layout: str | None = None,
        cuda_stream: Any = None,
        use_copy_kernel: bool = False,
    ) -> None:
        """Gives a batch to an `external_source` without a source: a list of arrays, or one with a batch axis.

        GPU arrays stay where they are if the source has device="gpu"; `cuda_stream`: what made them.
        KeyError: no such source. RuntimeError: it has a source of its own.
        """
        self.build()
        external = self._fed(data_node)
        if external.source is not None:
            raise DataError(f"feed_input: the external_source {external.name!r} has a source of its own.")
        if layout is not None:
            external.checks["layout"] = layout
        if cuda_stream is not None and self._device >= 0:
            _core.wait_for(self._device, stream_number(cuda_stream))
        external.queue.append(data)

    def input_feed_count(self, name: str) -> int:
        """How many batches must be fed before the first run."""
        self._fed(name)
        return max(self._queues) if self.exec_pipelined else 1
