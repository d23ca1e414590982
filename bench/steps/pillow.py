"""Pillow: the policies of the example, and its own filters."""

import numpy as np
from PIL import Image, ImageFilter
from PIL import __version__ as VERSION
from pillow_policies import Policy, apply
from pipelines import MEAN, STD
from variegate.auto_aug.rand_augment import get_rand_augment_suite

from steps import AUGMENTATIONS, POLICIES, SIGMA, SMALLER, each

__all__ = ["VERSION", "start"]


def start(work, images):
    """A step that makes images and gives their number."""
    mean, scale = np.float32(MEAN), 1 / np.float32(STD)
    runs = {
        "none": lambda image: image.copy(),
        "flip": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "gaussian_blur": lambda image: image.filter(ImageFilter.GaussianBlur(SIGMA)),
        "resize": lambda image: image.resize((SMALLER, SMALLER), Image.Resampling.BILINEAR),
        "normalize": lambda image: np.ascontiguousarray(
            ((np.asarray(image, np.float32) - mean) * scale).transpose(2, 0, 1)
        ),
    }
    if work in AUGMENTATIONS:
        augmentation = {a.name: a for a in get_rand_augment_suite(use_shape=True)}[work]
        run = lambda image: apply(augmentation, image, 0.5)  # noqa: E731
    elif work in runs:
        run = runs[work]
    else:
        run = Policy(work.rstrip("2"), POLICIES[work][1] or (2, 9))
    return each([Image.fromarray(image) for image in images], run)
