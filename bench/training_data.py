"""Files to train from where no data set is: patches of photos at other scales, as large as those of ImageNet."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PHOTOS = Path(__file__).resolve().parent.parent / "tests" / "photos" / "small"

WIDTH, HEIGHT = 500, 375


@contextmanager
def given_or_made(given: Path | None, count: int) -> Iterator[tuple[Path, str]]:
    """A folder of files to train from, and what they are: the one that was given, else one of its own for as long as it lasts."""
    if given is not None:
        yield given, "given"
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made), make(PHOTOS, Path(made), count)


def make(photos: Path, out: Path, count: int, seed: int = 0) -> str:
    """`count` JPEG files of 500 x 375 pixels (quality 90 to 96, 4:2:0, about 90 kB) below OUT/train, and a tenth below OUT/val,
    with a folder per photo. Without Pillow they are copies of the photos. Says what they are."""
    files = sorted(p for p in photos.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg"))
    try:
        write = _patches(files, seed)
        told = f"{count} patches of {len(files)} photos, {WIDTH} x {HEIGHT}"
    except ImportError:
        write = shutil.copyfile
        told = f"{count} copies of {len(files)} photos"
    places = []
    for part, n in (("train", count), ("val", max(len(files), count // 10))):
        for file in files:
            (out / part / file.stem).mkdir(parents=True, exist_ok=True)
        for i in range(n):
            file = files[i % len(files)]
            places.append((file, out / part / file.stem / f"{i:06}.jpg"))
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda place: write(*place), places))
    return told


def _patches(files: list[Path], seed: int) -> Callable[[Path, Path], Any]:
    """A function that writes a patch of a photo to a place. ImportError without Pillow."""
    from PIL import Image

    images = {file: Image.open(file).convert("RGB") for file in files}

    def write(file: Path, place: Path) -> None:
        rng, image = random.Random(f"{seed} {place.parts[-3:]}"), images[file]
        # At least as large as the patch in both directions.
        scale = max(WIDTH / image.width, HEIGHT / image.height) * rng.uniform(1.0, 1.6)
        w, h = WIDTH / scale, HEIGHT / scale
        x, y = rng.uniform(0, image.width - w), rng.uniform(0, image.height - h)
        patch = image.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, (x, y, x + w, y + h))
        patch.save(place, quality=rng.randint(90, 96), subsampling="4:2:0")

    return write
