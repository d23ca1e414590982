"""The training step that bench/training.py feeds: compiled, and on a GPU captured as one graph."""

from __future__ import annotations

import sys
from typing import Any


class Step:
    """One training step in mixed precision (bfloat16), as a function of images and labels.

    "graph": the compiled model, captured with its optimizer as a CUDA graph, so that the host's part is one launch.
    """

    def __init__(self, kind: str, model: str, example: tuple[Any, Any], device: str) -> None:
        import torch
        from model import create

        self._torch, self._device = torch, device.partition(":")[0]
        net = create(model, 1000).to(device, memory_format=torch.channels_last).train()
        self._optimizer = torch.optim.SGD(net.parameters(), 1e-3, momentum=0.9)
        self._loss = torch.nn.CrossEntropyLoss(label_smoothing=0.1)
        self._net = torch.compile(net) if kind != "eager" else net
        self._graph: Any = None
        for _ in range(3):
            self._once(*example)
        if kind == "graph":
            self._capture(*example)

    def _once(self, images: Any, labels: Any) -> None:
        self._optimizer.zero_grad(set_to_none=True)
        with self._torch.autocast(self._device, self._torch.bfloat16):
            loss = self._loss(self._net(images), labels)
        loss.backward()
        self._optimizer.step()

    def _capture(self, images: Any, labels: Any) -> None:
        cuda = self._torch.cuda
        self._images, self._labels = images.clone(), labels.clone()
        side = cuda.Stream()
        side.wait_stream(cuda.current_stream())
        with cuda.stream(side):
            for _ in range(3):
                self._once(self._images, self._labels)
        cuda.current_stream().wait_stream(side)
        self._optimizer.zero_grad(set_to_none=True)
        graph = cuda.CUDAGraph()
        # Threads of loaders may use the GPU meanwhile.
        with cuda.graph(graph, capture_error_mode="thread_local"):
            self._once(self._images, self._labels)
        self._graph = graph

    def __call__(self, images: Any, labels: Any) -> None:
        if self._graph is None:
            self._once(images, labels)
            return
        self._images.copy_(images, non_blocking=True)
        self._labels.copy_(labels, non_blocking=True)
        self._graph.replay()


def make_step(kind: str, model: str, example: tuple[Any, Any], device: str) -> tuple[Step, str]:
    """The step, and how it runs: in a simpler way where this machine cannot compile or capture it."""
    ways = ["graph", "compiled", "eager"]
    for way in ways[ways.index(kind) :]:
        try:
            return Step(way, model, example, device), way
        except Exception as e:
            if way == "eager":
                raise
            print(f"the step does not run as {way!r}: {type(e).__name__}: {str(e)[:300]}", file=sys.stderr)
    raise AssertionError
