"""Shows what this is about: a contact sheet of four policies, and how fast they run on this machine.

The photos are those of the repository (tests/photos), or DATA.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from . import bench, policies
from ._common import Failed, at_least, photos_in
from .show import contact_sheet

HELP = "draw a contact sheet of four policies and measure them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `demo`."""
    parser.add_argument(
        "data", metavar="DATA", nargs="?", help="a folder of images (default: the photos of the repository)"
    )
    parser.add_argument("--photos", type=at_least(1), help="rows (default: all photos)")
    parser.add_argument(
        "--variants", type=at_least(1), default=2, help="of each photo, per policy (default: %(default)s)"
    )
    parser.add_argument("--seed", type=at_least(0), default=1, help="default: %(default)s")
    parser.add_argument(
        "--size", type=at_least(32), default=200, help="of a picture, in pixels (default: %(default)s)"
    )
    parser.add_argument(
        "--out", default="demo/contact_sheet.png", help="the picture to write (default: %(default)s)"
    )
    bench.add_measuring(parser)
    parser.set_defaults(seconds=1.0)  # a second demo should take less than ten


def shipped() -> Path:
    """The folder of photos in the repository."""
    folder = Path(__file__).resolve().parents[3] / "tests" / "photos" / "small"
    if not folder.is_dir():
        raise Failed("the photos come with the repository, not with the package: name a folder of images", 2)
    return folder


def run(options: argparse.Namespace) -> int:
    """Draws, then measures."""
    data = options.data or shipped()
    chosen = [policies.policy(name) for name in policies.NAMES]
    out = contact_sheet(
        photos_in(data, options.photos), chosen, options.variants, options.seed, options.size, options.out
    )
    print(f"A row per photo; under each variant, what made it:\n  {out.resolve()}\n", flush=True)
    bench.report(str(data), options)
    return 0
