"""Trains an image classifier: mixed precision, channels last, torch.compile, several processes, checkpoints in mid-epoch.

    python train.py FOLDER --model efficientnet_b0 --amp --epochs 90
    torchrun --nproc-per-node 8 train.py FOLDER ...

FOLDER holds train/ and val/ with a folder of images per class. The progress bar tells images per second, and which share of
the time training waited for data.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from backends import BACKENDS, Settings
from model import create
from pipelines import AUGMENTATIONS
from torch import nn


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("folder", help="holds train/ and val/, or anything with --data-backend synthetic")
    parser.add_argument("--model", default="efficientnet_b0", help="or small, torchvision:NAME, timm:NAME")
    parser.add_argument("--data-backend", choices=BACKENDS, default="variegate")
    parser.add_argument("--automatic-augmentation", choices=AUGMENTATIONS, default="autoaugment")
    parser.add_argument("--epochs", type=int, default=90)
    parser.add_argument("--batch-size", type=int, default=256, help="of one process")
    parser.add_argument("--image-size", type=int, default=224)
    parser.add_argument(
        "--threads", type=int, default=4, help="of the pipeline, or workers of the DataLoader"
    )
    parser.add_argument("--lr", type=float, default=0.08, help="at its highest, for a batch of 256")
    parser.add_argument("--weight-decay", type=float, default=1e-5)
    parser.add_argument("--label-smoothing", type=float, default=0.1)
    parser.add_argument("--warmup", type=float, default=0.05, help="share of the steps")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--amp", action="store_true", help="mixed precision: float16 on a GPU, bfloat16 on a CPU"
    )
    parser.add_argument("--no-channels-last", action="store_true")
    parser.add_argument("--compile", nargs="?", const="default", help="torch.compile with this mode")
    parser.add_argument("--checkpoint", type=Path, help="read at the start if it exists, written every epoch")
    parser.add_argument("--save-every", type=int, default=0, help="steps between checkpoints in an epoch")
    parser.add_argument("--stop-after", type=int, default=0, help="steps of this run, then save and leave")
    parser.add_argument("--json", type=Path, help="write what was reached to this file")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


class Waiting:
    """Passes batches through and adds up the seconds that they were waited for."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def over(self, batches: Iterable[Any]) -> Iterator[Any]:
        iterator = iter(batches)
        while True:
            start = time.perf_counter()
            batch = next(iterator, None)
            self.seconds += time.perf_counter() - start
            if batch is None:
                return
            yield batch


class Bar:
    """A progress bar if tqdm is installed, on rank 0."""

    def __init__(self, title: str, done: int, total: int, shown: bool) -> None:
        try:
            from tqdm import tqdm

            self._bar = tqdm(
                desc=title, total=total, initial=done, disable=None if shown else True, leave=False
            )
        except ImportError:
            self._bar = None
        self._start, self._images = time.perf_counter(), 0

    def step(self, images: int, waiting: Waiting) -> None:
        self._images += images
        if self._bar is not None:
            self._bar.set_postfix_str(self.text(waiting), refresh=False)
            self._bar.update()

    def text(self, waiting: Waiting) -> str:
        """Images per second and the share of waiting, up to now."""
        rate, share = self.figures(waiting)
        return f"{rate:,.0f} img/s, {share:.0%} waiting for data"

    def figures(self, waiting: Waiting) -> tuple[float, float]:
        seconds = max(time.perf_counter() - self._start, 1e-9)
        return self._images / seconds, waiting.seconds / seconds

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


