"""Batches in pinned memory: copies to a GPU read it by themselves, and must have ended before it is used again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import torch

#: Batches whose copies may be on their way; a loop that is farther ahead of the GPU waits.
MOST = 4


def device_to_pin_for() -> int:
    """The current CUDA device of PyTorch; -1 where it has none."""
    return torch.cuda.current_device() if torch.cuda.is_available() else -1


def recorded() -> Any:
    """An event behind all that the current stream was given so far."""
    event = torch.cuda.Event()
    event.record()
    return event


class Held:
    """Keeps what was given until the stream that was current when the loop asked for more has passed that point."""

    def __init__(self, record: Callable[[], Any] = recorded) -> None:
        self._record = record
        self._waiting: deque[tuple[Any, Any]] = deque()

    def keep(self, batch: Any) -> None:
        """The loop has no further copies of `batch` to start."""
        self._waiting.append((self._record(), batch))
        while self._waiting and self._waiting[0][0].query():
            self._waiting.popleft()
        if len(self._waiting) > MOST:
            self._waiting.popleft()[0].synchronize()

    def end(self) -> None:
        """Waits for all copies."""
        while self._waiting:
            self._waiting.popleft()[0].synchronize()
