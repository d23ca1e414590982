"""Contact sheets: pictures in rows, each with small print under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ._common import Failed, need

GAP, MARGIN, PAPER, INK, PALE = 10, 22, (250, 250, 248), (30, 30, 34), (110, 110, 118)
PRINT, TITLE, LINE = 13, 17, 17


@dataclass
class Tile:
    """A picture (height, width, 3; uint8) and the lines under it."""

    pixels: np.ndarray
    lines: Sequence[str]


def font(size: int) -> Any:
    """Pillow's own font: the same on all machines."""
    return need("PIL.ImageFont").load_default(size)


def wrapped(line: str, face: Any, width: int) -> list[str]:
    """Cuts a line at spaces where it would be wider than the picture above it."""
    rows = [""]
    for word in line.split(" "):
        longer = f"{rows[-1]} {word}" if rows[-1] else word
        if rows[-1] and face.getlength(longer) > width:
            rows.append("  " + word)
        else:
            rows[-1] = longer
    return rows


def draw(columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Tile]], path: str | Path) -> Path:
    """Draws rows of tiles under column titles and saves the picture.

    Args:
        columns: titles, each with the number of tiles that it stands over.
        rows: as many tiles each as the columns have together, all of one size.
        path: of the picture; its suffix says the format. Failed if it cannot be written.
    """
    image, draw_on = need("PIL.Image"), need("PIL.ImageDraw")
    small, large = font(PRINT), font(TITLE)
    size = rows[0][0].pixels.shape[0]
    starts = []
    x = MARGIN
    for _, tiles in columns:
        starts.append(x)
        x += tiles * (size + GAP) + GAP
    texts = [[[r for line in t.lines for r in wrapped(line, small, size)] for t in row] for row in rows]
    heights = [size + 6 + LINE * max(len(t) for t in row) + GAP for row in texts]
    sheet = image.new("RGB", (x - 2 * GAP + MARGIN, MARGIN + TITLE + 14 + sum(heights) + MARGIN - GAP), PAPER)
    pen = draw_on.Draw(sheet)
    for (title, _), left in zip(columns, starts, strict=True):
        pen.text((left, MARGIN), title, fill=INK, font=large)
    top = MARGIN + TITLE + 14
    for row, words, height in zip(rows, texts, heights, strict=True):
        tile = 0
        for (_, tiles), left in zip(columns, starts, strict=True):
            for i in range(tiles):
                at = left + i * (size + GAP)
                sheet.paste(image.fromarray(row[tile].pixels), (at, top))
                for n, line in enumerate(words[tile]):
                    pen.text(
                        (at, top + size + 4 + n * LINE), line, fill=PALE if tile == 0 else INK, font=small
                    )
                tile += 1
        top += height
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sheet.save(path, **({"quality": 85} if path.suffix.lower() in (".jpg", ".jpeg") else {}))
    except (OSError, ValueError) as e:
        raise Failed(f"{path}: cannot write the picture: {e}") from e
    return path
