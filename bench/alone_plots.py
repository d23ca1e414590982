"""Draws what bench/alone.py measured, from its record alone: `python bench/alone_plots.py JSON`. Needs Pillow only."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from pictures import COLOURS, Canvas, draw_again
from steps import POLICIES

LEFT, WIDTH = 150, 560
LABELS = {"variegate": "variegate, engine", "pipeline": "variegate, pipeline"}


def draw(record: dict[str, Any], place: Path) -> list[Path]:
    """Writes the picture beside the record: a row per work, a point per library, time on a logarithmic axis."""
    rows = record["numbers"]
    floors = {work: floor for work, floor in record["floors"].items() if work in rows}
    low, high = 1.0, 1.3 * max(us for row in rows.values() for us in row.values())

    def place_of(us: float) -> float:
        return LEFT + WIDTH * math.log(max(us, low) / low) / math.log(high / low)

    top, step = 92, 24
    canvas = Canvas(LEFT + WIDTH + 40, top + step * len(rows) + 40)
    canvas.text(20, 14, "Microseconds per image of 224 x 224, one core; less is better", 16)
    canvas.text(
        20,
        38,
        f"{record['machine']['processor']}, least of {record['rounds']} turns; upright: the floor of an AVX-512 core",
        12,
        colour="#666666",
    )
    x = 20.0
    for peer, version in record["versions"].items():
        label = LABELS.get(peer, f"{peer} {version.partition('+')[0]}")
        canvas.bar(x, 63, 9, 9, COLOURS[peer])
        canvas.text(x + 14, 61, label, 11)
        x += 28 + 6.2 * len(label)
    for power in range(int(math.log10(high)) + 1):
        at = place_of(10**power)
        canvas.line(at, top - 6, at, top + step * len(rows), "#dddddd")
        canvas.text(at, top + step * len(rows) + 6, f"{10**power:,}", 11, "ma", "#666666")
    for number, (work, row) in enumerate(rows.items()):
        y = top + step * number
        canvas.text(LEFT - 10, y + 4, POLICIES[work][0] if work in POLICIES else work, 12, "ra")
        canvas.line(place_of(min(row.values())), y + 10, place_of(max(row.values())), y + 10)
        if work in floors:
            canvas.bar(place_of(floors[work]) - 1, y + 2, 2, 16, "#444444")
        for peer, us in reversed(row.items()):
            canvas.bar(place_of(us) - 5, y + 5, 10, 10, COLOURS[peer])
    return [canvas.save(place.with_suffix(".png"))]


if __name__ == "__main__":
    draw_again(draw, __doc__)
