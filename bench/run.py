"""Measures variegate and its peers on the same files: `./dev bench [--data FOLDER]`.

Every peer is an adapter of a few lines in bench/peers. Peers that are not installed are skipped with a word.
Prints a table; --json writes the numbers with the circumstances.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import record  # noqa: E402
from variegate._cli import bench  # noqa: E402
from variegate._cli._common import Failed, photos_in  # noqa: E402

PEERS = ("variegate", "pillow", "torchvision", "dali")
WORK = {
    "plain": "decode, resize, normalise",
    "rand_augment": "... with RandAugment(2, 15)",
    "trivial_augment": "... with TrivialAugment",
}


def peer(name: str, files: list[str], options: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    """The version and the numbers of one peer. ImportError if it is not installed."""
    module = importlib.import_module(f"peers.{name}")
    numbers = {}
    for work in WORK:
        step, close = module.start(files, work, options.batch, options.threads)
        try:
            rate = bench.rate(step, options.seconds)
            numbers[work] = {"images_per_second": rate.clock, "images_per_cpu_second": rate.processor}
        finally:
            close()
    return module.VERSION, numbers


def table(results: dict[str, Any], unit: str) -> str:
    """Markdown: a row per work, a column per peer."""
    lines = ["| pipeline | " + " | ".join(f"{n} {r['version']}" for n, r in results.items()) + " |"]
    lines.append("|---|" + "---:|" * len(results))
    for work, name in WORK.items():
        cells = [f"{r['numbers'][work][unit]:,.0f}" for r in results.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    """Measures all peers that are here."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--data",
        default=str(ROOT / "tests" / "photos" / "small"),
        help="a folder of images (default: the photos of the tests)",
    )
    parser.add_argument("--json", help="write the numbers to this file")
    bench.add_measuring(parser)
    options = parser.parse_args()
    try:
        files = photos_in(options.data)
    except Failed as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return failure.status
    count = len(files)
    files = files * -(-options.batch * 4 // count)
    circumstances = bench.machine(options.threads)
    results = {}
    for name in PEERS:
        try:
            version, numbers = peer(name, files, options)
        except ImportError as e:
            print(f"{name}: skipped ({e})", file=sys.stderr)
            continue
        results[name] = {"version": version, "numbers": numbers}
    print(f"Images per second:\n{table(results, 'images_per_second')}\n")
    print(f"Images per second of processor time:\n{table(results, 'images_per_cpu_second')}\n")
    print(circumstances)
    if options.json:
        told = {
            "date": datetime.date.today().isoformat(),
            "machine": circumstances,
            "images": count,
            "batch": options.batch,
            "threads": options.threads,
            "seconds": options.seconds,
            "peers": results,
        }
        record.write(options.json, told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
