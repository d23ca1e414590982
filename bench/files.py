"""Files to normalised batches for one to all cores, beside other libraries: `./dev bench files [--data FOLDER]`.

A peer is an adapter of a few lines in bench/peers; "bare" is libjpeg-turbo decoding the same windows of the same files, and nothing
else. Each peer lives in a process of its own (--python PEER=INTERPRETER: of another environment), which is bound to as many
cores as the turn has threads. Peers take turns; medians over the rounds count. Without --data, files are made from the photos of the tests.
With --device gpu the files become float16 batches on the GPU, and the threads are those of the pipelines, which have all cores.
docs/figures/files.json is written after every turn, and the picture of it at the end; `python bench/files_plots.py JSON` draws alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "examples" / "efficientnet")]

import files_plots  # noqa: E402
import record  # noqa: E402
import training_data  # noqa: E402
from peers import WORKS  # noqa: E402
from turns import Peer  # noqa: E402
from variegate import _core  # noqa: E402

ON_GPU = ("variegate", "dali")
PEERS = ("variegate", "dataloader", "torchvision", "dali", "albumentations")
UNITS = {"clock": "images_per_second", "processor": "images_per_cpu_second"}
BARE = "decoding alone"


def summary(turns: dict[str, Any]) -> dict[str, Any]:
    """work -> threads -> peer -> medians of the turns, and the medians of their ratios to the bare turn of the same round."""
    told: dict[str, Any] = {}
    for work, groups in turns.items():
        for threads, sides in groups.items():
            bare = {t["round"]: t for t in turns.get(BARE, {}).get(threads, {}).get("bare", [])}
            row = told.setdefault(work, {})[threads] = {}
            for peer, all_ in sides.items():
                row[peer] = {unit: statistics.median(t[unit] for t in all_) for unit in UNITS.values()}
                pairs = [(t, bare[t["round"]]) for t in all_ if t["round"] in bare]
                if pairs and work != BARE:
                    row[peer]["of_bare"] = {
                        name: statistics.median(t[unit] / b[unit] for t, b in pairs)
                        for name, unit in UNITS.items()
                    }
    return told


def table(told: dict[str, Any], unit: str) -> str:
    """Markdown: a row per work and number of threads, a column per peer."""
    peers = [
        p for p in ("bare", *PEERS) if any(p in sides for all_ in told.values() for sides in all_.values())
    ]
    lines = ["| work | threads | " + " | ".join(peers) + " |", "|---|---:|" + "---:|" * len(peers)]
    for work, groups in told.items():
        for threads, sides in groups.items():
            cells = [cell(sides.get(p), unit) for p in peers]
            lines.append(f"| {WORKS.get(work, work)} | {threads} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def cell(side: dict[str, Any] | None, unit: str) -> str:
    """A rate, and its share of the bound."""
    if side is None:
        return ""
    share = f" ({side['of_bare'][unit]:.0%})" if "of_bare" in side else ""
    return f"{side[UNITS[unit]]:,.0f}{share}"


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, help="holds train/ with a folder per class; default: made")
    parser.add_argument("--files", type=int, default=1024, help="how many to make (default: %(default)s)")
    parser.add_argument("--peers", nargs="*", choices=PEERS, help="default: all that know the device")
    parser.add_argument("--device", choices=("cpu", "gpu"), default="cpu")
    parser.add_argument("--python", action="append", default=[], metavar="PEER=INTERPRETER")
    parser.add_argument("--bare", default="", help="the program variegate_bare of a build with -DVG_BENCH=ON")
    parser.add_argument("--works", nargs="+", choices=WORKS, default=["none", "autoaugment", "randaugment"])
    cores = len(record.cores())
    default = sorted({n for n in (1, 2, 4, 8, 16, 32, 64) if n < cores} | {cores})
    parser.add_argument("--threads", nargs="+", type=int, default=default, help=f"default: {default}")
    parser.add_argument("--batch", type=int, help="default: 64, on the GPU 256")
    parser.add_argument("--seconds", type=float, default=1.0, help="of one turn (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--budget", type=float, default=3600.0, help="seconds after which no turn begins")
    parser.add_argument("--json", type=Path, help="default: files.json or files-gpu.json in docs/figures")
    options = parser.parse_args()
    gpu = options.device == "gpu"
    options.peers = options.peers or list(ON_GPU if gpu else PEERS)
    options.batch = options.batch or (256 if gpu else 64)
    options.json = options.json or ROOT / "docs" / "figures" / ("files-gpu.json" if gpu else "files.json")
    return options


class Run:
    """All turns of a run and its record."""

    def __init__(self, options: argparse.Namespace, folder: Path, files: str, begun: float) -> None:
        pythons = dict(entry.split("=", 1) for entry in options.python)
        settings = {k: getattr(options, k) for k in ("batch", "device", "bare")} | {"folder": str(folder)}
        self._options, self._begun = options, begun
        self._peers = {
            p: Peer(p, pythons.get(p, sys.executable), ROOT / "bench" / "files_turn.py", settings)
            for p in ("bare", *options.peers)
        }
        self.record = record.circumstances(
            **{k: getattr(options, k) for k in ("batch", "device", "seconds", "rounds")},
            files=files,
            versions={},
            left_out=[],
            turns={},
        )
        if options.device == "gpu":
            self.record["machine"]["gpu"] = _core.gpu_devices()[0]

    def all(self) -> None:
        """Round by round, so that a run that ends early has turns of everything."""
        o = self._options
        for number in range(o.rounds):
            for threads in o.threads:
                if o.device == "cpu":
                    self._turn(number, threads, BARE, "bare")
                for work in o.works:
                    for peer in o.peers:
                        self._turn(number, threads, work, peer)
        for peer in self._peers.values():
            peer.close()

    def _turn(self, number: int, threads: int, work: str, peer: str) -> None:
        what = f"{peer}, {WORKS.get(work, work)}, {threads} threads, round {number + 1}"
        if time.monotonic() - self._begun > self._options.budget:
            self.record["left_out"].append(f"{what}: no time was left")
            return
        told = self._peers[peer].turn(work=work, threads=threads, seconds=self._options.seconds)
        if "missing" in told:
            why = f"{peer}, {WORKS.get(work, work)}: {told['missing']}"
            if why not in self.record["left_out"]:
                self.record["left_out"].append(why)
                print(f"left out: {why}", file=sys.stderr)
            return
        self.record["versions"][peer] = told.pop("version")
        sides = self.record["turns"].setdefault(work, {}).setdefault(str(threads), {})
        sides.setdefault(peer, []).append({"round": number, **told})
        self.record["summary"] = summary(self.record["turns"])
        record.write(self._options.json, self.record)
        print(
            f"{time.monotonic() - self._begun:4.0f} s  {what}: {told['images_per_second']:,.0f} img/s",
            flush=True,
        )


def main() -> int:
    """Measures, writes, draws."""
    begun = time.monotonic()
    options = arguments()
    with training_data.given_or_made(options.data, options.files) as (folder, files):
        run = Run(options, folder, files, begun)
        run.all()
    for unit, name in UNITS.items():
        print(f"{name.replace('_', ' ')}:\n{table(run.record['summary'], unit)}\n")
    print(record.told(run.record))
    print(f"wrote {files_plots.draw(run.record, options.json)[0]}")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # peers' own pools would fight for the cores of a turn
    sys.exit(main())
