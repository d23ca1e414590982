"""Draws a contact sheet: a row per photo, the original first, then what a policy makes of it.

Under each variant stand the operations that made it, with the parameters that this sample drew.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import VariegateError
from . import policies, sheet, words
from ._common import Failed, at_least, need, photos_in

HELP = "draw a contact sheet of what a policy does to photos"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `show`."""
    parser.add_argument("data", metavar="DATA", help="a folder of images, or one image")
    parser.add_argument(
        "--policy", choices=policies.NAMES, default="rand_augment", help="default: %(default)s"
    )
    parser.add_argument(
        "--n", type=at_least(0), default=2, help="RandAugment: operations per sample (default: %(default)s)"
    )
    parser.add_argument(
        "--m", type=at_least(0), default=15, help="RandAugment: strength, 0 to 30 (default: %(default)s)"
    )
    parser.add_argument("--photos", type=at_least(1), default=8, help="rows (default: %(default)s)")
    parser.add_argument(
        "--variants", type=at_least(1), default=6, help="variants of each photo (default: %(default)s)"
    )
    parser.add_argument("--seed", type=at_least(0), default=1, help="default: %(default)s")
    parser.add_argument(
        "--size", type=at_least(32), default=200, help="of a picture, in pixels (default: %(default)s)"
    )
    parser.add_argument(
        "--out", default="contact_sheet.png", help="the picture to write (default: %(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    """Draws one policy."""
    if options.m > 30:
        raise Failed(f"--m {options.m} is not in [0, 30]", 2)
    chosen = [policies.policy(options.policy, options.n, options.m)]
    files = photos_in(options.data, options.photos)
    print(contact_sheet(files, chosen, options.variants, options.seed, options.size, options.out))
    return 0


def contact_sheet(
    files: list[str], chosen: list, variants: int, seed: int, size: int, out: str | Path
) -> Path:
    """Draws photos under policies (pairs of title and function). Variant v of a photo is the sample of epoch v."""
    need("PIL")
    progress = need("tqdm").tqdm
    columns = [("original", 1), *((title, variants) for title, _ in chosen)]
    rows: list[list[sheet.Tile]] = [[] for _ in files]
    work = [(None, 1), *((augment, variants) for _, augment in chosen)]
    total = len(files) * (1 + variants * len(chosen))
    with progress(total=total, unit="picture", desc="drawing", leave=False, disable=None) as bar:
        for augment, epochs in work:
            pipe = policies.shown(files, augment, size, seed)
            try:
                for i, path in enumerate(files):
                    for epoch in range(epochs):
                        batch = pipe.replay(i, epoch)
                        lines = words.program(batch.program(0).operations) if augment else [Path(path).stem]
                        rows[i].append(sheet.Tile(batch[0].at(0), lines))
                        bar.update()
            except VariegateError as e:
                raise Failed(f"{files[i]}: {e}") from e
            finally:
                pipe.close()
    return sheet.draw(columns, rows, out)
