"""Measures images per second on this machine: decode, resize, normalise, with and without policies.

Every row is a pipeline as a training loop would use it: files to normalised float batches of 224 x 224.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .. import __version__, _core
from ..errors import VariegateError
from . import policies
from ._common import Failed, at_least, need, photos_in, seconds
from .doctor import cpu_name

HELP = "measure images per second on this machine"
SUBJECTS: list[tuple[str, Any]] = [
    ("decode, resize, normalise", None),
    ("... with AutoAugment", policies.policy("auto_augment")[1]),
    ("... with RandAugment(2, 15)", policies.policy("rand_augment", 2, 15)[1]),
    ("... with RandAugment(3, 15)", policies.policy("rand_augment", 3, 15)[1]),
    ("... with TrivialAugment", policies.policy("trivial_augment")[1]),
    ("... with an if by hand", policies.by_hand),
]


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def add_measuring(parser: argparse.ArgumentParser) -> None:
    """The options that say how to measure."""
    parser.add_argument(
        "--threads", type=at_least(1), default=cores(), help="default: all cores, %(default)s here"
    )
    parser.add_argument(
        "--batch", type=at_least(1), default=64, help="samples of a batch (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=seconds, default=2.0, help="for each row (default: %(default)s)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `bench`."""
    parser.add_argument("data", metavar="DATA", help="a folder of images")
    add_measuring(parser)
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")


class Rate(NamedTuple):
    """Images per second: by the clock, and per second of processor time, which other programs disturb less."""

    clock: float
    processor: float


def rate(
    step: Callable[[], int], duration: float, tick: Callable[[float], Any] = lambda elapsed: None
) -> Rate:
    """The rate of `step`, which gives how many images it made; its first two calls do not count.

    `tick` is called with the seconds since the last call.
    """
    for _ in range(2):
        step()
    images = 0
    processor = time.process_time()
    start = last = time.perf_counter()
    while last - start < duration:
        images += step()
        now = time.perf_counter()
        tick(now - last)
        last = now
    return Rate(images / (last - start), images / max(time.process_time() - processor, 1e-9))


def measure(files: list[str], threads: int, batch: int, duration: float) -> Iterator[tuple[str, Rate]]:
    """Pairs of subject and rate. Failed if an image cannot be decoded."""
    with need("tqdm").tqdm(
        total=len(SUBJECTS), desc="measuring", leave=False, disable=None, bar_format="{l_bar}{bar}| {elapsed}"
    ) as bar:
        for name, augment in SUBJECTS:
            bar.set_description(name)
            pipe = policies.measured(files, augment, batch, threads)
            done = 0.0

            def tick(elapsed: float) -> None:
                nonlocal done
                part = min(elapsed / duration, 1 - done)
                done += part
                bar.update(part)

            try:
                speed = rate(lambda p=pipe: len(p.run()[0]), duration, tick)
            except VariegateError as e:
                raise Failed(str(e)) from e
            finally:
                pipe.close()
            yield name, speed


def machine(threads: int) -> str:
    """The circumstances in a line: processor, threads, build."""
    build = _core.build()
    busy = f", load average {os.getloadavg()[0]:.1f} from all programs" if hasattr(os, "getloadavg") else ""
    return (
        f"{cpu_name()}, {cores()} cores, {threads} threads{busy}; variegate {__version__}, "
        f"{build['type']} build, {build['compiler']}, SIMD {build['simd']}"
    )


def table(rows: list[tuple[str, Rate]], markdown: bool) -> str:
    """Rows as text: name, images per second, images per second of processor time."""
    if markdown:
        lines = ["| pipeline | images/s | per processor second |", "|---|---:|---:|"]
        return "\n".join([*lines, *(f"| {name} | {r.clock:,.0f} | {r.processor:,.0f} |" for name, r in rows)])
    width = max(len(name) for name, _ in rows)
    lines = [f"{'':{width}}  images/s  per processor second"]
    return "\n".join(
        [*lines, *(f"{name:{width}}  {r.clock:8,.0f}  {r.processor:20,.0f}" for name, r in rows)]
    )


def report(data: str, options: argparse.Namespace, markdown: bool = False) -> None:
    """Measures and prints."""
    files = photos_in(data)
    # A batch must not hold more samples than an epoch, so that few photos are taken several times.
    files = files * -(-options.batch * 4 // len(files))
    conditions = machine(options.threads)
    rows = list(measure(files, options.threads, options.batch, options.seconds))
    print(table(rows, markdown))
    print(f"\n{conditions}")


def run(options: argparse.Namespace) -> int:
    """Measures all rows."""
    report(options.data, options, options.markdown)
    return 0
