"""Where batches come from: a function per `--data-backend`, each a few lines.

A backend gives the batches of training and of validation. Both are iterated once per epoch and give (images, labels):
images of shape (B, 3, size, size), labels int64 of shape (B,), on the device of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pipelines import MEAN, STD, Pipelines
from torch.utils.data import ConcatDataset, DataLoader, Dataset, DistributedSampler

IMAGES = {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".ppm", ".webp"}


@dataclass
class Settings:
    """What all backends are told. `threads`: of the pipeline, or workers of the DataLoader."""

    folder: str
    size: int = 224
    batch: int = 64
    threads: int = 4
    augmentation: str = "autoaugment"
    strength: tuple[int, int] = (2, 9)  # n and m of RandAugment
    channels_last: bool = True
    half: bool = False
    device: str = "cpu"
    seed: int = 1
    rank: int = 0
    world: int = 1
    classes: int = 1000
    steps: int = 50  # of an epoch of synthetic data
    repeat: int = 1  # times that an epoch of torch's DataLoader takes each file

    @property
    def gpu(self) -> bool:
        return self.device.startswith("cuda")

    def part(self, name: str) -> str:
        """The folder of training ("train") or validation ("val")."""
        return str(Path(self.folder, name))

    def pipelines(self, library: str) -> Pipelines:
        return Pipelines(
            library, self.size, self.augmentation, self.channels_last, self.half, self.gpu, self.strength
        )

    def options(self, **more: Any) -> dict[str, Any]:
        """Of a pipeline. The seed is equal on all ranks: it decides who reads what."""
        device = torch.device(self.device).index or 0 if self.gpu else None
        return {
            "batch_size": self.batch,
            "num_threads": self.threads,
            "device_id": device,
            "seed": self.seed,
            **more,
        }


class Batches:
    """Any loader whose steps are pairs, as batches on the device of the model."""

    def __init__(self, loader: Any, settings: Settings) -> None:
        self.loader, self._settings, self._epoch = loader, settings, 0

    def __len__(self) -> int:
        return len(self.loader)

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        sampler = getattr(self.loader, "sampler", None)
        if isinstance(sampler, DistributedSampler):
            sampler.set_epoch(self._epoch)
        self._epoch += 1
        for images, labels in self.loader:
            images = images.to(self._settings.device, non_blocking=True)
            if images.shape[-1] == 3:  # HWC in memory, which PyTorch calls channels last
                images = images.permute(0, 3, 1, 2)
            elif self._settings.channels_last:
                images = images.contiguous(memory_format=torch.channels_last)
            labels = labels.to(self._settings.device, non_blocking=True).long().flatten()
            yield images.half() if self._settings.half else images, labels

    def state_dict(self) -> dict[str, Any] | None:
        """The loader's own state; None if it has none, and a resumed run begins the epoch again."""
        return self.loader.state_dict() if hasattr(self.loader, "state_dict") else None

    def load_state_dict(self, state: dict[str, Any] | None) -> None:
        if state is not None:
            self.loader.load_state_dict(state)


class Files(Dataset):
    """A folder of classes, as (transform(path), class)."""

    def __init__(self, folder: str, transform: Callable[[Path], Any]) -> None:
        folders = sorted(p for p in Path(folder).iterdir() if p.is_dir())
        self._files = [
            (file, label)
            for label, f in enumerate(folders)
            for file in sorted(f.iterdir())
            if file.suffix.lower() in IMAGES
        ]
        self._transform = transform

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, i: int) -> tuple[Any, int]:
        file, label = self._files[i]
        return self._transform(file), label


def variegate(s: Settings) -> tuple[Batches, Batches]:
    """This library. Ranks come from torchrun's environment."""
    pipelines = s.pipelines("variegate")
    training = pipelines.training(s.part("train"), {}, **s.options())
    validation = pipelines.validation(s.part("val"), {}, **s.options())
    loader = pipelines.plugin.Loader
    return Batches(loader(training), s), Batches(loader(validation), s)


