"""Files to normalised batches for one to all cores, beside other libraries: `./dev bench files [--data FOLDER]`.

A peer is an adapter of a few lines in bench/peers. Each turn is a process of its own, bound to as many cores as it has threads;
peers alternate, and the medians of their turns count. --python PEER=INTERPRETER names another environment for a peer.
Writes docs/figures/files.json after every turn, and a picture of it; `python bench/files_plots.py JSON` draws alone.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import files_plots  # noqa: E402
import record  # noqa: E402

#: "bare" decodes only: the bound.
PEERS = ("bare", "variegate", "pillow", "torchvision", "dataloader", "dali", "albumentations")
WORKS = ("plain", "rand_augment")
UNITS = ("images_per_second", "images_per_cpu_second")


def processor_seconds() -> float:
    """Processor time of this process and of its workers that live."""
    children = Path("/proc/self/task").glob("*/children")
    found = [p for place in children for p in place.read_text().split()]
    ticks = 0
    for process in ["self", *found]:
        fields = Path("/proc", process, "stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def turn(peer: str, work: str, threads: int, options: argparse.Namespace) -> dict[str, Any]:
    """One turn, in this process."""
    os.sched_setaffinity(0, record.cores()[:threads])
    files = sorted(
        str(p) for p in Path(options.data).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png")
    )
    files *= -(-4 * options.batch // len(files))
    module = importlib.import_module(f"peers.{peer}")
    step, close = module.start(files, work, options.batch, threads)
    for _ in range(2):
        step()
    images, used, start = 0, processor_seconds(), time.perf_counter()
    while (seconds := time.perf_counter() - start) < options.seconds:
        images += step()
    used = processor_seconds() - used
    close()
    return {
        "version": module.VERSION,
        "images_per_second": images / seconds,
        "images_per_cpu_second": images / max(used, 0.01),
    }


def started(
    peer: str, work: str, threads: int, options: argparse.Namespace, python: str
) -> dict[str, Any] | None:
    """One turn, in a process of its own; None if the peer is not installed there, or does not do such work."""
    command = [python, __file__, "--one", peer, work, str(threads), "--data", options.data]
    command += ["--batch", str(options.batch), "--seconds", str(options.seconds)]
    end = subprocess.run(command, capture_output=True, text=True)
    if end.returncode == 3:
        return None
    if end.returncode:
        raise SystemExit(f"{peer}, {work}, {threads} threads failed:\n{end.stderr[-3000:]}")
    return json.loads(end.stdout.splitlines()[-1])


def summary(turns: dict[str, Any]) -> dict[str, Any]:
    """work -> threads -> peer -> medians of the turns."""
    told: dict[str, Any] = {}
    for work, groups in turns.items():
        for threads, sides in groups.items():
            middle = {key: record.medians(sides, key) for key in UNITS}
            told.setdefault(work, {})[threads] = {
                peer: {key: middle[key][peer] for key in UNITS} for peer in sides
            }
    return told


def table(told: dict[str, Any], unit: str) -> str:
    """Markdown: a row per work and number of threads, a column per peer."""
    peers = [p for p in PEERS if any(p in sides for groups in told.values() for sides in groups.values())]
    lines = ["| work | threads | " + " | ".join(peers) + " |", "|---|---:|" + "---:|" * len(peers)]
    for work, groups in told.items():
        for threads, sides in groups.items():
            cells = [f"{sides[p][unit]:,.0f}" if p in sides else "" for p in peers]
            lines.append(f"| {work} | {threads} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    """Measures, writes, draws."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", default=str(ROOT / "tests" / "photos" / "small"), help="a folder of images")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--python", action="append", default=[], metavar="PEER=INTERPRETER")
    cores = len(record.cores())
    default = sorted({n for n in (1, 2, 4, 8, 16, 32, 64) if n < cores} | {cores})
    parser.add_argument("--threads", nargs="+", type=int, default=default, help=f"default: {default}")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=1.5, help="of one turn (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--json", type=Path, default=ROOT / "docs" / "figures" / "files.json")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        peer, work, threads = options.one
        try:
            print(json.dumps(turn(peer, work, int(threads), options)))
        except ImportError as e:
            print(e, file=sys.stderr)
            return 3
        return 0
    pythons = dict(entry.split("=", 1) for entry in options.python)
    turns: dict[str, Any] = {}
    told = record.circumstances(
        batch=options.batch, seconds=options.seconds, rounds=options.rounds, versions={}, turns=turns
    )
    for work in WORKS:
        for threads in options.threads:
            sides = {
                peer: partial(started, peer, work, threads, options, pythons.get(peer, sys.executable))
                for peer in options.peers
            }
            for _, peer, one in record.alternate(options.rounds, sides):
                if one is None:
                    continue
                told["versions"][peer] = one.pop("version")
                turns.setdefault(work, {}).setdefault(str(threads), {}).setdefault(peer, []).append(one)
                told["summary"] = summary(turns)
                record.write(options.json, told)
    for unit in UNITS:
        print(f"{unit.replace('_', ' ')}:\n{table(told['summary'], unit)}\n")
    print(record.told(told["machine"]))
    print(f"wrote {files_plots.draw(told, options.json)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
