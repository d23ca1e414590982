"""Batches as PyTorch tensors: DALI's iterators, and `Loader`, which is used like torch's DataLoader."""

from __future__ import annotations

from ..base_iterator import LastBatchPolicy
from . import fn
from ._iterators import DALIClassificationIterator, DALIGenericIterator, DALIRaggedIterator
from ._loader import Loader
from ._tensors import feed_ndarray, to_torch_type
from .fn import TorchPythonFunction

__all__ = [
    "DALIClassificationIterator",
    "DALIGenericIterator",
    "DALIRaggedIterator",
    "LastBatchPolicy",
    "Loader",
    "TorchPythonFunction",
    "feed_ndarray",
    "to_torch_type",
]
