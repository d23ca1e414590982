"""The pipelines of the example, for Variegate and, letter for letter, for NVIDIA DALI: both have the same names."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

MEAN = [0.485 * 255, 0.456 * 255, 0.406 * 255]
STD = [0.229 * 255, 0.224 * 255, 0.225 * 255]
AUGMENTATIONS = ("none", "autoaugment", "randaugment", "trivialaugment")


class Pipelines:
    """Training and validation with one of the two libraries ("variegate" or "nvidia.dali").

    Args:
        size: of the images that come out.
        channels_last: whether they are HWC, else CHW. half: float16, else float32.
        gpu: whether decoded images go to the GPU at once.
        strength: n and m of RandAugment.
    """

    def __init__(
        self,
        library: str,
        size: int,
        augmentation: str,
        channels_last: bool,
        half: bool,
        gpu: bool,
        strength: tuple[int, int] = (2, 9),
    ) -> None:
        self.library, self.strength = importlib.import_module(library), strength
        self.size, self.augmentation, self.gpu = size, augmentation, gpu
        self.layout, self.half = "HWC" if channels_last else "CHW", half

    @property
    def plugin(self) -> ModuleType:
        """The bridge to PyTorch, which the pipelines themselves do without."""
        return importlib.import_module(f"{self.library.__name__}.plugin.pytorch")

    def training(self, folder: str, shard: dict[str, int], **options: Any) -> Any:
        """Reads files itself. `shard`: shard_id and num_shards, or nothing."""

        def graph() -> Any:
            encoded, label = self.library.fn.readers.file(
                file_root=folder, name="Reader", random_shuffle=True, **shard
            )
            return self._augmented(encoded), label

        return self._pipeline(graph, options)

    def proxied(self, **options: Any) -> Any:
        """Is fed with encoded files by the workers of a DataLoader."""

        def graph() -> Any:
            return self._augmented(self.library.fn.external_source(name="images", no_copy=True))

        return self._pipeline(graph, options)

    def validation(self, folder: str, shard: dict[str, int], **options: Any) -> Any:
        """Each image once, the middle of it."""

        def graph() -> Any:
            fn = self.library.fn
            encoded, label = fn.readers.file(file_root=folder, name="Reader", pad_last_batch=True, **shard)
            images = fn.decoders.image(encoded, device=self._decoder())
            images = fn.resize(images, resize_shorter=self.size + self.size // 7)
            return self._normalised(images), label

        return self._pipeline(graph, options)

    def _pipeline(self, graph: Any, options: dict[str, Any]) -> Any:
        return self.library.pipeline_def(enable_conditionals=True)(graph)(**options)

    def _decoder(self) -> str:
        return "mixed" if self.gpu else "cpu"

    def _augmented(self, encoded: Any) -> Any:
        fn, size = self.library.fn, self.size
        images = fn.decoders.image_random_crop(
            encoded, device=self._decoder(), random_aspect_ratio=[3 / 4, 4 / 3], random_area=[0.08, 1.0]
        )
        images = fn.resize(images, size=[size, size])
        images = fn.flip(images, horizontal=fn.random.coin_flip(probability=0.5))
        return self._normalised(self._policy(images))

    def _policy(self, images: Any) -> Any:
        shape = [self.size, self.size]
        if self.augmentation == "autoaugment":
            return self._module("auto_augment").auto_augment_image_net(images, shape=shape)
        if self.augmentation == "randaugment":
            n, m = self.strength
            return self._module("rand_augment").rand_augment(images, n=n, m=m, shape=shape)
        if self.augmentation == "trivialaugment":
            return self._module("trivial_augment").trivial_augment_wide(images, shape=shape)
        return images

    def _module(self, name: str) -> ModuleType:
        return importlib.import_module(f"{self.library.__name__}.auto_aug.{name}")

    def _normalised(self, images: Any) -> Any:
        types = self.library.types
        return self.library.fn.crop_mirror_normalize(
            images,
            dtype=types.FLOAT16 if self.half else types.FLOAT,
            output_layout=self.layout,
            crop=(self.size, self.size),
            mean=MEAN,
            std=STD,
        )
