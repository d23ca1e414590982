"""Packs the files of a data set into one file, which `fn.readers.file(packed=FILE)` reads as it reads them.

DATA is a folder with a folder per class, or a text file with a name and a label in each line: what `file_root` and
`file_list` take. Sample ids, labels, names and bytes are the same. A FILE that is there is replaced once the new one
is whole; interrupted, the command leaves nothing behind.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from .. import _core
from ..errors import VariegateError
from ._common import Failed, need

HELP = "pack the files of a data set into one file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `pack`."""
    parser.add_argument("data", metavar="DATA", help="a folder with a folder per class, or a list of files")
    parser.add_argument("-o", "--out", metavar="FILE", required=True, help="the packed file to write")
    parser.add_argument("--root", metavar="DIR", help="with a list: base of its names (default: its folder)")


def run(options: argparse.Namespace) -> int:
    """Writes the packed file and prints what it holds."""
    data = Path(options.data)
    if not data.exists():
        raise Failed(f"{data}: no such folder or file", 2)
    if data.is_dir() and options.root:
        raise Failed("--root belongs to a list of files", 2)
    root = str(data) if data.is_dir() else options.root
    listed = None if data.is_dir() else str(data)
    with need("tqdm").tqdm(unit="file", desc="packing", disable=None) as bar:

        def progress(done: int, files: int, _size: int) -> None:
            bar.total = files
            bar.update(done - bar.n)

        try:
            files, size = _core.pack(str(options.out), root, listed, progress)
        except VariegateError as e:
            raise Failed(str(e)) from e
    print(f"{options.out}: {files} files, {size / 1e6:.1f} MB")
    return 0
