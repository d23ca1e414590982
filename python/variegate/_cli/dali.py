"""Runs a script written for NVIDIA DALI, unchanged: `import nvidia.dali` gives this package.

Other packages under `nvidia` stay as they are.
"""

from __future__ import annotations

import argparse
import runpy
import sys
from pathlib import Path

from ..compat import dali
from ._common import Failed

HELP = "run a DALI script, unchanged"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A script and what it wants."""
    parser.add_argument("script", metavar="SCRIPT", help="a Python file")
    parser.add_argument("arguments", metavar="ARGS", nargs=argparse.REMAINDER, help="passed on to the script")


def run(options: argparse.Namespace) -> int:
    """Runs the script as Python would: its folder is first in sys.path, its name is `__main__`."""
    script = Path(options.script)
    if not script.is_file():
        raise Failed(f"{script}: no such file", 2)
    dali.install()
    sys.argv = [options.script, *options.arguments]
    sys.path.insert(0, str(script.resolve().parent))
    runpy.run_path(options.script, run_name="__main__")
    return 0
