"""The module in which scripts look for tensors."""

from .tensors import TensorCPU, TensorListCPU
from .tensors_gpu import TensorGPU, TensorListGPU

__all__ = ["TensorCPU", "TensorGPU", "TensorListCPU", "TensorListGPU"]
