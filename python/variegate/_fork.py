"""What becomes of pipelines where the process forks, as DataLoader's workers do."""

from __future__ import annotations

import os
import weakref
from typing import Any

_of_parent: list[Any] = []


def leave_to_parent(alive: weakref.WeakSet[Any]) -> None:
    """From now on a forked child neither uses nor ends these pipelines: their threads are its parent's alone."""

    def forget() -> None:
        for pipe in list(alive):
            _of_parent.append(pipe._core)  # never ended
            pipe._core, pipe._closed = None, True
        alive.clear()

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=forget)
