"""external_source and python_function: where the user's own Python brings data in or works on it."""

from __future__ import annotations

import inspect
import json
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from . import _core, types
from ._cuda import is_on_gpu, share, stream_number, wait_all
from ._node import DataNode
from ._where import user_line
from .errors import (
    ArgumentTypeError,
    ArgumentValueError,
    DataError,
    OutOfRangeError,
)

_CYCLE = {None: None, False: None, "no": None, True: "quiet", "quiet": "quiet", "raise": "raise"}


def _array(item: Any) -> np.ndarray:
    if isinstance(item, _core.Tensor):
        return item._numpy  # of one on a GPU: a copy
    if isinstance(item, np.ndarray | np.generic):
        return np.asarray(item)
    if isinstance(item, bool | int | float | list | tuple):
        return types.as_constant_array(item)
    if hasattr(item, "detach"):  # a torch tensor
        return item.detach().cpu().numpy()
    if type(item).__module__.partition(".")[0] == "cupy":
        return item.get()
    if hasattr(item, "__array__"):
        return np.asarray(item)
    if is_on_gpu(item):
        return share(item)._numpy
    if hasattr(item, "__dlpack__"):
        return np.from_dlpack(item)
    raise ArgumentTypeError(
        f"external_source: {type(item).__name__} is no tensor; arrays, DLPack tensors and numbers are."
    )


def _samples(batch: Any, limit: int, waits: set[tuple[int, int]] | None) -> list[Any]:
    """A batch as a list of samples: a list of arrays, or one array with a batch axis, which stays on a GPU with `waits`."""
    from .tensors import TensorListCPU, TensorListGPU

    if isinstance(batch, list | tuple | TensorListCPU | TensorListGPU):
        samples: list[Any] = list(batch)
    else:
        on_gpu = waits is not None and is_on_gpu(batch)
        array = share(batch, waits=waits) if on_gpu else _array(batch)
        if not (array._shape if on_gpu else array.shape):
            raise DataError("external_source: a batch must have a batch axis; got a scalar.")
        samples = array._split() if on_gpu else list(array)
    if len(samples) > limit:
        raise DataError(
            f"external_source: a batch of {len(samples)} samples is larger than batch_size = {limit}."
        )
    return samples


