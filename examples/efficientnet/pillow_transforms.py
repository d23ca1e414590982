"""The transforms of the `torch` backend, with Pillow: torchvision's policies where it is installed, else our own."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

try:
    from torchvision import transforms as torchvision
except ImportError:
    torchvision = None


def policy(name: str, strength: tuple[int, int] = (2, 9)) -> Any:
    """A function of a Pillow image. `strength`: n and m of RandAugment."""
    if name == "none":
        return lambda image: image
    grey = (128, 128, 128)
    if torchvision is not None:
        return {
            "autoaugment": lambda: torchvision.AutoAugment(fill=grey),
            "randaugment": lambda: torchvision.RandAugment(*strength, fill=grey),
            "trivialaugment": lambda: torchvision.TrivialAugmentWide(fill=grey),
        }[name]()
    from pillow_policies import Policy

    return Policy(name, strength)


class Normalise:
    """A Pillow image as a normalised tensor, CHW."""

    def __init__(self, mean: list[float], std: list[float]) -> None:
        self._mean, self._scale = np.float32(mean), 1 / np.float32(std)

    def __call__(self, image: Image.Image) -> torch.Tensor:
        values = (np.asarray(image, np.float32) - self._mean) * self._scale
        return torch.from_numpy(values.transpose(2, 0, 1).copy())


class Training:
    """A random window, a flip, a policy, normalised. `path` -> tensor."""

    def __init__(
        self, size: int, augmentation: str, strength: tuple[int, int], mean: list[float], std: list[float]
    ) -> None:
        self._size, self._named, self._policy = size, (augmentation, strength), None
        self._normalise = Normalise(mean, std)

    def __call__(self, path: Path) -> torch.Tensor:
        if self._policy is None:  # made in the worker
            self._policy = policy(*self._named)
        with Image.open(path) as file:
            image = file.convert("RGB").resize(
                (self._size, self._size), Image.Resampling.BILINEAR, window(file.width, file.height)
            )
        if random.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return self._normalise(self._policy(image))


class Validation:
    """The middle, normalised. `path` -> tensor."""

    def __init__(self, size: int, mean: list[float], std: list[float]) -> None:
        self._size, self._normalise = size, Normalise(mean, std)

    def __call__(self, path: Path) -> torch.Tensor:
        with Image.open(path) as file:
            image = file.convert("RGB")
        scale = (self._size + self._size // 7) / min(image.size)
        w, h = (max(self._size, round(extent * scale)) for extent in image.size)
        x, y = (w - self._size) // 2, (h - self._size) // 2
        image = image.resize((w, h), Image.Resampling.BILINEAR)
        return self._normalise(image.crop((x, y, x + self._size, y + self._size)))


def window(width: int, height: int) -> tuple[float, float, float, float]:
    """A window of 8 to 100 % of the area, between 3:4 and 4:3: left, top, right, bottom."""
    for _ in range(10):
        area = width * height * random.uniform(0.08, 1.0)
        ratio = np.exp(random.uniform(np.log(3 / 4), np.log(4 / 3)))
        w, h = round((area * ratio) ** 0.5), round((area / ratio) ** 0.5)
        if 0 < w <= width and 0 < h <= height:
            x, y = random.randint(0, width - w), random.randint(0, height - h)
            return x, y, x + w, y + h
    side = min(width, height)
    x, y = (width - side) // 2, (height - side) // 2
    return x, y, x + side, y + side
