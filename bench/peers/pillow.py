"""Pillow and NumPy in a pool of threads: the operations of the same policies, as one writes them with Pillow."""

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image, ImageEnhance, ImageOps
from PIL import __version__ as VERSION
from variegate._cli.policies import MEAN, STD

__all__ = ["VERSION", "start"]


def matrix(*m):
    return lambda im: im.transform(
        im.size, Image.Transform.AFFINE, m, Image.Resampling.BILINEAR, fillcolor=(128,) * 3
    )


def operations(x):
    """The 14 operations with a strength of x in [0, 1]."""
    s = random.choice((-1, 1))
    enhance = [
        lambda im, e=e: e(im).enhance(1 + s * 0.9 * x)
        for e in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color, ImageEnhance.Sharpness)
    ]
    warps = [
        matrix(1, s * 0.3 * x, 0, 0, 1, 0),
        matrix(1, 0, 0, s * 0.3 * x, 1, 0),
        matrix(1, 0, s * 100 * x, 0, 1, 0),
        matrix(1, 0, 0, 0, 1, s * 100 * x),
    ]
    return [
        *enhance,
        *warps,
        lambda im: im.rotate(s * 30 * x, Image.Resampling.BILINEAR, fillcolor=(128,) * 3),
        lambda im: ImageOps.posterize(im, 8 - round(4 * x)),
        lambda im: ImageOps.solarize(im, round(256 * (1 - x))),
        ImageOps.autocontrast,
        ImageOps.equalize,
        lambda im: im,
    ]


def start(files, work, batch, threads):
    """A step that makes a batch and gives its size, and what ends it."""
    mean, scale = np.float32(MEAN), 1 / np.float32(STD)

    def sample(path):
        image = Image.open(path).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
        for _ in range({"plain": 0, "rand_augment": 2, "trivial_augment": 1}[work]):
            image = random.choice(operations(0.5 if work == "rand_augment" else random.random()))(image)
        return ((np.asarray(image, np.float32) - mean) * scale).transpose(2, 0, 1)

    pool = ThreadPoolExecutor(threads)
    return lambda: len(np.stack(list(pool.map(sample, random.sample(files, batch))))), pool.shutdown