class External:
    """What the core asks for batches. One per `external_source`."""

    def __init__(
        self,
        source: Any,
        num_outputs: int | None,
        cycle: Any,
        batch: bool,
        repeat_last: bool,
        checks: dict[str, Any],
        batch_info: bool,
        name: str,
        device: str = "cpu",
        cuda_stream: Any = None,
        no_copy: bool = False,
    ) -> None:
        self.source, self.num_outputs, self.batch, self.repeat_last = source, num_outputs, batch, repeat_last
        self.batch_info, self.name, self.checks = batch_info, name, checks
        if cycle not in _CYCLE:
            raise ArgumentValueError(
                f'external_source: cycle = {cycle!r} is not one of "no", "quiet", "raise".'
            )
        self.cycle = _CYCLE[cycle]
        self.queue: list[Any] = []
        self.last: Any = None
        self.iteration = self.epoch = self.position = 0
        self.iterator: Any = None
        self.kind = self._kind_of(source)
        self.device, self.cuda_stream, self.no_copy = device, cuda_stream, no_copy
        self.gpu: int | None = None  # where data on a GPU stay there

    def _kind_of(self, source: Any) -> str:
        if source is None:
            return "fed"
        if inspect.isgenerator(source):
            if self.cycle:
                raise ArgumentTypeError(
                    "external_source: a generator cannot be cycled; pass the generator function itself."
                )
            return "iterable"
        if inspect.isgeneratorfunction(source):
            return "generator"
        if callable(source) and not (hasattr(source, "__iter__") and not inspect.isfunction(source)):
            if self.cycle:
                raise ArgumentValueError(
                    "external_source: `cycle` is for iterables and generator functions, not for callables."
                )
            return "call1" if self._takes_argument(source) else "call0"
        if hasattr(source, "__iter__"):
            return "iterable"
        raise ArgumentTypeError(
            f"external_source: source must be an iterable, a generator function or a callable; "
            f"got {type(source).__name__}."
        )

    @staticmethod
    def _takes_argument(source: Callable[..., Any]) -> bool:
        try:
            parameters = list(inspect.signature(source).parameters.values())
        except (TypeError, ValueError):
            return False
        positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        if len(positional) > 1:
            raise ArgumentTypeError(
                "external_source: a source callable takes no or one argument; "
                f"{getattr(source, '__name__', source)!r} takes {len(positional)}."
            )
        return bool(positional) or any(p.kind == p.VAR_POSITIONAL for p in parameters)

    # ------------------------------------------------------------------------------------------ called by the core
    def fetch(self, limit: int, iteration: int) -> list[list[Any]]:
        """The next batch: [output][sample]."""
        data = self._per_sample(limit) if self.source is not None and not self.batch else self._whole()
        outputs = [data] if self.num_outputs is None else list(data)
        if self.num_outputs is not None and len(outputs) != self.num_outputs:
            raise DataError(
                f"external_source: the source gave {len(outputs)} outputs; num_outputs is {self.num_outputs}."
            )
        waits: set[tuple[int, int]] = set()
        if self.gpu is not None and self.cuda_stream is not None:
            waits.add((self.gpu, stream_number(self.cuda_stream)))
        result = [
            [self._tensor(s, o, waits) for s in _samples(batch, limit, None if self.gpu is None else waits)]
            for o, batch in enumerate(outputs)
        ]
        wait_all(waits)
        if self.gpu is not None and not self.no_copy:
            result = [_core.own(samples) for samples in result]
        self.iteration += 1
        self.position += len(result[0]) if result else 0
        return result

    def reset(self) -> None:
        """The next epoch."""
        if self.kind in ("call0", "call1"):
            self.epoch += 1
            self.iteration = self.position = 0
        elif self.iterator is None or self.cycle == "raise" or self.ended:
            self.iterator = None
            self.epoch += 1
            self.iteration = self.position = 0
        self.ended = False

    def begin(self) -> None:
        """Leaves what it is in; the next epoch."""
        self.ended = True
        self.queue.clear()
        self.reset()

    def state(self) -> str:
        """Where the source stands, as JSON."""
        own = self.source.state_dict() if self.kind != "fed" and hasattr(self.source, "state_dict") else None
        return json.dumps(
            {"iteration": self.iteration, "epoch": self.epoch, "position": self.position, "own": own}
        )

    def seek(self, text: str) -> None:
        """Continues at a state. Iterators and generators without a state of their own begin again, with a warning."""
        state = json.loads(text)
        self.iteration, self.epoch, self.position = state["iteration"], state["epoch"], state["position"]
        if state["own"] is not None:
            self.source.load_state_dict(state["own"])
        elif self.kind in ("iterable", "generator") and self.iteration:
            warnings.warn(
                "external_source: an iterator cannot seek; it begins again. A callable of one argument, or an object "
                "with state_dict() and load_state_dict(), continues where it was.",
                UserWarning,
                stacklevel=2,
            )
            self.iterator = None

    ended = False

    # --------------------------------------------------------------------------------------------------- batches
    def _whole(self) -> Any:
        if self.kind == "fed":
            if self.queue:
                self.last = self.queue.pop(0)
            elif not self.repeat_last or self.last is None:
                raise OutOfRangeError(
                    f"external_source {self.name!r}: no data were fed for this run; the batch doesn't exist."
                )
            return self.last
        if self.kind == "call0":
            return self.source()
        if self.kind == "call1":
            return self.source(
                types.BatchInfo(self.iteration, self.epoch) if self.batch_info else self.iteration
            )
        return self._next()

    def _per_sample(self, limit: int) -> Any:
        samples = []
        try:
            for i in range(limit):
                if self.kind == "call1":
                    samples.append(
                        self.source(types.SampleInfo(self.position + i, i, self.iteration, self.epoch))
                    )
                else:
                    samples.append(self.source() if self.kind == "call0" else self._next())
        except StopIteration:
            if self.kind == "call1" or not samples:
                raise  # a batch that is not whole is dropped, as an epoch of whole batches
        if self.num_outputs is None:
            return samples
        return [[s[o] for s in samples] for o in range(self.num_outputs)]

    def _next(self) -> Any:
        if self.iterator is None:
            self.iterator = iter(self.source() if self.kind == "generator" else self.source)
        try:
            return next(self.iterator)
        except StopIteration:
            if self.cycle != "quiet":
                self.ended = True
                raise
            self.iterator = iter(self.source() if self.kind == "generator" else self.source)
            self.epoch += 1
            return next(self.iterator)

    def placed_on(self, device: int) -> None:
        """Says where the pipeline runs: the number of a GPU, or -1."""
        self.gpu = device if device >= 0 and self.device == "gpu" else None

    def _tensor(self, item: Any, output: int, waits: set[tuple[int, int]]) -> _core.Tensor:
        def wanted(key: str) -> Any:
            value = self.checks.get(key)
            return value[output] if isinstance(value, list | tuple) else value

        if self.gpu is not None and is_on_gpu(item):
            tensor = _core.Tensor(share(item, waits=waits))  # a layout is set on this one only
            if tensor._device != self.gpu:
                raise DataError(
                    f"external_source: data on GPU {tensor._device} came; the pipeline runs on GPU {self.gpu}."
                )
        else:
            tensor = _core.Tensor(_array(item))
        given, ndim = types.DALIDataType(tensor._dtype), len(tensor._shape)
        if (dtype := wanted("dtype")) is not None and given != dtype:
            raise DataError(
                f"external_source: data of type {given.name} came; dtype = {types.DALIDataType(dtype).name} was promised."
            )
        if (promised := wanted("ndim")) is not None and ndim != promised:
            raise DataError(
                f"external_source: data of {ndim} dimensions came; ndim = {promised} was promised."
            )
        layout = wanted("layout") or (item.layout() if hasattr(item, "set_layout") else "")
        if layout and len(layout) != ndim:
            raise DataError(
                f"external_source: data of {ndim} dimensions came; layout {layout!r} names {len(layout)}."
            )
        tensor._layout = layout
        return tensor