class Training:
    """A model, what changes it, and where it stands."""

    def __init__(self, options: argparse.Namespace, settings: Settings) -> None:
        self.options, self.settings = options, settings
        self.train, self.val = BACKENDS[options.data_backend](settings)
        torch.manual_seed(options.seed)
        model = create(options.model, settings.classes).to(settings.device)
        if settings.channels_last:
            model = model.to(memory_format=torch.channels_last)
        self.plain = model  # without wrappers: what is saved and validated
        if settings.world > 1:
            model = nn.parallel.DistributedDataParallel(model, [settings.device] if settings.gpu else None)
        self.model = torch.compile(model, mode=options.compile) if options.compile else model
        self.loss = nn.CrossEntropyLoss(label_smoothing=options.label_smoothing)
        self.optimizer = torch.optim.SGD(
            self.plain.parameters(),
            options.lr,
            momentum=0.9,
            nesterov=True,
            weight_decay=options.weight_decay,
        )
        self.scaler = torch.amp.GradScaler(enabled=options.amp and settings.gpu)
        self.epoch = self.step = self.taken = 0  # steps in all, and in this run
        self.total = max(1, len(self.train) * options.epochs)

    def rate(self) -> float:
        """The learning rate of this step: up in a line, down in half a cosine."""
        highest = self.options.lr * self.options.batch_size * self.settings.world / 256
        warm = max(1, int(self.total * self.options.warmup))
        if self.step < warm:
            return highest * (self.step + 1) / warm
        return (
            highest * 0.5 * (1 + math.cos(math.pi * min(1.0, (self.step - warm) / max(1, self.total - warm))))
        )

    def cast(self) -> torch.autocast:
        kind = torch.float16 if self.settings.gpu else torch.bfloat16
        return torch.autocast(self.settings.device.partition(":")[0], kind, enabled=self.options.amp)

    def learn(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """One step."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        with self.cast():
            loss = self.loss(self.model(images), labels)
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.step, self.taken = self.step + 1, self.taken + 1
        return loss.detach()

    def run_epoch(self) -> tuple[float, float, float] | None:
        """Mean loss, images per second, share of waiting; None if the run stops within the epoch."""
        options = self.options
        self.model.train()
        waiting, total, count = Waiting(), torch.zeros((), device=self.settings.device), 0
        done = self.step - self.epoch * len(self.train)
        bar = Bar(f"epoch {self.epoch}", max(0, done), len(self.train), self.settings.rank == 0)
        for images, labels in waiting.over(self.train):
            total += self.learn(images, labels)
            count += 1
            bar.step(len(labels) * self.settings.world, waiting)
            if options.save_every and self.step % options.save_every == 0:
                self.save()
            if options.stop_after and self.taken >= options.stop_after:
                bar.close()
                self.save()
                return None
        loss = (total / max(count, 1)).item()  # waits for the device, so that the rate is true
        rate, share = bar.figures(waiting)
        bar.close()
        return loss, rate, share

    @torch.no_grad()
    def accuracy(self) -> float:
        """The share of validation images that are told right, over all ranks."""
        self.plain.eval()
        right = torch.zeros(2, device=self.settings.device)
        for images, labels in self.val:
            with self.cast():
                guess = self.plain(images).argmax(1)
            right += torch.stack([(guess == labels).sum(), torch.tensor(len(labels), device=guess.device)])
        if self.settings.world > 1:
            dist.all_reduce(right)
        return (right[0] / right[1].clamp(min=1)).item()

    def save(self) -> None:
        """The model and where the data stand. The loader's state is equal on all ranks: rank 0 writes for all."""
        if self.options.checkpoint is None or self.settings.rank != 0:
            return
        state = {
            "model": self.plain.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "data": self.train.state_dict(),
            "epoch": self.epoch,
            "step": self.step,
        }
        partial = self.options.checkpoint.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(self.options.checkpoint)

    def resume(self) -> None:
        """Goes on at the checkpoint, if there is one."""
        if self.options.checkpoint is None or not self.options.checkpoint.exists():
            return
        state = torch.load(self.options.checkpoint, map_location=self.settings.device, weights_only=True)
        self.plain.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scaler.load_state_dict(state["scaler"])
        self.train.load_state_dict(state["data"])
        self.epoch, self.step = state["epoch"], state["step"]


def start(options: argparse.Namespace) -> Settings:
    """The settings of this process, in a process group if there are several."""
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    device = options.device
    if device == "cuda":
        device = f"cuda:{os.environ.get('LOCAL_RANK', 0)}"
        torch.cuda.set_device(device)
    if world > 1:
        dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    folder = Path(options.folder, "train")
    classes = sum(p.is_dir() for p in folder.iterdir()) if folder.is_dir() else 1000
    return Settings(
        folder=options.folder,
        size=options.image_size,
        batch=options.batch_size,
        threads=options.threads,
        augmentation=options.automatic_augmentation,
        channels_last=not options.no_channels_last,
        half=options.amp and device.startswith("cuda"),
        device=device,
        seed=options.seed,
        rank=rank,
        world=world,
        classes=classes,
    )


def main(argv: list[str] | None = None) -> list[dict[str, float]]:
    """Trains, and tells every epoch."""
    options = arguments(argv)
    settings = start(options)
    training = Training(options, settings)
    training.resume()
    epochs = []
    while training.epoch < options.epochs and (figures := training.run_epoch()) is not None:
        training.epoch += 1
        training.save()
        loss, rate, share = figures
        accuracy = training.accuracy()
        told = {"epoch": training.epoch, "step": training.step, "loss": loss, "accuracy": accuracy}
        epochs.append({**told, "images_per_second": rate, "waiting": share})
        if settings.rank == 0:
            print(
                f"epoch {training.epoch}: loss {loss:.3f}, {rate:,.0f} img/s, {share:.0%} waiting for data, "
                f"{accuracy:.1%} right",
                flush=True,
            )
    if options.json is not None and settings.rank == 0:
        options.json.write_text(json.dumps(epochs, indent=1) + "\n")
    if settings.world > 1:
        dist.destroy_process_group()
    return epochs


if __name__ == "__main__":
    main()
