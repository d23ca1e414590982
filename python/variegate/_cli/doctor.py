"""Tells what was installed, what it can use on this machine, and what it cannot, and why."""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
from pathlib import Path

import numpy

from .. import __version__, _core

HELP = "tell what is installed and what it can use here"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`doctor` has no options."""


def cpu_name() -> str:
    """The processor's name, as the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def gpu() -> str:
    """The GPUs that are usable, or why none is."""
    names = _core.gpu_devices()
    if names:
        return ", ".join(f"{i}: {name}" for i, name in enumerate(names))
    return f"not usable: {_core.gpu_problem()}; pipelines run on the host"


def installed(package: str) -> str:
    """The version of a package, or a word that it is missing."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def facts() -> list[tuple[str, str]]:
    """All that is told, as pairs of name and text."""
    build = _core.build()
    codecs = [f"{name} ({library} {version})" for name, library, version in _core.codecs()]
    return [
        ("variegate", f"{__version__}, {build['type']} build, {build['compiler']}"),
        ("from", str(Path(__file__).resolve().parents[1])),
        ("processor", cpu_name()),
        ("SIMD", build["simd"]),
        ("GPU", gpu()),
        ("codecs", ", ".join(codecs)),
        ("Python", f"{platform.python_version()}, {platform.system()} {platform.machine()}"),
        ("NumPy", numpy.__version__),
        ("command line", f"pillow {installed('pillow')}, tqdm {installed('tqdm')}"),
    ]


def run(options: argparse.Namespace) -> int:
    """Prints the facts."""
    for name, text in facts():
        print(f"{name:13}{text}")
    return 0
