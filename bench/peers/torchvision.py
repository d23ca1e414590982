"""torchvision's transforms in a pool of threads."""

import random
from concurrent.futures import ThreadPoolExecutor

import torch
from PIL import Image
from torchvision import __version__ as VERSION
from torchvision.transforms import v2
from variegate._cli.policies import MEAN, STD

__all__ = ["VERSION", "start"]


def transform(work):
    """What one writes with torchvision, from an image of Pillow to a normalised tensor."""
    policy = {
        "plain": [],
        "rand_augment": [v2.RandAugment(2, 15, fill=128)],
        "trivial_augment": [v2.TrivialAugmentWide(fill=128)],
    }
    steps = [v2.PILToTensor(), v2.ToDtype(torch.float32), v2.Normalize(MEAN, STD)]
    return v2.Compose([v2.Resize((224, 224)), *policy[work], *steps])


def start(files, work, batch, threads):
    """A step that makes a batch and gives its size, and what ends it."""
    torch.set_num_threads(1)
    steps, pool = transform(work), ThreadPoolExecutor(threads)

    def sample(path):
        return steps(Image.open(path).convert("RGB"))

    return lambda: len(torch.stack(list(pool.map(sample, random.sample(files, batch))))), pool.shutdown
