"""Tensors and lists of tensors: what a pipeline returns, and what it is fed."""

from ._tensors_cpu import TensorCPU, TensorListCPU
from ._tensors_gpu import TensorGPU, TensorListGPU

__all__ = ["TensorCPU", "TensorGPU", "TensorListCPU", "TensorListGPU"]