def external_source(
    source: Any = None,
    num_outputs: int | None = None,
    *,
    cycle: Any = None,
    name: str | None = None,
    device: str = "cpu",
    layout: Any = None,
    dtype: Any = None,
    ndim: Any = None,
    cuda_stream: Any = None,
    use_copy_kernel: bool = False,
    blocking: bool | None = None,
    batch: bool | None = None,
    repeat_last: bool = False,
    parallel: bool | None = None,
    no_copy: bool | None = None,
    prefetch_queue_depth: int | None = None,
    bytes_per_sample_hint: Any = None,
    batch_info: bool | None = None,
) -> Any:
    """Data from the program: a callable, an iterable or a generator function, or `Pipeline.feed_input` where there is none.

    Args:
        source: callable of no argument, or of one (the iteration, a `BatchInfo` if `batch_info`, a `SampleInfo` if not
            `batch`); an iterable; a generator function. StopIteration ends the epoch.
        num_outputs: tensors per sample; the source then gives that many batches. Default: one, and one node comes back.
        cycle: "quiet" begins an iterable again, "raise" after `reset`, "no" (default) never.
        batch: the source gives batches (default) or single samples.
        layout, dtype, ndim: checked against the data; a list has one entry per output.
        repeat_last: without a source, the batch fed last serves again.
        device: "gpu" leaves GPU arrays (DLPack, `__cuda_array_interface__`) there; host arrays are brought there. With
            "cpu", and where the pipeline runs on the host, GPU arrays are copied to the host.
        cuda_stream: the stream that makes the data, where their library does not tell.
        no_copy: GPU arrays are read where they are, and must not change until the batch is done. Default: they are copied.
    Raises:
        ValueError, TypeError: a source and arguments that do not go together, at definition.
        IndexError: nothing was fed, at run. RuntimeError: data that break a promise, at run.
    """
    if num_outputs is not None and source is None:
        raise ArgumentValueError("external_source: num_outputs needs a source.")
    if num_outputs is not None and name is not None:
        raise DataError(
            "external_source: outputs of a source with num_outputs cannot be named: each would have that name."
        )
    if repeat_last and source is not None:
        raise ArgumentValueError("external_source: repeat_last is for data that are fed, not for a source.")
    if parallel:
        raise ArgumentValueError(
            "external_source: parallel = True is not supported; sources run in the calling thread."
        )
    for key, value in (
        ("prefetch_queue_depth", prefetch_queue_depth),
        ("bytes_per_sample_hint", bytes_per_sample_hint),
    ):
        if value is not None:
            raise ArgumentValueError(f"external_source: {key} is for parallel = True only.")
    checks = {"layout": layout, "dtype": dtype, "ndim": ndim}
    external = External(
        source,
        num_outputs,
        cycle,
        True if batch is None else batch,
        repeat_last,
        checks,
        bool(batch_info),
        name or "",
        device,
        cuda_stream,
        bool(no_copy),
    )
    values = _core.external_source(external, num_outputs or 1, name or "", device, user_line())
    nodes = [DataNode(v) for v in values]
    from ._pipeline import note_external

    note_external(values[0], external)
    return nodes if num_outputs is not None else nodes[0]


