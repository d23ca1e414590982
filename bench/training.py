"""How fast EfficientNet-B0 trains behind each data backend, against data that cost nothing: `python bench/training.py`.

Backends take turns, round by round, in one process and with one model. Without --data the files are made from the photos of
the tests. Writes docs/figures/training.json and, where Pillow is installed, the pictures made from it; --plot draws alone.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import datetime
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "examples" / "efficientnet")]

import training_data  # noqa: E402
import training_plots  # noqa: E402

NAMES = ("variegate", "dali", "torch", "variegate-proxy")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, help="folder with train/ and val/; default: made from the photos"
    )
    parser.add_argument("--files", type=int, default=4096, help="how many to make")
    parser.add_argument("--backends", nargs="+", choices=NAMES, default=list(NAMES[:3]))
    parser.add_argument("--threads", nargs="+", type=int, default=[4, 8, 16])
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="of one measurement")
    parser.add_argument("--warmup", type=int, default=10, help="steps before each measurement")
    parser.add_argument(
        "--augmentation",
        default="autoaugment",
        choices=["none", "autoaugment", "randaugment", "trivialaugment"],
    )
    parser.add_argument("--model", default="efficientnet_b0")
    parser.add_argument(
        "--step", choices=["graph", "compiled", "eager"], help="default: graph on a GPU, else eager"
    )
    parser.add_argument("--device", help="default: cuda if there is a GPU")
    parser.add_argument("--json", type=Path, default=ROOT / "docs" / "figures" / "training.json")
    parser.add_argument("--plot", action="store_true", help="draw what --json holds, and measure nothing")
    return parser.parse_args()


class Step:
    """One training step in mixed precision (bfloat16), as a function of images and labels.

    "graph": the compiled model, captured with its optimizer as a CUDA graph, so that the host's part is one launch.
    """

    def __init__(self, kind: str, model: str, example: tuple[Any, Any], device: str) -> None:
        import torch
        from model import create

        self._torch, self._device = torch, device.partition(":")[0]
        net = create(model, 1000).to(device, memory_format=torch.channels_last).train()
        self._optimizer = torch.optim.SGD(net.parameters(), 1e-3, momentum=0.9)
        self._loss = torch.nn.CrossEntropyLoss(label_smoothing=0.1)
        self._net = torch.compile(net) if kind != "eager" else net
        self._graph: Any = None
        for _ in range(3):
            self._once(*example)
        if kind == "graph":
            self._capture(*example)

    def _once(self, images: Any, labels: Any) -> None:
        self._optimizer.zero_grad(set_to_none=True)
        with self._torch.autocast(self._device, self._torch.bfloat16):
            loss = self._loss(self._net(images), labels)
        loss.backward()
        self._optimizer.step()

    def _capture(self, images: Any, labels: Any) -> None:
        cuda = self._torch.cuda
        self._images, self._labels = images.clone(), labels.clone()
        side = cuda.Stream()
        side.wait_stream(cuda.current_stream())
        with cuda.stream(side):
            for _ in range(3):
                self._once(self._images, self._labels)
        cuda.current_stream().wait_stream(side)
        self._optimizer.zero_grad(set_to_none=True)
        graph = cuda.CUDAGraph()
        # Threads of loaders may use the GPU meanwhile.
        with cuda.graph(graph, capture_error_mode="thread_local"):
            self._once(self._images, self._labels)
        self._graph = graph

    def __call__(self, images: Any, labels: Any) -> None:
        if self._graph is None:
            self._once(images, labels)
            return
        self._images.copy_(images, non_blocking=True)
        self._labels.copy_(labels, non_blocking=True)
        self._graph.replay()


def make_step(kind: str, model: str, example: tuple[Any, Any], device: str) -> tuple[Step, str]:
    """The step, and how it runs: in a simpler way where this machine cannot compile or capture it."""
    ways = ["graph", "compiled", "eager"]
    for way in ways[ways.index(kind) :]:
        try:
            return Step(way, model, example, device), way
        except Exception as e:
            if way == "eager":
                raise
            print(f"the step does not run as {way!r}: {type(e).__name__}: {str(e)[:300]}", file=sys.stderr)
    raise AssertionError


class Source:
    """A backend's batches without an end, and the seconds that they were waited for."""

    def __init__(self, name: str, settings: Any) -> None:
        from backends import BACKENDS

        self.name, self.waited = name, 0.0
        self.batches, self._held_out = BACKENDS[name](settings)
        self._iterator = self._endless()

    def _endless(self) -> Iterator[Any]:
        while True:
            count = 0
            for batch in self.batches:
                count += 1
                yield batch
            if count == 0:
                raise SystemExit(f"{self.name}: an epoch has no whole batch; --files or --batch is wrong")

    def next(self) -> Any:
        start = time.perf_counter()
        batch = next(self._iterator)
        self.waited += time.perf_counter() - start
        return batch

    def close(self) -> None:
        """Ends threads and workers."""
        self._iterator.close()
        loader = self.batches.loader
        if hasattr(loader, "close"):
            loader.close()
        del self.batches, self._held_out, loader
        gc.collect()

    def stats(self) -> dict[str, Any] | None:
        """What a pipeline of Variegate tells of itself."""
        pipe = getattr(self.batches.loader, "pipeline", None)
        return pipe.stats() if pipe is not None and hasattr(pipe, "stats") else None


