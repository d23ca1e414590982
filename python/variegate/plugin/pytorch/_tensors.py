"""Tensors of pipelines as tensors of PyTorch: on the host through NumPy, on a GPU through DLPack; no copies."""

from __future__ import annotations

from typing import Any

import torch

from ..._tensors_base import Tensor, TensorList
from ..._tensors_cpu import TensorCPU
from ...errors import IteratorRuleError
from ...tensors import TensorListCPU
from ...types import DALIDataType

#: The element types that PyTorch's iterators give; KeyError for others.
to_torch_type = {
    DALIDataType.FLOAT: torch.float32,
    DALIDataType.FLOAT64: torch.float64,
    DALIDataType.FLOAT16: torch.float16,
    DALIDataType.UINT8: torch.uint8,
    DALIDataType.INT8: torch.int8,
    DALIDataType.BOOL: torch.bool,
    DALIDataType.INT16: torch.int16,
    DALIDataType.INT32: torch.int32,
    DALIDataType.INT64: torch.int64,
}


def to_torch(tensor: Tensor | TensorList[Any]) -> torch.Tensor:
    """A tensor, or a list of tensors of equal shapes with a leading axis of samples, in its own memory.

    On a GPU it is ready for what the current stream is given next. RuntimeError if shapes differ.
    """
    if isinstance(tensor, TensorListCPU):
        return torch.from_numpy(tensor.as_array())
    if isinstance(tensor, TensorCPU):
        return torch.from_numpy(tensor._numpy)
    return torch.from_dlpack(tensor.as_tensor() if isinstance(tensor, TensorList) else tensor)


def feed_ndarray(
    dali_tensor: Tensor | TensorList[Any], arr: torch.Tensor, cuda_stream: Any = None
) -> torch.Tensor:
    """Copies a tensor, or a list of equal shapes, into `arr`, and gives `arr`.

    `cuda_stream`: on a GPU, the stream that copies; default: PyTorch's current one. AssertionError if type or shape differ.
    """
    dtype = to_torch_type[dali_tensor.dtype]
    if arr.dtype != dtype:
        raise IteratorRuleError(f"feed_ndarray: the data are {dtype}, the tensor is {arr.dtype}.")
    dense = dali_tensor.as_tensor() if isinstance(dali_tensor, TensorList) else dali_tensor
    if list(arr.shape) != dense.shape():
        raise IteratorRuleError(
            f"feed_ndarray: the data have the shape {dense.shape()}, the tensor {list(arr.shape)}."
        )
    if isinstance(dense, TensorCPU) or not arr.is_cuda or not arr.is_contiguous():
        return arr.copy_(to_torch(dense))
    stream = torch.cuda.current_stream(arr.device) if cuda_stream is None else cuda_stream
    dense.copy_to_external(arr.data_ptr(), stream, non_blocking=True)
    return arr
