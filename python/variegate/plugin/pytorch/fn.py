"""A function of the program that works on PyTorch tensors, as an operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ..._external import python_function


def torch_python_function(
    *inputs: Any,
    function: Callable[..., Any],
    num_outputs: int = 1,
    batch_processing: bool = False,
    **options: Any,
) -> Any:
    """As `fn.python_function`, with tensors of PyTorch, on the host.

    Args:
        function: takes a tensor per input (a list of tensors per input if `batch_processing`), gives a tensor per output (a
            list per output).
        num_outputs: number of results; 0 makes it a sink.
    """

    def shown(value: Any) -> Any:
        return [torch.from_numpy(v) for v in value] if batch_processing else torch.from_numpy(value)

    def called(*arrays: Any) -> Any:
        return function(*map(shown, arrays))

    return python_function(
        *inputs, function=called, num_outputs=num_outputs, batch_processing=batch_processing, **options
    )


class TorchPythonFunction:
    """The object form: `TorchPythonFunction(function=f)(inputs)`."""

    def __init__(self, function: Callable[..., Any], num_outputs: int = 1, **options: Any) -> None:
        self._options = dict(options, function=function, num_outputs=num_outputs)

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        return torch_python_function(*inputs, **{**self._options, **options})
