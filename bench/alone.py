"""Policies and operators alone on one core, images in memory: `python bench/alone.py PROGRAM [--data FOLDER]`.

PROGRAM is `variegate_alone` of a build with -DVG_BENCH=ON: the engine without a pipeline, as the other libraries' functions are called. "pipeline"
is this library as one uses it, beside DALI, which has no other way. Images of 224 x 224 x 3. Peers take turns; of each the least processor time per
image counts, which other programs disturb least. Writes docs/figures/alone.json, and the picture of it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench")]

import alone_plots  # noqa: E402
import record  # noqa: E402
from steps import AUGMENTATIONS, OTHERS, POLICIES  # noqa: E402
from turns import Peer  # noqa: E402

PEERS = ("variegate", "pipeline", "pillow", "opencv", "torchvision", "dali")
# Microseconds of one AVX-512 core with 224 x 224 x 3 bytes in its cache, from sketches of the inner loops alone: the floor.
FLOORS = {
    "none": 1.4,
    "randaugment2": 50,
    "randaugment": 74,
    "brightness": 5,
    "contrast": 13,
    "color": 19,
    "sharpness": 15,
    **dict.fromkeys(("shear_x", "shear_y", "rotate"), 67),
    "posterize": 2,
    "solarize": 3,
    "auto_contrast": 5,
    "equalize": 47,
    "normalize": 15,
}


def table(told: dict[str, Any], works: list[str]) -> str:
    """Markdown: a row per work, a column per peer, in microseconds per image."""
    work_proper = [work for work in works if work != "none"] or works
    peers = [p for p in PEERS if any(p in told["numbers"].get(work, {}) for work in work_proper)]
    head = ["pipeline" if p == "pipeline" else f"{p} {told['versions'][p].partition('+')[0]}" for p in peers]
    lines = [
        "| us per image, one core | floor, AVX-512 | " + " | ".join(head) + " |",
        "|---|---:|" + "---:|" * len(peers),
    ]
    for work in works:
        row = told["numbers"].get(work, {})
        cells = [f"{row[p]:,.1f}" if p in row else "" for p in peers]
        title = POLICIES[work][0] if work in POLICIES else work
        lines.append(f"| {title} | {told['floors'].get(work, '')} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    """Measures all work in turns."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("program", help="variegate_alone")
    parser.add_argument("--data", default=str(ROOT / "tests" / "photos" / "small"), help="a folder of photos")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--python", action="append", default=[], metavar="PEER=INTERPRETER")
    works = [*POLICIES, *AUGMENTATIONS, *OTHERS]
    parser.add_argument("--works", nargs="+", choices=works, default=works)
    parser.add_argument("--seconds", type=float, default=0.3, help="of each turn (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--json", type=Path, default=ROOT / "docs" / "figures" / "alone.json")
    options = parser.parse_args()
    pythons = dict(entry.split("=", 1) for entry in options.python)
    settings = {"program": options.program, "data": options.data, "core": record.cores()[-1]}
    peers = {
        p: Peer(p, pythons.get(p, sys.executable), ROOT / "bench" / "alone_turn.py", settings)
        for p in options.peers
    }
    numbers: dict[str, dict[str, float]] = {}
    told = record.circumstances(
        rounds=options.rounds,
        seconds=options.seconds,
        versions={},
        left_out=[],
        floors=FLOORS,
        numbers=numbers,
    )
    for _ in range(options.rounds):
        for work in options.works:
            for name, peer in peers.items():
                one = peer.turn(work=work, seconds=options.seconds)
                if "missing" in one:
                    why = f"{name}, {work}: {one['missing']}"
                    told["left_out"] += [why] if why not in told["left_out"] else []
                    continue
                told["versions"][name] = one["version"]
                row = numbers.setdefault(work, {})
                row[name] = min(one["us"], row.get(name, one["us"]))
        record.write(options.json, told)
    for peer in peers.values():
        peer.close()
    print(table(told, options.works))
    print(f"\n{record.told(told)}\nwrote {alone_plots.draw(told, options.json)[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
