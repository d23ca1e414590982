"""Work on images in memory, on one core: an adapter of a few lines per library.

An adapter has VERSION and `start(work, images)`, which gives a step that makes images and says how many. `images` are uint8 arrays
of 224 x 224 x 3. ImportError: the library, or such work, is missing. All warps are bilinear, with a grey fill.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: work: title, and (n, m) of RandAugment.
POLICIES = {
    "none": ("none: a copy", None),
    "autoaugment": ("AutoAugment", None),
    "randaugment2": ("RandAugment(2, 15)", (2, 15)),
    "randaugment": ("RandAugment(3, 15)", (3, 15)),
    "trivialaugment": ("TrivialAugment", None),
}
#: Those of RandAugment, in the middle of their ranges (m = 15).
AUGMENTATIONS = (
    "brightness contrast color sharpness shear_x shear_y translate_x translate_y rotate posterize solarize "
    "auto_contrast equalize"
).split()
#: Others: a horizontal flip; sigma = 1.5; to 160 x 160, antialiased; to floats with mean and deviation, CHW.
OTHERS = ("flip", "gaussian_blur", "resize", "normalize")
SIGMA, SMALLER = 1.5, 160


def each(images: list[Any], run: Callable[[Any], Any]) -> Callable[[], int]:
    """A step that runs a function on all images."""

    def step() -> int:
        for image in images:
            run(image)
        return len(images)

    return step
