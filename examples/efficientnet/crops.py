"""Makes a small data set: crops of ten photos are ten classes. Held-out crops share no pixel with those for training.

`python crops.py PHOTOS OUT`: OUT/train and OUT/val with a folder per class.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from PIL import Image

CLASSES, COLUMNS, ROWS = 10, 5, 4


def make(photos: Path, out: Path, train: int = 60, val: int = 20, size: int = 64, seed: int = 0) -> None:
    """`train` and `val` crops per class, JPEG, `size` pixels square. The photos are divided into tiles, of which each fifth
    is held out."""
    rng = random.Random(seed)
    files = sorted(p for p in photos.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))[:CLASSES]
    if len(files) < CLASSES:
        raise SystemExit(f"{photos} holds {len(files)} photos; {CLASSES} are needed")
    for file in files:
        photo = Image.open(file).convert("RGB")
        w, h = photo.width // COLUMNS, photo.height // ROWS
        tiles = [(c * w, r * h) for r in range(ROWS) for c in range(COLUMNS)]
        rng.shuffle(tiles)
        held = len(tiles) // 5
        for part, count, own in (("val", val, tiles[:held]), ("train", train, tiles[held:])):
            folder = out / part / file.stem
            folder.mkdir(parents=True, exist_ok=True)
            for i in range(count):
                x, y = own[i % len(own)]
                x, y = x + rng.randint(0, max(0, w - size)), y + rng.randint(0, max(0, h - size))
                box = (x, y, x + min(w, size), y + min(h, size))
                photo.crop(box).save(folder / f"{i:03}.jpg", quality=92)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    make(options.photos, options.out)
