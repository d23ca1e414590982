"""A canvas for plain bar charts, drawn by Pillow, which every machine that measures has anyway."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Of a library in all pictures.
COLOURS = {
    "variegate": "#1f6f8b",
    "pipeline": "#7fb2c4",
    "pillow": "#c9893b",
    "dataloader": "#c9893b",
    "torchvision": "#b5493b",
    "dali": "#8a9a5b",
    "albumentations": "#7a5c99",
    "opencv": "#7a5c99",
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


def draw_again(draw: Callable[[dict[str, Any], Path], list[Path]], usage: str | None) -> None:
    """For programs that draw a record which lies there: `draw` is given it and its place, the only argument."""
    if len(sys.argv) != 2:
        sys.exit(usage)
    place = Path(sys.argv[1])
    for written in draw(json.loads(place.read_text(encoding="utf-8")), place):
        print(f"wrote {written}")
