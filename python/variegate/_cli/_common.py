"""What the commands share: failures, optional packages, the photos of a folder."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".pnm", ".ppm", ".pgm", ".webp", ".tif", ".tiff"}


class Failed(Exception):
    """Ends a command with a message and a status: 1 for failures, 2 for wrong usage."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def need(module: str) -> Any:
    """Imports a module of the extra `cli`; Failed if it is missing."""
    try:
        return importlib.import_module(module)
    except ImportError as e:
        raise Failed(
            f"this command needs the package {module.split('.')[0]}; get it with: pip install 'variegate[cli]'"
        ) from e


def photos_in(data: str | Path, limit: int | None = None) -> list[str]:
    """The image files in a folder and its subfolders (or one file), sorted by path; Failed if there are none.

    With a `limit`: that many, evenly spaced, so that every class of a data set has its share.
    """
    root = Path(data)
    if root.is_file():
        return [str(root)]
    if not root.is_dir():
        raise Failed(f"{root}: no such folder or file", 2)
    found = sorted(str(p) for p in root.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    if not found:
        raise Failed(f"{root}: no images in this folder (looked for {', '.join(sorted(SUFFIXES))})")
    count = min(limit or len(found), len(found))
    return [found[i * len(found) // count] for i in range(count)]


def at_least(least: int) -> Any:
    """An argparse type: an integer that is not below `least`."""

    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is less than {least}")
        return value

    number.__name__ = "number"  # argparse says "invalid number value"
    return number


def seconds(text: str) -> float:
    """An argparse type: a time above zero."""
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{value:g} is not above 0")
    return value
