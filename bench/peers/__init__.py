"""What Variegate is measured beside: an adapter of a few lines per library.

An adapter has VERSION and `start(job)`, which gives a step that makes images and says how many, and a function that ends it.
One that keeps its own time has `turn(job)` in its place. ImportError: the library, or such work, is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Of the example, whose pipelines and transforms the adapters use.
WORKS = {
    "none": "no policy",
    "autoaugment": "AutoAugment",
    "randaugment": "RandAugment(3, 15)",
    "trivialaugment": "TrivialAugment",
}
STRENGTH = (3, 15)


@dataclass
class Job:
    """Files to batches: random windows of 8 to 100 % of the area, resized, flipped, augmented, normalised floats.

    `folder` holds train/ with a folder per class; `threads`: or processes of a DataLoader.
    """

    folder: str
    work: str
    batch: int
    threads: int
    seconds: float
    size: int = 224
    device: str = "cpu"  # or "gpu": decoded and augmented there
    bare: str = ""  # the program variegate_bare
