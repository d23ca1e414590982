"""This library: one pipeline."""

from variegate import __version__ as VERSION
from variegate._cli import policies

__all__ = ["VERSION", "start"]


def start(files, work, batch, threads):
    """A step that makes a batch and gives its size, and what ends it."""
    augment = None if work == "plain" else policies.policy(work)[1]
    pipe = policies.measured(files, augment, batch, threads)
    return lambda: len(pipe.run()[0]), pipe.close
