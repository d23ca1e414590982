"""How fast EfficientNet-B0 trains behind each data backend, against data that cost nothing: `python bench/training.py`.

Backends take turns with synthetic data, round by round, in one process and with one model and one captured step. torch's
DataLoader comes after them, in one stretch: its workers go on filling their queue in the turns of others. Without --data the
files are made from the photos of the tests. docs/figures/training.json is written after every turn, and, where Pillow is
installed, the pictures made from it at the end; `python bench/training_plots.py JSON` draws them elsewhere.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "examples" / "efficientnet")]

import record  # noqa: E402
import training_data  # noqa: E402
import training_plots  # noqa: E402
import training_watch  # noqa: E402
from training_step import Step, make_step  # noqa: E402

NAMES = ("variegate", "dali", "torch", "variegate-proxy")
#: Read files in processes of torch's DataLoader.
WORKERS = {"torch", "variegate-proxy"}


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
    parser.add_argument("--seconds", type=float, default=4.0, help="of one turn")
    parser.add_argument("--worker-rounds", type=int, default=3, help="turns of torch's DataLoader")
    parser.add_argument("--budget", type=float, default=3600.0, help="seconds after which no turn begins")
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
    return parser.parse_args()


class Source:
    """A backend's batches without an end, and the seconds that they were waited for."""

    def __init__(self, name: str, settings: Any) -> None:
        from backends import BACKENDS

        self.name, self.waited, self.threads = name, 0.0, settings.threads
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


def turn(source: Source, step: Step, options: argparse.Namespace, device: str) -> dict[str, Any]:
    """Images per second of one turn, the share of waiting, processor time, and how busy the GPU was."""
    gpu = device.startswith("cuda")
    images, source.waited = 0, 0.0
    with training_watch.Utilisation(device) as utilisation:
        watch, processor = training_watch.Watch(gpu), time.process_time()
        while time.perf_counter() - watch.start < options.seconds:
            images += len(watch.step(source.next, step)[1])
        told = watch.end()
        used = time.process_time() - processor
    return {
        "images_per_second": images / told["seconds"],
        "waiting": source.waited / told["seconds"],
        "processor_seconds_per_image": used / max(images, 1),
        **told,
        "utilisation": utilisation.samples,
    }


class Run:
    """All turns of a run and its record."""

    def __init__(self, options: argparse.Namespace, folder: Path, files: str, device: str) -> None:
        import torch

        self._options, self._folder, self._device = options, str(folder), device
        self._begun = time.monotonic()
        self.record = record.circumstances(
            gpu=torch.cuda.get_device_name(device) if device.startswith("cuda") else None,
            torch=torch.__version__,
            **{
                k: getattr(options, k)
                for k in ("model", "batch", "size", "augmentation", "rounds", "seconds")
            },
            worker_rounds=options.worker_rounds,
            files=files,
            startup={},
            left_out=[],
            threads={},
        )
        self._synthetic = self._source("synthetic", 1)
        kind = options.step or ("graph" if device.startswith("cuda") else "eager")
        with self._started("step"):
            self._step, self.record["step"] = make_step(kind, options.model, self._synthetic.next(), device)

    @contextlib.contextmanager
    def _started(self, what: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.record["startup"][what] = round(time.monotonic() - start, 2)

    def _source(self, name: str, threads: int) -> Source:
        from backends import Settings

        o, gpu = self._options, self._device.startswith("cuda")
        # Files are few: an epoch of workers must not end before their queues are full.
        more = {"repeat": 50} if name in WORKERS else {}
        settings = Settings(
            self._folder,
            o.size,
            o.batch,
            threads,
            o.augmentation,
            half=gpu,
            device=self._device,
            steps=10**9,
            **more,
        )
        with self._started(f"{name} {threads}"):
            source = Source(name, settings)
            if name != "synthetic":
                source.next()
        return source

    def _sources(self, names: list[str], threads: int) -> list[Source]:
        found = []
        for name in names:
            try:
                found.append(self._source(name, threads))
            except ImportError as e:
                print(f"{name}: skipped ({e})", file=sys.stderr)
                self.record["left_out"].append(f"{name}: {e}")
        return found

    def _late(self, what: str) -> bool:
        late = time.monotonic() - self._begun > self._options.budget
        if late:
            self.record["left_out"].append(f"{what}: no time was left")
        return late

    def _steps(self, source: Source, count: int) -> None:
        for _ in range(count):
            self._step(*source.next())

    def _turn(self, source: Source, threads: int, warmup: int) -> None:
        self._steps(source, warmup)
        told = turn(source, self._step, self._options, self._device)
        turns = self.record["threads"].setdefault(str(threads), {}).setdefault(source.name, [])
        for before in turns:
            before.pop("timeline", None)  # of the last turn only
        turns.append(told)
        if (stats := source.stats()) is not None:
            told["stats"] = stats
        self.record["summary"] = summary(self.record["threads"])
        record.write(self._options.json, self.record)
        rate = told["images_per_second"]
        print(f"{threads} threads, turn {len(turns)}, {source.name}: {rate:,.0f} img/s", flush=True)

    def in_turns(self, names: list[str], threads: int) -> None:
        """Backends and synthetic data, alternating."""
        sources = [self._synthetic, *self._sources(names, threads)]
        for number in range(self._options.rounds):
            if self._late(f"{threads} threads, round {number + 1}"):
                break
            for source in sources:
                self._turn(source, threads, self._options.warmup)
        for source in sources[1:]:
            source.close()

    def in_a_stretch(self, name: str, threads: int) -> None:
        """A backend behind workers: warmed up for as many batches as they hold ahead, then one turn after the other."""
        if self._late(f"{name}, {threads} threads"):
            return
        for source in self._sources([name], threads):
            for number in range(self._options.worker_rounds):
                if self._late(f"{name}, {threads} threads, turn {number + 1}"):
                    break
                self._turn(source, threads, self._options.warmup if number else 2 * threads + 2)
            source.close()

    def profile(self) -> None:
        """What runs on the GPU, for one backend with the fewest threads; a profiler that fails costs nothing but this."""
        if not self._device.startswith("cuda") or self._late("profile"):
            return
        name = next((n for n in self._options.backends if n not in WORKERS), None)
        for source in self._sources([name] if name else [], self._options.threads[0]):
            try:
                told = training_watch.profiled(partial(self._steps, source))
                self.record["profile"] = {"backend": name, "threads": source.threads, **told}
            except Exception as e:
                self.record["left_out"].append(f"profile: {type(e).__name__}: {e}")
            record.write(self._options.json, self.record)
            source.close()


def summary(threads: dict[str, Any]) -> dict[str, Any]:
    """Medians over the rounds, and their ratio to the synthetic bound of the same run."""
    found: dict[str, Any] = {}
    for count, turns in threads.items():
        medians = record.medians(turns, "images_per_second")
        waiting = record.medians(turns, "waiting")
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
    import torch

    options = arguments()
    device = options.device or ("cuda:0" if torch.cuda.is_available() else "cpu")
    with training_data.given_or_made(options.data, options.files) as (folder, files):
        run = Run(options, folder, files, device)
        for threads in options.threads:
            run.in_turns([n for n in options.backends if n not in WORKERS], threads)
        for threads in options.threads:
            for name in options.backends:
                if name in WORKERS:
                    run.in_a_stretch(name, threads)
        run.profile()
    print(table(run.record["summary"]))
    try:
        for picture in training_plots.draw(run.record, options.json):
            print(f"wrote {picture}")
    except ImportError as e:
        print(f"no pictures: {e}; draw them elsewhere: bench/training_plots.py JSON", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
