"""The command `variegate`: what it can do, and how it ends."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .. import __version__
from . import bench, dali, demo, doctor, pack, show
from ._common import Failed

COMMANDS = {"demo": demo, "show": show, "bench": bench, "pack": pack, "doctor": doctor, "dali": dali}


def parser() -> argparse.ArgumentParser:
    """The parser of all commands. argparse ends with status 2 for what it does not understand."""
    top = argparse.ArgumentParser(
        prog="variegate", description="Random per-sample image pipelines: look at them, measure them."
    )
    top.add_argument("--version", action="version", version=f"variegate {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        doc = module.__doc__ or ""
        one = commands.add_parser(name, help=module.HELP, description=doc.strip().split("\n\n")[0])
        module.add_arguments(one)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command. Returns 0, 1 if it failed, 2 for wrong usage, 130 after Ctrl-C."""
    try:
        options = parser().parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    try:
        return COMMANDS[options.command].run(options)
    except Failed as failure:
        print(f"variegate {options.command}: {failure}", file=sys.stderr)
        return failure.status
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of a pipe (`| head`) has gone. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
