"""DALI's experimental decorator: the same, with a `debug` flag that is accepted."""

from .._pipeline_def import pipeline_def

__all__ = ["pipeline_def"]
