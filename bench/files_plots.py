"""Draws what bench/files.py measured, from its record alone: `python bench/files_plots.py JSON`. Needs Pillow only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peers import WORKS
from pictures import COLOURS, Canvas, draw_again

LABELS = {"dataloader": "DataLoader, Pillow", "torchvision": "DataLoader, torchvision", "dali": "DALI"}
LEFT, WIDTH = 180, 520


def draw(record: dict[str, Any], place: Path) -> list[Path]:
    """Writes the picture beside the record: a group of bars per work and number of cores; the line is decoding alone.

    Rates are those by the clock where no other program ran, else by processor time.
    """
    gpu = record.get("device") == "gpu"
    busy = not gpu and record["machine"]["load"] is not None and record["machine"]["load"] > 0.5
    unit = "images_per_cpu_second" if busy else "images_per_second"
    told = dict(record["summary"])
    bare = {threads: sides["bare"][unit] for threads, sides in told.pop("decoding alone", {}).items()}
    groups = [(work, threads, sides) for work, all_ in told.items() for threads, sides in all_.items()]
    rows = sum(len(sides) * 18 + 44 for _, _, sides in groups)
    canvas = Canvas(LEFT + WIDTH + 80, 80 + rows)
    per = "images per second of processor time" if busy else "images per second"
    canvas.text(20, 14, f"Files to normalised batches{' on the GPU' if gpu else ''}: {per}", 16)
    processor = record["machine"].get("gpu") or record["machine"]["processor"]
    machine = f"{processor}, batches of {record['batch']}, 224 pixels, medians of {record['rounds']} turns"
    canvas.text(20, 38, machine, 12, colour="#666666")
    top = 1.1 * max([*bare.values(), *(side[unit] for _, _, sides in groups for side in sides.values())])
    y = 70.0
    for work, threads, sides in groups:
        unit_of_work = ("thread" if gpu else "core") + ("" if threads == "1" else "s")
        canvas.text(20, y, f"{WORKS[work]}, {threads} {unit_of_work}", 12)
        y += 24
        begin = y
        for peer, colour in COLOURS.items():
            if peer not in sides:
                continue
            width = WIDTH * sides[peer][unit] / top
            version = record["versions"][peer].partition("+")[0]
            canvas.text(LEFT - 8, y + 1, f"{LABELS.get(peer, peer)} {version}", 11, "ra")
            canvas.bar(LEFT, y, width, 14, colour)
            canvas.text(LEFT + 4 + width, y + 1, f"{sides[peer][unit]:,.0f}", 11)
            y += 18
        if threads in bare:
            x = LEFT + WIDTH * bare[threads] / top
            canvas.line(x, begin - 4, x, y, "#444444")
            canvas.text(x, begin - 17, f"libjpeg-turbo alone {bare[threads]:,.0f}", 10, "ra", "#444444")
        y += 20
    return [canvas.save(place.with_suffix(".png"))]


if __name__ == "__main__":
    draw_again(draw, __doc__)
