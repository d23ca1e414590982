"""The policies that the commands show and measure, as pipelines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import fn, types
from ..auto_aug import auto_augment, rand_augment, trivial_augment
from ..pipeline import Pipeline, pipeline_def

GREY = 128
MEAN = [0.485 * 255, 0.456 * 255, 0.406 * 255]
STD = [0.229 * 255, 0.224 * 255, 0.225 * 255]


def by_hand(images: Any) -> Any:
    """A policy as one writes it: every sample takes its own branch, and draws its own numbers there."""
    if fn.random.coin_flip(probability=0.5):
        images = fn.rotate(
            images, angle=fn.random.uniform(range=[-25.0, 25.0]), keep_size=True, fill_value=GREY
        )
        if fn.random.coin_flip(probability=0.5):
            images = fn.gaussian_blur(images, sigma=fn.random.uniform(range=[1.0, 3.0]))
    else:
        images = fn.flip(images, horizontal=fn.random.coin_flip())
        images = fn.color_twist(
            images,
            hue=fn.random.uniform(range=[-30.0, 30.0]),
            saturation=fn.random.uniform(range=[0.5, 1.8]),
            brightness=fn.random.uniform(range=[0.7, 1.3]),
        )
    return images


def policy(name: str, n: int = 2, m: int = 15) -> tuple[str, Callable[[Any], Any]]:
    """The title of a policy and the function that applies it to images. `n`, `m`: of RandAugment."""
    return {
        "rand_augment": (
            f"RandAugment({n}, {m})",
            lambda x: rand_augment.rand_augment(x, n=n, m=m, fill_value=GREY),
        ),
        "auto_augment": ("AutoAugment", lambda x: auto_augment.auto_augment(x, fill_value=GREY)),
        "trivial_augment": (
            "TrivialAugment",
            lambda x: trivial_augment.trivial_augment_wide(x, fill_value=GREY),
        ),
        "if": ("if, by hand", by_hand),
    }[name]


NAMES = ("rand_augment", "auto_augment", "trivial_augment", "if")


@pipeline_def(enable_conditionals=True)
def _shown(files: list[str], augment: Any, size: int) -> Any:
    encoded, _ = fn.readers.file(files=files, name="photos")
    images = fn.decoders.image(encoded)
    images = fn.resize(images, size=[size, size], mode="not_smaller")
    images = fn.crop(images, crop=[size, size])
    return augment(images) if augment else images


def shown(files: list[str], augment: Any, size: int, seed: int) -> Pipeline:
    """Square uint8 photos of `size` pixels for looking at. Without `augment`: as they are."""
    return _shown(files, augment, size, batch_size=1, num_threads=1, seed=seed, prefetch_queue_depth=1)


@pipeline_def(enable_conditionals=True)
def _measured(files: list[str], augment: Any, size: int) -> Any:
    encoded, labels = fn.readers.file(files=files, name="photos", random_shuffle=True)
    images = fn.decoders.image(encoded)
    images = fn.resize(images, size=[size, size])
    if augment:
        images = augment(images)
    images = fn.crop_mirror_normalize(images, dtype=types.FLOAT, output_layout="CHW", mean=MEAN, std=STD)
    return images, labels


def measured(files: list[str], augment: Any, batch: int, threads: int, size: int = 224) -> Pipeline:
    """What a training loop would be fed: float, CHW, normalised, `size` pixels square."""
    return _measured(files, augment, size, batch_size=batch, num_threads=threads, seed=1)
