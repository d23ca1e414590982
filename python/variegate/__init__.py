"""Variegate: random per-sample image pipelines for vision training, under the names of NVIDIA DALI."""

from __future__ import annotations

from . import _core, backend, backend_impl, errors, fn, math, ops, pipeline, tensors, types
from ._node import newaxis
from .data_node import DataNode
from .errors import VariegateError
from .pipeline import Batch, Pipeline, do_not_convert, pipeline_def

__version__: str = _core.__version__
__all__ = [
    "Batch",
    "DataNode",
    "Pipeline",
    "VariegateError",
    "do_not_convert",
    "errors",
    "fn",
    "math",
    "newaxis",
    "ops",
    "pipeline",
    "pipeline_def",
    "tensors",
    "types",
]