def variegate_proxy(s: Settings) -> tuple[Batches, Batches]:
    """This library behind torch's DataLoader: its workers read files, the pipeline does the rest."""
    from variegate.plugin.pytorch.experimental import proxy

    server = proxy.DALIServer(s.pipelines("variegate").proxied(**s.options(prefetch_queue_depth=4)))
    files = _repeated(Files(s.part("train"), _Read(server.proxy)), s)
    loader = proxy.DataLoader(server, files, **_loading(files, s))
    return Batches(loader, s), variegate(s)[1]


class _Read:
    """The bytes of a file in front of a transform."""

    def __init__(self, transform: Callable[[np.ndarray], Any]) -> None:
        self._transform = transform

    def __call__(self, path: Path) -> Any:
        return self._transform(np.fromfile(path, np.uint8))


def _repeated(files: Dataset, s: Settings) -> Dataset:
    return ConcatDataset([files] * s.repeat) if s.repeat > 1 else files


def _loading(files: Dataset, s: Settings) -> dict[str, Any]:
    sampler = DistributedSampler(files, s.world, s.rank, seed=s.seed) if s.world > 1 else None
    return {
        "batch_size": s.batch,
        "shuffle": sampler is None,
        "sampler": sampler,
        "drop_last": True,
        "num_workers": s.threads,
        "persistent_workers": s.threads > 0,
        "pin_memory": s.gpu,
    }


def torch_loader(s: Settings) -> tuple[Batches, Batches]:
    """torch's DataLoader with Pillow: torchvision's policies, or our own where torchvision is missing."""
    from pillow_transforms import Training, Validation

    files = _repeated(Files(s.part("train"), Training(s.size, s.augmentation, s.strength, MEAN, STD)), s)
    held_out = Files(s.part("val"), Validation(s.size, MEAN, STD))
    sampler = DistributedSampler(held_out, s.world, s.rank, shuffle=False) if s.world > 1 else None
    validation = DataLoader(held_out, s.batch, sampler=sampler, num_workers=s.threads, pin_memory=s.gpu)
    return Batches(DataLoader(files, **_loading(files, s)), s), Batches(validation, s)


class _OfIterator:
    """One of DALI's iterators as pairs, an epoch per loop."""

    def __init__(self, iterator: Any) -> None:
        self._iterator = iterator

    def __len__(self) -> int:
        return len(self._iterator)

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for step in self._iterator:
            yield step[0]["data"], step[0]["label"]
        self._iterator.reset()


def dali(s: Settings) -> tuple[Batches, Batches]:
    """NVIDIA DALI: the same pipelines and iterators, from its own package."""
    pipelines = s.pipelines("nvidia.dali")
    shard = {"shard_id": s.rank, "num_shards": s.world}
    iterator, policy = pipelines.plugin.DALIClassificationIterator, pipelines.plugin.LastBatchPolicy
    training = iterator(
        pipelines.training(s.part("train"), shard, **s.options()),
        reader_name="Reader",
        last_batch_policy=policy.DROP,
    )
    validation = iterator(
        pipelines.validation(s.part("val"), shard, **s.options()),
        reader_name="Reader",
        last_batch_policy=policy.PARTIAL,
    )
    return Batches(_OfIterator(training), s), Batches(_OfIterator(validation), s)


class _Synthetic:
    """The same batch again and again: what training reaches if data cost nothing."""

    def __init__(self, s: Settings) -> None:
        generator = torch.Generator().manual_seed(s.seed)
        shape = (s.batch, s.size, s.size, 3) if s.channels_last else (s.batch, 3, s.size, s.size)
        images = torch.randn(shape, generator=generator).to(
            s.device, torch.float16 if s.half else torch.float32
        )
        labels = torch.randint(0, s.classes, (s.batch,), generator=generator).to(s.device)
        self._batch, self._steps = (images, labels), s.steps

    def __len__(self) -> int:
        return self._steps

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for _ in range(self._steps):
            yield self._batch


def synthetic(s: Settings) -> tuple[Batches, Batches]:
    """No data at all."""
    return Batches(_Synthetic(s), s), Batches(_Synthetic(s), s)


BACKENDS = {
    "variegate": variegate,
    "variegate-proxy": variegate_proxy,
    "torch": torch_loader,
    "dali": dali,
    "synthetic": synthetic,
}
