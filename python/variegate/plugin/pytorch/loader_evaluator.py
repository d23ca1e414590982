"""LoaderEvaluator: measures a loader where it stands, or replays some of its batches, which then cost nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

from ...errors import ArgumentValueError


class LoaderEvaluator:
    """A loader in front of a training loop, with a watch on the seconds that the loop waits for batches.

        loader = LoaderEvaluator(Loader(train("photos")))
        for images, labels in loader: ...
        loader.print_stats()

    In the mode "replay" the first epoch's first batches are kept, and given again and again: what training reaches if data cost
    nothing. Its speed over that in the mode "log" is what a faster loader could gain.

    Args:
        loader: anything that gives batches in a `for` loop, once per epoch: Loader, DALI's iterators, torch's DataLoader.
        mode: "log" passes batches on; "replay" gives as many as the loader has, from the kept ones.
        num_cached_batches: how many are kept for "replay"; their tensors stay in memory.
    """

    def __init__(self, loader: Iterable[Any], mode: str = "log", num_cached_batches: int = 1) -> None:
        if mode not in ("log", "replay"):
            raise ArgumentValueError(f'mode = {mode!r} is not "log" or "replay".')
        if num_cached_batches < 1:
            raise ArgumentValueError(f"num_cached_batches = {num_cached_batches} is not positive.")
        self._loader, self.mode, self._count = loader, mode, num_cached_batches
        self._kept: list[Any] = []
        self._steps: int | None = None
        self._waits: list[float] = []
        self._seconds = 0.0

    def __len__(self) -> int:
        """Steps of an epoch; TypeError if the loader does not know."""
        return len(self._loader)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        batches = iter(self._loader) if self.mode == "log" else self._replayed()
        start = time.perf_counter()
        try:
            while True:
                asked = time.perf_counter()
                try:
                    batch = next(batches)
                except StopIteration:
                    return
                self._waits.append(time.perf_counter() - asked)
                yield batch
        finally:
            self._seconds += time.perf_counter() - start

    def _replayed(self) -> Iterator[Any]:
        if not self._kept:
            try:
                self._steps = len(self)  # now: an epoch that was begun may count what is left of it
            except TypeError:
                self._steps = None
            for batch in self._loader:
                self._kept.append(batch)
                if len(self._kept) == self._count:
                    break
            if self._steps is None:
                self._steps = len(self._kept)
        for i in range(self._steps or 0):
            yield self._kept[i % len(self._kept)]

    def metrics(self) -> dict[str, float]:
        """Since the beginning or `reset_metrics`: batches, seconds of all loops, seconds of waiting in them, their share, and
        the longest wait."""
        waiting = sum(self._waits)
        return {
            "batches": len(self._waits),
            "seconds": self._seconds,
            "waiting": waiting,
            "share": waiting / self._seconds if self._seconds > 0 else 0.0,
            "longest": max(self._waits, default=0.0),
        }

    def reset_metrics(self) -> None:
        """Forgets what was measured, not the kept batches."""
        self._waits, self._seconds = [], 0.0

    def print_stats(self) -> None:
        """Prints the metrics in a line."""
        m = self.metrics()
        print(
            f"{m['batches']:.0f} batches in {m['seconds']:.2f} s ({self.mode}); waited {m['waiting']:.2f} s "
            f"({m['share']:.1%}), at most {1e3 * m['longest']:.1f} ms for one"
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)
