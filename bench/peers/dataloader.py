"""torch's DataLoader: a process per worker, Pillow and torchvision's transforms in it."""

from peers.torchvision import transform
from PIL import Image
from torch import __version__ as VERSION
from torch.utils.data import DataLoader, Dataset

__all__ = ["VERSION", "start"]


class Photos(Dataset):
    def __init__(self, files, work):
        self.files, self.transform = files, transform(work)

    def __len__(self):
        return 1 << 30  # the epoch does not end while it is measured

    def __getitem__(self, i):
        return self.transform(Image.open(self.files[i * 7919 % len(self.files)]).convert("RGB"))


def start(files, work, batch, threads):
    """A step that makes a batch and gives its size, and what ends it."""
    loader = DataLoader(Photos(files, work), batch, num_workers=threads)
    batches = iter(loader)
    for _ in range(2 * threads):  # what they hold ahead
        next(batches)
    return lambda: len(next(batches)), lambda: None
