"""Which device a pipeline runs on."""

from __future__ import annotations

import warnings

from . import _core
from ._cuda import current_device
from .errors import ArgumentValueError, DataError
from .types import CPU_ONLY_DEVICE_ID


def place(values: list[_core.Value], device_id: int | None) -> int:
    """The number of the GPU; -1: the host does all.

    A graph that asks for a GPU gets the one of `device_id`, or the current one. Where none is usable the host runs it,
    with a warning, unless `device_id` asks for a certain one: RuntimeError. ValueError if there is none of that number.
    """
    if device_id == CPU_ONLY_DEVICE_ID or not _core.asks_for_gpu(values):
        return -1
    names = _core.gpu_devices()
    if names:
        device = current_device() if device_id is None else device_id
        if not 0 <= device < len(names):
            raise ArgumentValueError(f"device_id = {device_id} is not in [0, {len(names)}).")
        return device
    problem = _core.gpu_problem()
    if device_id is not None:
        raise DataError(
            f"device_id = {device_id}: no GPU is usable: {problem}. Use device_id=None to run the same pipeline on the "
            "host, with the same bytes."
        )
    warnings.warn(
        f"this pipeline asks for a GPU and none is usable; it runs on the host, with the same results ({problem}).",
        UserWarning,
        stacklevel=5,
    )
    return -1
