"""Augmentation alone on one core, beside Pillow in the same run: `python bench/alone.py PROGRAM [--data FOLDER]`.

PROGRAM is `variegate_alone` of a build with -DVG_BENCH=ON. Images of 224 x 224 x 3 lie in memory; both sides take
the same operations with bilinear warps and a grey fill, in turns, on one core. Prints medians of microseconds per
image as Markdown; --json writes the numbers.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import record  # noqa: E402
from peers import pillow  # noqa: E402
from PIL import Image  # noqa: E402

POLICIES = {"none": "none", "ra2": "RandAugment(2, 15)", "ra3": "RandAugment(3, 15)", "ta": "TrivialAugment"}
# Microseconds of one AVX-512 core with 224 x 224 x 3 bytes in its cache, from sketches of the inner loops alone: the floor.
LIMITS = {
    "brightness": 5,
    "contrast": 13,
    "color": 19,
    "sharpness": 15,
    **dict.fromkeys(("shear_x", "shear_y", "rotate"), 67),
    "posterize": 2,
    "solarize": 3,
    "auto_contrast": 5,
    "equalize": 47,
    "identity": 1.4,
    "none": 1.4,
    "ra2": 50,
    "ra3": 74,
}
# The order of `pillow.operations`.
OPERATIONS = (
    "brightness contrast color sharpness shear_x shear_y translate_x translate_y rotate posterize solarize "
    "auto_contrast equalize identity"
).split()


def step(work: str) -> Callable[[Image.Image], Image.Image]:
    """What Pillow does to an image. Its warps need one that is not empty, as ours do."""
    if work == "none":
        return lambda image: image.copy()
    if work in OPERATIONS:
        return lambda image: pillow.operations(0.5)[OPERATIONS.index(work)](image)
    if work == "ta":
        return lambda image: random.choice(pillow.operations(random.random()))(image)

    def rand_augment(image: Image.Image) -> Image.Image:
        for _ in range(int(work[2:])):
            image = random.choice(pillow.operations(0.5))(image)
        return image

    return rand_augment


def time_pillow(work: str, images: list[Image.Image], seconds: float) -> float:
    """Microseconds per image."""
    run = step(work)
    count, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds or count == 0:
        for image in images:
            run(image)
        count += len(images)
    return 1e6 * elapsed / count


def time_ours(program: str, data: str, work: str, seconds: float) -> float:
    """Microseconds per image."""
    out = subprocess.run(
        [program, data, "--seconds", str(seconds), work], check=True, capture_output=True, text=True
    ).stdout
    return float(out.split()[1])


def main() -> int:
    """Measures all policies and operations in turns."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("program", help="variegate_alone")
    parser.add_argument("--data", default=str(ROOT / "tests" / "photos" / "small"), help="a folder of photos")
    parser.add_argument("--seconds", type=float, default=0.3, help="of each turn (default: %(default)s)")
    parser.add_argument("--turns", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--json", help="write the numbers to this file")
    options = parser.parse_args()
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})  # our program inherits it
    files = sorted(p for p in Path(options.data).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    images = [Image.open(p).convert("RGB").resize((224, 224)) for p in files[:16]]
    works = [*POLICIES, *OPERATIONS]

    def pair(work: str) -> tuple[float, float]:
        ours = time_ours(options.program, options.data, work, options.seconds)
        return ours, time_pillow(work, images, options.seconds)

    turns: dict[str, list[tuple[float, float]]] = {work: [] for work in works}
    sides = {work: partial(pair, work) for work in works}
    for _, work, times in record.alternate(options.turns, sides):
        turns[work].append(times)
    numbers = {}
    print(
        f"| one core, us per image | variegate | pillow {pillow.VERSION} | ratio | floor, AVX-512 |\n|---|---:|---:|---:|---:|"
    )
    for work in works:
        ours, theirs = (statistics.median(side) for side in zip(*turns[work], strict=True))
        ratio = statistics.median(b / a for a, b in turns[work])
        numbers[work] = {
            "variegate_us": ours,
            "pillow_us": theirs,
            "ratio": ratio,
            "floor_us": LIMITS.get(work),
        }
        print(
            f"| {POLICIES.get(work, work)} | {ours:.1f} | {theirs:.1f} | {ratio:.1f} | {LIMITS.get(work, '')} |"
        )
    if options.json:
        told = record.circumstances(
            pillow=pillow.VERSION, turns=options.turns, seconds=options.seconds, numbers=numbers
        )
        record.write(options.json, told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
