"""The turns of a peer of bench/files.py, in the peer's process."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import record
import turns
from peers import Job

CORES = record.cores()


def turn(name: str, settings: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """One turn; without a GPU on as many cores as it has threads. ImportError if the library, or such work, is missing."""
    job = Job(**settings, **asked)
    if job.device == "cpu":
        os.sched_setaffinity(0, CORES[: job.threads])
    module = importlib.import_module(f"peers.{name}")
    if hasattr(module, "turn"):
        told = module.turn(job)
    else:
        step, close = module.start(job)
        try:
            told = turns.timed(step, job.seconds)
        finally:
            close()
    return {
        "version": module.VERSION,
        "images_per_second": told.images / told.seconds,
        "images_per_cpu_second": told.images / max(told.used, 1e-9),
        # Cores that other programs kept busy.
        "others": round(max(0.0, told.busy - told.used) / told.seconds, 2),
    }


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "examples" / "efficientnet")]
    sys.exit(turns.serve(turn))
