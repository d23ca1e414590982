"""AutoAugment, RandAugment and TrivialAugment with Pillow, for machines without torchvision: Variegate's tables, Pillow's pixels."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageEnhance, ImageOps
from variegate.auto_aug import auto_augment, rand_augment, trivial_augment

GREY = (128, 128, 128)
ENHANCE = {
    "brightness": ImageEnhance.Brightness,
    "contrast": ImageEnhance.Contrast,
    "color": ImageEnhance.Color,
    "sharpness": ImageEnhance.Sharpness,
}


def _affine(image: Image.Image, *matrix: float) -> Image.Image:
    return image.transform(
        image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=GREY
    )


def _add_below_middle(image: Image.Image, amount: float) -> Image.Image:
    return image.point([min(255, round(v + amount)) if v < 128 else v for v in range(256)] * 3)


OPERATIONS: dict[str, Callable[[Image.Image, float], Image.Image]] = {
    "shear_x": lambda im, m: _affine(im, 1, m, 0, 0, 1, 0),
    "shear_y": lambda im, m: _affine(im, 1, 0, 0, m, 1, 0),
    "translate_x": lambda im, m: _affine(im, 1, 0, m * im.width, 0, 1, 0),
    "translate_y": lambda im, m: _affine(im, 1, 0, 0, 0, 1, m * im.height),
    "rotate": lambda im, m: im.rotate(m, Image.Resampling.BILINEAR, fillcolor=GREY),
    "posterize": lambda im, m: im.point([v & (0xFF00 >> round(m)) & 0xFF for v in range(256)] * 3),
    "solarize": lambda im, m: ImageOps.solarize(im, round(m)),
    "solarize_add": _add_below_middle,
    "equalize": lambda im, m: ImageOps.equalize(im),
    "auto_contrast": lambda im, m: ImageOps.autocontrast(im),
    "invert": lambda im, m: ImageOps.invert(im),
    "identity": lambda im, m: im,
}


def apply(augmentation: Any, image: Image.Image, position: float) -> Image.Image:
    """One augmentation of a suite, at a position in [0, 1] of its range of magnitudes."""
    magnitude = 0.0
    if augmentation.mag_range is not None:
        low, high = augmentation.mag_range
        magnitude = low + position * (high - low)
        if augmentation.randomly_negate and random.random() < 0.5:
            magnitude = -magnitude
    name = augmentation.name
    if name in ENHANCE:
        factor = 1 + magnitude if augmentation.randomly_negate else magnitude
        return ENHANCE[name](image).enhance(factor)
    return OPERATIONS[name](image, magnitude)


class Policy:
    """ "autoaugment", "randaugment" (`strength`: n and m) or "trivialaugment", as a function of an RGB image."""

    def __init__(self, name: str, strength: tuple[int, int] = (2, 9)) -> None:
        self._strength = strength
        self._stages = {
            "autoaugment": self._auto,
            "randaugment": self._rand,
            "trivialaugment": self._trivial,
        }[name]
        self._policy = auto_augment.get_image_net_policy(use_shape=True)
        self._rand_suite = rand_augment.get_rand_augment_suite(use_shape=True)
        self._trivial_suite = trivial_augment.get_trivial_augment_wide_suite(use_shape=True)

    def __call__(self, image: Image.Image) -> Image.Image:
        for augmentation, position in self._stages():
            image = apply(augmentation, image, position)
        return image

    def _auto(self) -> list[tuple[Any, float]]:
        last = self._policy.num_magnitude_bins - 1
        stages = random.choice(self._policy.sub_policies)
        return [(aug, (bin_ or 0) / last) for aug, p, bin_ in stages if random.random() < p]

    def _rand(self) -> list[tuple[Any, float]]:
        n, m = self._strength
        return [(random.choice(self._rand_suite), m / 30) for _ in range(n)]

    def _trivial(self) -> list[tuple[Any, float]]:
        return [(random.choice(self._trivial_suite), random.randint(0, 30) / 30)]
