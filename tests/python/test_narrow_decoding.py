"""A decoder whose only reader looks at a window decodes that window: the bytes must not tell."""

from __future__ import annotations

import io

import numpy as np
import pytest
from data import PHOTOS
from PIL import Image
from variegate import fn, pipeline_def, types


def encoded_images() -> list[np.ndarray]:
    """Photos as JPEGs of all subsamplings, progressive ones, all orientations, and a PNG."""
    photos = [Image.open(p).convert("RGB").resize((233, 187)) for p in sorted(PHOTOS.rglob("*.jpg"))[:3]]
    found = []

    def add(photo: Image.Image, format: str, **options) -> None:
        file = io.BytesIO()
        photo.save(file, format, **options)
        found.append(np.frombuffer(file.getvalue(), np.uint8))

    for subsampling in range(3):
        for progressive in (False, True):
            add(photos[subsampling], "JPEG", quality=90, subsampling=subsampling, progressive=progressive)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        add(photos[0], "JPEG", quality=85, exif=exif)
    add(photos[1].convert("L"), "JPEG", quality=90)
    add(photos[2], "PNG")
    return found


READERS = {
    "random_resized_crop": lambda x: fn.random_resized_crop(x, size=(40, 50), seed=3),
    "small windows": lambda x: fn.random_resized_crop(x, size=(40, 50), random_area=(0.01, 0.1), seed=4),
    "lanczos": lambda x: fn.random_resized_crop(x, size=(9, 8), interp_type=types.INTERP_LANCZOS3, seed=3),
    "nearest": lambda x: fn.random_resized_crop(
        x, size=(40, 300), interp_type=types.INTERP_NN, antialias=False, seed=3
    ),
    "crop": lambda x: fn.crop(
        x,
        crop=(31, 45),
        crop_pos_x=fn.random.uniform(range=(0, 1), seed=5),
        crop_pos_y=fn.random.uniform(range=(0, 1), seed=6),
    ),
    "outside": lambda x: fn.slice(
        x,
        start=fn.random.uniform(range=(-50, 200), shape=2, seed=7),
        shape=(60, 70),
        axes=(0, 1),
        out_of_bounds_policy="pad",
        fill_values=9,
    ),
    "mirrored floats": lambda x: fn.crop_mirror_normalize(
        x,
        crop=(64, 80),
        mirror=fn.random.coin_flip(seed=8),
        dtype=types.FLOAT,
        mean=[10, 20, 30],
        std=[2, 3, 4],
    ),
    "a region, flipped": lambda x: fn.resize(x, size=(30, 20), roi_start=(90.5, 20), roi_end=(10, 70.25)),
    "beyond the edge": lambda x: fn.resize(x, size=(30, 20), roi_start=(-40, -9), roi_end=(300, 9)),
    "all of it": lambda x: fn.resize(x, size=(30, 20)),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("decoder", ["image", "image_random_crop"])
def test_a_window_is_decoded_as_the_whole(reader, decoder):
    images = encoded_images()

    @pipeline_def(batch_size=len(images), num_threads=2, device_id=None, seed=11)
    def pipe(whole):
        encoded = fn.external_source(source=lambda: images)
        arguments = {} if decoder == "image" else {"seed": 2, "random_area": (0.7, 1.0)}
        image = getattr(fn.decoders, decoder)(encoded, **arguments)
        out = READERS[reader](image)
        return (out, image) if whole else out  # as an output the image has to be whole

    narrow, whole = pipe(False), pipe(True)
    for _ in range(3):
        got, expected = narrow.run()[0], whole.run()[0]
        for i in range(len(images)):
            np.testing.assert_array_equal(np.array(got.at(i)), np.array(expected.at(i)), err_msg=f"image {i}")
