"""Albumentations on OpenCV in a pool of threads; RandAugment as its nearest operations, three of them per image."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import albumentations as A
import cv2
import numpy as np
from albumentations import __version__ as VERSION

from peers import STRENGTH

__all__ = ["VERSION", "start"]


def operations():
    """Those of RandAugment that it has, with the strengths of m = 15."""
    grey = {"fill": 128, "p": 1}
    affine = [
        {"shear": {"x": (-9, 9)}},
        {"shear": {"y": (-9, 9)}},
        {"translate_percent": {"x": (-0.22, 0.22)}},
        {"translate_percent": {"y": (-0.22, 0.22)}},
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


def start(job):
    """A step that makes a batch and gives its size, and what ends it."""
    if job.work not in ("none", "randaugment"):
        raise ImportError(f"albumentations has no {job.work}")
    cv2.setNumThreads(0)
    policy = [] if job.work == "none" else [A.SomeOf(operations(), STRENGTH[0], replace=True, p=1)]
    window = A.RandomResizedCrop((job.size, job.size), (0.08, 1.0), (3 / 4, 4 / 3))
    steps = A.Compose([window, A.HorizontalFlip(), *policy, A.Normalize()])
    files = sorted(map(str, Path(job.folder, "train").glob("*/*")))
    pool = ThreadPoolExecutor(job.threads)

    def sample(path):
        image = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
        return steps(image=image)["image"].transpose(2, 0, 1)

    def step():
        return len(np.stack(list(pool.map(sample, random.choices(files, k=job.batch)))))

    return step, pool.shutdown
