"""torchvision's transforms of Pillow's images, in torch's DataLoader."""

import torch
from pipelines import MEAN, STD
from torch.utils.data import ConcatDataset, DataLoader
from torchvision import __version__ as VERSION
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2

from peers import STRENGTH, workers

__all__ = ["VERSION", "start"]


def transform(job):
    """What one writes with torchvision, from an image of Pillow to a normalised tensor."""
    policy = {
        "none": [],
        "autoaugment": [v2.AutoAugment(fill=128)],
        "randaugment": [v2.RandAugment(*STRENGTH, fill=128)],
        "trivialaugment": [v2.TrivialAugmentWide(fill=128)],
    }
    steps = [v2.PILToTensor(), v2.ToDtype(torch.float32), v2.Normalize(MEAN, STD)]
    return v2.Compose([v2.RandomResizedCrop(job.size), v2.RandomHorizontalFlip(), *policy[job.work], *steps])


def start(job):
    """A step that makes images and gives their number, and what ends it."""
    torch.set_num_threads(1)
    files = ConcatDataset([ImageFolder(job.folder + "/train", transform(job))] * 200)
    return workers.steps(
        DataLoader(files, job.batch, shuffle=True, num_workers=job.threads, drop_last=True), job.threads
    )
