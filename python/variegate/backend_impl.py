"""The other module in which scripts look for tensors."""

from .tensors import TensorCPU, TensorListCPU

__all__ = ["TensorCPU", "TensorListCPU"]
