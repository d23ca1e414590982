"""NVIDIA DALI on the CPU: the same pipeline."""

from nvidia.dali import __version__ as VERSION
from nvidia.dali import fn, pipeline_def, types
from nvidia.dali.auto_aug import rand_augment, trivial_augment
from variegate._cli.policies import MEAN, STD

__all__ = ["VERSION", "start"]


@pipeline_def(enable_conditionals=True, device_id=None)
def pipeline(files, work):
    encoded, _ = fn.readers.file(files=files, random_shuffle=True)
    images = fn.resize(fn.decoders.image(encoded), size=[224, 224])
    if work == "rand_augment":
        images = rand_augment.rand_augment(images, n=2, m=15, fill_value=128)
    elif work == "trivial_augment":
        images = trivial_augment.trivial_augment_wide(images, fill_value=128)
    return fn.crop_mirror_normalize(images, dtype=types.FLOAT, output_layout="CHW", mean=MEAN, std=STD)


def start(files, work, batch, threads):
    """A step that makes a batch and gives its size, and what ends it."""
    pipe = pipeline(files, work, batch_size=batch, num_threads=threads, seed=1)
    pipe.build()
    return lambda: len(pipe.run()[0]), lambda: None