class Utilisation:
    """How busy the GPU is, sampled by NVML in a thread; nothing without NVML."""

    def __init__(self, device: str) -> None:
        import ctypes
        import threading

        self.samples: list[int] = []
        self._ready = False
        if not device.startswith("cuda"):
            return
        with contextlib.suppress(OSError, AttributeError):
            self._nvml = ctypes.CDLL("libnvidia-ml.so.1")
            self._nvml.nvmlInit_v2()
            self._handle = ctypes.c_void_p()
            number = int(device.partition(":")[2] or 0)
            found = self._nvml.nvmlDeviceGetHandleByIndex_v2(number, ctypes.byref(self._handle))
            self._both = (ctypes.c_uint * 2)()
            self._ready = found == 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def _sample(self) -> None:
        while not self._stop.wait(0.02):
            if self._nvml.nvmlDeviceGetUtilizationRates(self._handle, self._both) == 0:
                self.samples.append(int(self._both[0]))

    def __enter__(self) -> Utilisation:
        if self._ready:
            self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        if self._ready:
            self._stop.set()
            self._thread.join()


def measure(source: Source, step: Step, options: argparse.Namespace, device: str) -> dict[str, Any]:
    """Images per second of one turn, the share of waiting, processor time, and how busy the GPU was."""
    import torch

    gpu = device.startswith("cuda")
    for _ in range(options.warmup):
        step(*source.next())
    if gpu:
        torch.cuda.synchronize()
    running: collections.deque[Any] = collections.deque()
    images, source.waited = 0, 0.0
    with Utilisation(device) as utilisation:
        start, processor = time.perf_counter(), time.process_time()
        while time.perf_counter() - start < options.seconds:
            batch = source.next()
            step(*batch)
            images += len(batch[1])
            if gpu:  # the host stays at most four steps ahead
                running.append(torch.cuda.Event())
                running[-1].record()
                if len(running) > 4:
                    running.popleft().synchronize()
        if gpu:
            torch.cuda.synchronize()
        seconds, used = time.perf_counter() - start, time.process_time() - processor
    return {
        "images_per_second": images / seconds,
        "waiting": source.waited / seconds,
        "processor_seconds_per_image": used / max(images, 1),
        "utilisation": utilisation.samples,
    }


def run(options: argparse.Namespace, folder: Path, device: str) -> dict[str, Any]:
    """All turns: threads -> backend -> a list of measurements."""
    import torch
    from backends import Settings

    def settings(threads: int) -> Settings:
        gpu = device.startswith("cuda")
        return Settings(
            str(folder),
            options.size,
            options.batch,
            threads,
            options.augmentation,
            half=gpu,
            device=device,
            steps=10**9,
        )

    synthetic = Source("synthetic", settings(1))
    kind = options.step or ("graph" if device.startswith("cuda") else "eager")
    step, way = make_step(kind, options.model, synthetic.next(), device)
    results: dict[str, Any] = {}
    for threads in options.threads:
        sources = [synthetic]
        for name in options.backends:
            try:
                sources.append(Source(name, settings(threads)))
            except ImportError as e:
                print(f"{name}: skipped ({e})", file=sys.stderr)
        turns: dict[str, list[Any]] = {source.name: [] for source in sources}
        for number in range(options.rounds):
            for source in sources:
                turns[source.name].append(measure(source, step, options, device))
                rate = turns[source.name][-1]["images_per_second"]
                print(f"{threads} threads, round {number + 1}, {source.name}: {rate:,.0f} img/s", flush=True)
        results[str(threads)] = turns
        for source in sources:
            if (stats := source.stats()) is not None:
                turns[source.name][-1]["stats"] = stats
        for source in sources[1:]:
            source.close()
    return {"step": way, "torch": torch.__version__, "threads": results}


def summary(threads: dict[str, Any]) -> dict[str, Any]:
    """Medians over the rounds, and their ratio to the synthetic bound of the same run."""
    found: dict[str, Any] = {}
    for count, turns in threads.items():
        medians = {
            name: statistics.median(t["images_per_second"] for t in all_) for name, all_ in turns.items()
        }
        waiting = {name: statistics.median(t["waiting"] for t in all_) for name, all_ in turns.items()}
        found[count] = {
            name: {
                "images_per_second": rate,
                "of_synthetic": rate / medians["synthetic"],
                "waiting": waiting[name],
            }
            for name, rate in medians.items()
        }
    return found


def table(found: dict[str, Any]) -> str:
    """The summary in Markdown."""
    names = list(dict.fromkeys(name for row in found.values() for name in row))
    lines = ["| threads | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    for count, row in found.items():
        cells = [
            f"{row[n]['images_per_second']:,.0f} ({row[n]['of_synthetic']:.1%})" if n in row else ""
            for n in names
        ]
        lines.append(f"| {count} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    """Measures, writes, draws."""
    options = arguments()
    if not options.plot:
        import torch

        device = options.device or ("cuda:0" if torch.cuda.is_available() else "cpu")
        with tempfile.TemporaryDirectory() as made:
            folder, files = options.data, "given"
            if folder is None:
                folder = Path(made)
                files = training_data.make(ROOT / "tests" / "photos" / "small", folder, options.files)
            results = run(options, folder, device)
        machine = torch.cuda.get_device_name(device) if device.startswith("cuda") else "CPU"
        record = {
            "date": datetime.date.today().isoformat(),
            "machine": machine,
            "model": options.model,
            "batch": options.batch,
            "size": options.size,
            "augmentation": options.augmentation,
            "rounds": options.rounds,
            "seconds": options.seconds,
            "files": files,
            "summary": summary(results["threads"]),
            **results,
        }
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(record, indent=1) + "\n")
    record = json.loads(options.json.read_text())
    print(table(record["summary"]))
    try:
        for picture in training_plots.draw(record, options.json.with_suffix("")):
            print(f"wrote {picture}")
    except ImportError as e:
        print(f"no pictures: {e}; draw them elsewhere with --plot", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
