"""torch's DataLoader with Pillow: the example's backend, and its policies by Pillow."""

import pillow_transforms
import torch
from backends import Settings, torch_loader
from PIL import __version__ as VERSION

from peers import STRENGTH, workers

__all__ = ["VERSION", "start"]


def start(job):
    """A step that makes images and gives their number, and what ends it."""
    torch.set_num_threads(1)
    pillow_transforms.torchvision = None  # a peer of its own
    settings = Settings(job.folder, job.size, job.batch, job.threads, job.work, STRENGTH, channels_last=False)
    settings.repeat = 200  # an epoch of few files must not end while it is measured
    return workers.steps(torch_loader(settings)[0].loader, job.threads)
