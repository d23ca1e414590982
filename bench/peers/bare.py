"""libjpeg-turbo alone, called through Pillow: files to pixels and nothing else. No library that decodes whole images passes it."""

import random
from concurrent.futures import ThreadPoolExecutor

from PIL import Image, features

VERSION = features.version_feature("libjpeg_turbo") or "libjpeg"

__all__ = ["VERSION", "start"]


def start(files, work, batch, threads):
    """A step that decodes a batch and gives its size, and what ends it."""
    if work != "plain":
        raise ImportError("decodes only")

    def sample(path):
        Image.open(path).load()

    pool = ThreadPoolExecutor(threads)
    return lambda: len(list(pool.map(sample, random.sample(files, batch)))), pool.shutdown
