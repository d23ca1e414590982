"""Data sets for the tests: crops of the photos, as JPEG files in one folder per class."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image

PHOTOS = Path(__file__).parents[1] / "photos" / "small"


def make_images(root: Path, count: int, seed: int = 0) -> list[Path]:
    """`count` JPEG crops of 24 to 56 pixels a side, in four class folders, the same for a seed."""
    rng = random.Random(seed)
    photos = [Image.open(p).convert("RGB") for p in sorted(PHOTOS.rglob("*.jpg"))]
    files = []
    for i in range(count):
        photo = rng.choice(photos)
        w, h = rng.randint(24, 56), rng.randint(24, 56)
        x, y = rng.randint(0, photo.width - w), rng.randint(0, photo.height - h)
        path = root / f"class{i % 4}" / f"{i:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        photo.crop((x, y, x + w, y + h)).save(path, quality=90)
        files.append(path)
    return files