def python_function(
    *inputs: Any,
    function: Callable[..., Any],
    num_outputs: int = 1,
    batch_processing: bool = False,
    output_layouts: Any = None,
    device: str = "cpu",
    name: str | None = None,
    preserve: bool = False,
    bytes_per_sample_hint: Any = None,
    **_: Any,
) -> Any:
    """Calls a function of the program: once per sample with arrays, or once per batch with lists of arrays.

    Only the samples of the branch in which it stands are passed, in sample order, by one thread. An exception in it ends
    the batch and comes out of `run` as it is.

    Args:
        function: takes an array per input (a list of arrays per input if `batch_processing`), gives an array per output.
        num_outputs: number of results; 0 makes it a sink.
    """
    from ._functions import keep
    from ._node import to_node
    from .tensors import TensorCPU

    layouts = (
        [output_layouts] * num_outputs if isinstance(output_layouts, str) else list(output_layouts or [])
    )
    layouts += [""] * (num_outputs - len(layouts))

    nothing = [_core.Tensor(np.zeros(0, np.uint8))]  # what a sink gives, which nobody sees

    def finish(results: Any) -> list[Any]:
        if num_outputs == 0:
            return nothing
        given = results if isinstance(results, tuple | list) else (results,)
        return [_core.Tensor(_array(r), layout) for r, layout in zip(given, layouts, strict=True)]

    def per_sample(samples: list[list[Any]]) -> list[list[Any]]:
        return [finish(function(*(TensorCPU(t)._numpy for t in sample))) for sample in samples]

    def per_batch(samples: list[list[Any]]) -> list[list[Any]]:
        columns = (
            [[TensorCPU(s[i])._numpy for s in samples] for i in range(len(samples[0]))] if samples else []
        )
        results = function(*columns)
        if num_outputs == 0:
            return [nothing for _ in samples]
        given = results if isinstance(results, tuple) else (results,)
        return [finish(tuple(output[i] for output in given)) for i in range(len(samples))]

    values = _core.callback(
        [to_node(x).value for x in inputs],
        per_batch if batch_processing else per_sample,
        max(num_outputs, 1),
        name or "",
        preserve,
        user_line(),
    )
    nodes = [DataNode(v) for v in values]
    if preserve or num_outputs == 0:
        keep(nodes[0])
    if num_outputs == 0:
        return None
    return nodes[0] if num_outputs == 1 else nodes
