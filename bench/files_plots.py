"""Draws what bench/files.py measured, from its record alone: `python bench/files_plots.py JSON`. Needs Pillow only."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pictures import Canvas

COLOURS = {
    "variegate": "#1f6f8b",
    "pillow": "#c9893b",
    "torchvision": "#b5493b",
    "dataloader": "#d9b08c",
    "dali": "#8a9a5b",
    "albumentations": "#7a5c99",
}
TITLES = {"plain": "decode, resize, normalise", "rand_augment": "... with RandAugment(2, 15)"}


def draw(record: dict[str, Any], place: Path) -> Path:
    """Writes the picture beside the record: a group of bars per work and number of cores; the line is decoding alone."""
    groups = [
        (work, threads, sides) for work, all_ in record["summary"].items() for threads, sides in all_.items()
    ]
    rows = sum(sum(p in COLOURS for p in sides) * 18 + 40 for _, _, sides in groups)
    canvas = Canvas(760, 80 + rows)
    canvas.text(20, 14, "Files to normalised batches: images per second of processor time", 16)
    machine = f"{record['machine']['processor']}, batches of {record['batch']}, 224 pixels, medians of {record['rounds']} turns"
    canvas.text(20, 38, machine, 12, colour="#666666")
    unit = "images_per_cpu_second"
    top = 1.1 * max(side[unit] for _, _, sides in groups for side in sides.values())
    bounds = {threads: sides["bare"][unit] for work, threads, sides in groups if "bare" in sides}
    y = 70.0
    for work, threads, sides in groups:
        canvas.text(20, y, f"{TITLES[work]}, {threads} {'core' if threads == '1' else 'cores'}", 12)
        y += 20
        begin = y
        for peer, colour in COLOURS.items():
            if peer not in sides:
                continue
            width = 520 * sides[peer][unit] / top
            canvas.text(160, y + 1, f"{peer} {record['versions'][peer].partition('+')[0]}", 11, "ra")
            canvas.bar(168, y, width, 14, colour)
            canvas.text(172 + width, y + 1, f"{sides[peer][unit]:,.0f}", 11)
            y += 18
        if threads in bounds:
            x = 168 + 520 * bounds[threads] / top
            canvas.line(x, begin - 4, x, y, "#444444")
            canvas.text(
                x + 4, begin - 16, f"libjpeg-turbo alone {bounds[threads]:,.0f}", 10, colour="#444444"
            )
        y += 20
    return canvas.save(place.with_suffix(".png"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    given = Path(sys.argv[1])
    print(f"wrote {draw(json.loads(given.read_text(encoding='utf-8')), given)}")
