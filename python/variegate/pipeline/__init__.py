"""Pipelines: a graph that Python code describes, and the batches that it gives."""

from .._batch import Batch
from .._conditionals import do_not_convert
from .._pipeline import Pipeline
from .._pipeline_def import pipeline_def
from . import experimental

__all__ = ["Batch", "Pipeline", "do_not_convert", "experimental", "pipeline_def"]
