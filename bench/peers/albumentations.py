"""Albumentations on OpenCV in a pool of threads; RandAugment as its nearest operations, two of them per image."""

import random
from concurrent.futures import ThreadPoolExecutor

import albumentations as A
import cv2
import numpy as np
from albumentations import __version__ as VERSION

__all__ = ["VERSION", "start"]


def operations():
    grey = {"fill": 128, "p": 1}
    affine = [
        {"shear": {"x": (-17, 17)}},
        {"shear": {"y": (-17, 17)}},
        {"translate_percent": {"x": (-0.2, 0.2)}},
        {"translate_percent": {"y": (-0.2, 0.2)}},
        {"rotate": (-15, 15)},
    ]
    return [
        A.ColorJitter((0.55, 1.45), 0, 0, 0, p=1),
        A.ColorJitter(0, (0.55, 1.45), 0, 0, p=1),
        A.ColorJitter(0, 0, (0.55, 1.45), 0, p=1),
        A.Sharpen(p=1),
        *(A.Affine(**{"scale": 1, "rotate": 0, "shear": 0, **one}, **grey) for one in affine),
        A.Posterize(6, p=1),
        A.Solarize((0.5, 0.5), p=1),
        A.AutoContrast(p=1),
        A.Equalize(p=1),
        A.NoOp(p=1),
    ]


def start(files, work, batch, threads):
    """A step that makes a batch and gives its size, and what ends it."""
    cv2.setNumThreads(0)
    policy = [A.SomeOf(operations(), 2, replace=True, p=1)] if work == "rand_augment" else []
    if work not in ("plain", "rand_augment"):
        raise ImportError(f"has no {work}")
    steps = A.Compose([A.Resize(224, 224), *policy, A.Normalize()])

    def sample(path):
        image = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
        return steps(image=image)["image"].transpose(2, 0, 1)

    pool = ThreadPoolExecutor(threads)
    return lambda: len(np.stack(list(pool.map(sample, random.sample(files, batch))))), pool.shutdown
