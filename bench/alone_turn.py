"""The turns of a peer of bench/alone.py, in the peer's process, on one core."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import turns

#: What variegate_alone calls the policies.
NAMES = {"autoaugment": "aa", "randaugment2": "ra2", "randaugment": "ra3", "trivialaugment": "ta"}


def photos(folder: str) -> list[np.ndarray]:
    """What variegate_alone takes: sixteen images, 224 pixels square."""
    from PIL import Image

    files = sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    return [np.asarray(Image.open(p).convert("RGB").resize((224, 224))) for p in (files * 16)[:16]]


def engine(program: str, folder: str, work: str, seconds: float) -> float:
    """Microseconds of the core per image, of this library's engine without a pipeline around it."""
    command = [program, folder, "--seconds", str(seconds), NAMES.get(work, work)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[1])


def turn(name: str, settings: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """One turn. ImportError if the library, or such work, is missing."""
    os.sched_setaffinity(0, {settings["core"]})
    work, seconds = asked["work"], asked["seconds"]
    if name == "variegate":
        from variegate import __version__

        return {"version": __version__, "us": engine(settings["program"], settings["data"], work, seconds)}
    module = importlib.import_module(f"steps.{name}")
    told = turns.timed(module.start(work, photos(settings["data"])), seconds)
    return {"version": module.VERSION, "us": 1e6 * told.used / told.images}


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "examples" / "efficientnet")]
    sys.exit(turns.serve(turn))
