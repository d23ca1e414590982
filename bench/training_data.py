"""Files to train from where no data set is: patches of photos at other scales, as large as those of ImageNet."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

WIDTH, HEIGHT = 500, 375


def make(photos: Path, out: Path, count: int, seed: int = 0) -> None:
    """`count` JPEG files of 500 x 375 pixels (quality 90 to 96, 4:2:0, about 90 kB) below OUT/train, and a tenth below OUT/val,
    with a folder per photo. Needs Pillow."""
    from PIL import Image

    files = sorted(p for p in photos.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    images = [Image.open(p).convert("RGB") for p in files]

    def write(part: str, number: int) -> None:
        rng = random.Random(f"{seed} {part} {number}")
        which = number % len(images)
        image = images[which]
        # At least as large as the patch in both directions.
        scale = max(WIDTH / image.width, HEIGHT / image.height) * rng.uniform(1.0, 1.6)
        w, h = WIDTH / scale, HEIGHT / scale
        x, y = rng.uniform(0, image.width - w), rng.uniform(0, image.height - h)
        patch = image.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, (x, y, x + w, y + h))
        folder = out / part / files[which].stem
        folder.mkdir(parents=True, exist_ok=True)
        patch.save(folder / f"{number:06}.jpg", quality=rng.randint(90, 96), subsampling="4:2:0")

    with ThreadPoolExecutor() as pool:
        for part, n in (("train", count), ("val", max(len(files), count // 10))):
            list(pool.map(lambda i, part=part: write(part, i), range(n)))
