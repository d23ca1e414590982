"""Draws what bench/training.py measured: bars of images per second, and how busy the GPU was. Needs Pillow only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

COLOURS = {
    "variegate": "#1f6f8b",
    "variegate-proxy": "#63a4b8",
    "dali": "#8a9a5b",
    "torch": "#c9893b",
    "synthetic": "#444444",
}
LABELS = {
    "torch": "torch DataLoader, Pillow",
    "dali": "DALI",
    "variegate": "Variegate",
    "variegate-proxy": "Variegate, proxy",
}
SCALE = 2  # drawn larger, and made smaller for smooth edges


class Canvas:
    """A picture in units of the final size."""

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image, ImageDraw, ImageFont

        self._image = Image.new("RGB", (width * SCALE, height * SCALE), "white")
        self._draw, self._font, self._size = ImageDraw.Draw(self._image), ImageFont, (width, height)

    def bar(self, x: float, y: float, w: float, h: float, colour: str) -> None:
        """A filled rectangle; (x, y) is its upper left corner."""
        if w > 0 and h > 0:
            self._draw.rectangle([x * SCALE, y * SCALE, (x + w) * SCALE, (y + h) * SCALE], colour)

    def line(
        self, x0: float, y0: float, x1: float, y1: float, colour: str = "#bbbbbb", dashes: bool = False
    ) -> None:
        """A line one unit wide; with `dashes` a horizontal one is interrupted."""
        pieces = [(x0, x1)]
        if dashes:
            pieces = [(x, min(x + 6, x1)) for x in range(int(x0), int(x1), 10)]
        for a, b in pieces:
            self._draw.line([a * SCALE, y0 * SCALE, b * SCALE, y1 * SCALE], colour, SCALE)

    def text(
        self, x: float, y: float, text: str, size: int = 12, anchor: str = "la", colour: str = "#222222"
    ) -> None:
        """Text at its anchor, as Pillow names anchors."""
        font = self._font.load_default(size * SCALE)
        self._draw.text((x * SCALE, y * SCALE), text, colour, font, anchor)

    def save(self, path: Path) -> Path:
        """Writes it as PNG."""
        self._image.resize(self._size, reducing_gap=2.0).save(path, optimize=True)
        return path


def draw(record: dict[str, Any], stem: Path) -> list[Path]:
    """Writes STEM_throughput.png and, if the GPU was watched, STEM_utilisation.png; gives their paths."""
    pictures = [throughput(record).save(stem.with_name(stem.name + "_throughput.png"))]
    if any(t["utilisation"] for turns in record["threads"].values() for all_ in turns.values() for t in all_):
        pictures.append(utilisation(record).save(stem.with_name(stem.name + "_utilisation.png")))
    return pictures


def _title(canvas: Canvas, record: dict[str, Any], what: str) -> None:
    canvas.text(20, 14, what, 16)
    detail = f"{record['model']}, {record['augmentation']}, batch {record['batch']}, {record['size']} pixels, {record['machine']}"
    canvas.text(20, 38, detail, 12, colour="#666666")


def throughput(record: dict[str, Any]) -> Canvas:
    """A group of bars per number of threads; the bound of synthetic data as a dashed line."""
    groups = record["summary"]
    names = [n for n in COLOURS if n != "synthetic" and any(n in row for row in groups.values())]
    width = 120 + len(groups) * (len(names) * 56 + 40)
    canvas = Canvas(max(width, 520), 400)
    _title(canvas, record, "Images per second in training")
    top = 1.15 * max(v["images_per_second"] for row in groups.values() for v in row.values())
    base, height = 330, 240
    canvas.line(60, base, max(width, 520) - 20, base)
    x = 80.0
    for count, row in groups.items():
        begin = x
        for name in names:
            if name in row:
                h = row[name]["images_per_second"] / top * height
                canvas.bar(x, base - h, 48, h, COLOURS[name])
                inside = h > 36  # else above, where low bars leave room
                y, colour = (base - h + 6, "white") if inside else (base - h - 32, "#222222")
                canvas.text(x + 24, y, f"{row[name]['images_per_second']:,.0f}", 11, "ma", colour)
                canvas.text(x + 24, y + 14, f"{row[name]['of_synthetic']:.0%}", 11, "ma", colour)
            x += 56
        bound = base - row["synthetic"]["images_per_second"] / top * height
        canvas.line(begin - 8, bound, x, bound, COLOURS["synthetic"], dashes=True)
        canvas.text(
            (begin + x) / 2, bound - 18, f"synthetic {row['synthetic']['images_per_second']:,.0f}", 11, "md"
        )
        canvas.text((begin + x - 8) / 2, base + 8, f"{count} threads", 12, "ma")
        x += 40
    _legend(canvas, names, 366)
    return canvas


def utilisation(record: dict[str, Any]) -> Canvas:
    """For each backend, at the middle number of threads: how often the GPU was so busy."""
    counts = list(record["threads"])
    count = counts[len(counts) // 2]
    turns = record["threads"][count]
    names = [n for n in COLOURS if n in turns and any(t["utilisation"] for t in turns[n])]
    canvas = Canvas(760, 80 + 90 * len(names) + 40)
    _title(canvas, record, f"How busy the GPU is, in tenths of the time ({count} threads)")
    for i, name in enumerate(names):
        samples = [s for t in turns[name] for s in t["utilisation"]]
        base = 140 + 90 * i
        shares = [sum(1 for s in samples if min(s // 10, 9) == b) / len(samples) for b in range(10)]
        canvas.text(20, base - 34, LABELS.get(name, name), 12)
        canvas.text(20, base - 16, f"{sum(samples) / len(samples):.0f} % on average", 11, colour="#666666")
        for b, share in enumerate(shares):
            x = 220 + b * 52
            canvas.bar(x, base - 64 * share, 46, 64 * share, COLOURS[name])
            if share >= 0.005:
                canvas.text(x + 23, base - 64 * share - 3, f"{share:.0%}", 10, "md")
            if i == len(names) - 1:
                canvas.text(x + 23, base + 6, f"{b * 10}-{b * 10 + 10} %", 10, "ma", "#666666")
        canvas.line(216, base, 744, base)
    return canvas


def _legend(canvas: Canvas, names: list[str], y: float) -> None:
    x = 80.0
    for name in names:
        canvas.bar(x, y, 12, 12, COLOURS[name])
        label = LABELS.get(name, name)
        canvas.text(x + 18, y - 1, label, 12)
        x += 46 + 6.6 * len(label)
