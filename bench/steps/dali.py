"""NVIDIA DALI on the CPU, through a pipeline of one thread."""

import nvidia.dali.auto_aug.auto_augment
import nvidia.dali.auto_aug.rand_augment
import nvidia.dali.auto_aug.trivial_augment  # noqa: F401
from nvidia.dali import __version__ as VERSION

from steps import pipeline

__all__ = ["VERSION", "start"]


def start(work, images):
    """A step that makes a batch and gives its size."""
    return pipeline.start(work, images, "nvidia.dali")
