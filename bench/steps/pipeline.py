"""This library through a pipeline of one thread, as one uses it; DALI's has the same words."""

import importlib

from pipelines import MEAN, STD
from variegate import __version__ as VERSION

from steps import AUGMENTATIONS, POLICIES, SIGMA, SMALLER

__all__ = ["VERSION", "start"]

BATCH = 64


def worked(library, work, data):
    """The output of the pipeline."""
    fn, types = library.fn, library.types
    modules = {
        name: importlib.import_module(f"{library.__name__}.auto_aug.{name}")
        for name in ("auto_augment", "rand_augment", "trivial_augment")
    }
    rand_augment = modules["rand_augment"]
    if work in AUGMENTATIONS:
        suite = {a.name: a for a in rand_augment.get_rand_augment_suite()}
        return rand_augment.apply_rand_augment([suite[work]], data, 1, 15)
    if work.startswith("randaugment"):
        return rand_augment.rand_augment(data, *POLICIES[work][1])
    return {
        "none": lambda: fn.copy(data),
        "autoaugment": lambda: modules["auto_augment"].auto_augment(data),
        "trivialaugment": lambda: modules["trivial_augment"].trivial_augment_wide(data),
        "flip": lambda: fn.flip(data, horizontal=1),
        "gaussian_blur": lambda: fn.gaussian_blur(data, sigma=SIGMA),
        "resize": lambda: fn.resize(data, size=[SMALLER, SMALLER]),
        "normalize": lambda: fn.crop_mirror_normalize(
            data, dtype=types.FLOAT, output_layout="CHW", mean=MEAN, std=STD
        ),
    }[work]()


def start(work, images, name="variegate"):
    """A step that makes a batch and gives its size."""
    library = importlib.import_module(name)
    batch = (images * BATCH)[:BATCH]

    def graph():
        data = library.fn.external_source(source=lambda: batch, layout="HWC", no_copy=True)
        return worked(library, work, data)

    options = {"batch_size": BATCH, "num_threads": 1, "device_id": None, "seed": 1}
    pipe = library.pipeline_def(enable_conditionals=True)(graph)(**options)
    pipe.build()
    return lambda: len(pipe.run()[0])
