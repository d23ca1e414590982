"""Augmentation: an operation with a range of magnitudes, and bins that carry random signs."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ... import _core
from ..._node import DataNode, constant_node
from ...errors import VariegateError
from . import _args

UNSET = object()


class SignedBin:
    """A magnitude bin with a random sign per sample (1: negated). Made by `signed_bin`."""

    def __init__(
        self, magnitude_bin: int | DataNode, random_sign: DataNode, magnitude_idx: DataNode | None = None
    ) -> None:
        self._bin, self._sign, self._idx = magnitude_bin, random_sign, magnitude_idx

    @property
    def bin(self) -> int | DataNode:
        """The bin without its sign."""
        return self._bin

    @property
    def random_sign(self) -> DataNode:
        """0 or 1 per sample."""
        return self._sign

    @property
    def signed_magnitude_idx(self) -> DataNode:
        """2 * bin + sign."""
        if self._idx is None:
            self._idx = 2 * self._bin + self._sign
        return self._idx

    def __getitem__(self, index: int) -> SignedBin:
        """Element `index` of signs (and bins) that were drawn with a shape."""
        return SignedBin(
            self._bin[index] if isinstance(self._bin, DataNode) else self._bin, self._sign[index]
        )


def signed_bin(
    magnitude_bin: int | DataNode,
    random_sign: DataNode | None = None,
    seed: int | None = None,
    shape: Any = None,
) -> SignedBin:
    """Draws a sign per sample (or per element of `shape`) for a bin, unless `random_sign` brings it.

    Exception: `magnitude_bin` is neither an int nor a node; `random_sign` comes with `seed` or `shape`.
    """
    if not isinstance(magnitude_bin, int | DataNode):
        raise VariegateError(
            "The `magnitude_bin` must be an int or _DataNode (a batch of ints from "
            f"`[0..num_magnitude_bins-1]`), got {magnitude_bin!r} of type {type(magnitude_bin).__name__}."
        )
    if random_sign is not None and (seed is not None or shape is not None):
        raise VariegateError("The `random_sign` cannot be specified together with `seed` nor `shape`.")
    if random_sign is None:
        args = (
            {"count": 2}
            if shape is None
            else {"count": 2, "shape": [shape] if isinstance(shape, int) else list(shape)}
        )
        random_sign = DataNode(_core.call("_random_index", [], args, seed=-1 if seed is None else seed)[0])
    result = SignedBin(magnitude_bin, random_sign)
    _ = result.signed_magnitude_idx  # at once, where it is written: outside of the branches that use it
    return result


def _holds_node(value: Any) -> bool:
    return isinstance(value, DataNode) or (
        isinstance(value, list | tuple) and any(_holds_node(v) for v in value)
    )


class Augmentation:
    """An operation `op(data, parameter, **extra)` and how its parameter comes from a magnitude bin.

    Args:
        mag_range: (low, high), of which `num_magnitude_bins` evenly spaced magnitudes are taken, both ends included; an array
            of magnitudes; None: the operation takes no magnitude and gets None as its parameter.
        mag_to_param: magnitude -> array, called once per bin (and sign) when the graph is built. Default: the magnitude.
        randomly_negate: the magnitude's sign is random per sample, before `mag_to_param`.
        param_device: "cpu" (default), "gpu" or "auto" (that of the data).
        name: default: the name of `op`.
    """

    def __init__(
        self,
        op: Callable[..., Any],
        mag_range: Any = None,
        mag_to_param: Any = None,
        randomly_negate: Any = None,
        param_device: Any = None,
        name: Any = None,
    ) -> None:
        self._op, self._mag_range, self._mag_to_param = op, mag_range, mag_to_param
        self._randomly_negate, self._param_device, self._name = randomly_negate, param_device, name

    op = property(lambda self: self._op)
    mag_range = property(lambda self: self._mag_range)
    mag_to_param = property(lambda self: self._mag_to_param or _identity)
    randomly_negate = property(lambda self: self._randomly_negate or False)
    param_device = property(lambda self: self._param_device or "cpu")
    name = property(lambda self: self._name or self._op.__name__)

    def __repr__(self) -> str:
        settings = ("mag_range", "mag_to_param", "randomly_negate", "param_device", "name")
        stored = [f"{s}={value!r}" for s in settings if (value := getattr(self, "_" + s)) is not None]
        return f"Augmentation({', '.join([repr(self._op), *stored])})"

    def augmentation(
        self,
        mag_range: Any = UNSET,
        randomly_negate: Any = UNSET,
        mag_to_param: Any = UNSET,
        param_device: Any = UNSET,
        name: Any = UNSET,
        augmentation_cls: Any = None,
    ) -> Augmentation:
        """A copy with other settings: what is not given stays, None goes back to the default."""
        given = {
            "mag_range": mag_range,
            "randomly_negate": randomly_negate,
            "mag_to_param": mag_to_param,
            "param_device": param_device,
            "name": name,
        }
        settings = {k: getattr(self, "_" + k) if v is UNSET else v for k, v in given.items()}
        return (augmentation_cls or type(self))(self._op, **settings)

    def __call__(
        self,
        data: DataNode,
        *,
        magnitude_bin: Any = None,
        num_magnitude_bins: int | None = None,
        **kwargs: Any,
    ) -> DataNode:
        """Applies the operation. Extra arguments that it does not take are ignored.

        Exception: a bin is missing, or parameters differ in shape or type; MissingArgException: a required argument is missing.
        """
        from ..._conditionals import active, convert_call

        param = self._parameter(data, magnitude_bin, num_magnitude_bins)
        extra = _args.filter_extra_kwargs(self, kwargs)
        if active():
            return convert_call(self._op, data, param, **extra)
        return self._op(data, param, **extra)

    # ------------------------------------------------------------------------------------------------ magnitudes
    def _get_magnitudes(self, num_magnitude_bins: int | None) -> np.ndarray | None:
        """The magnitudes of all bins, float32; None without a range."""
        r = self.mag_range
        if r is None:
            return None
        if isinstance(r, np.ndarray):
            if num_magnitude_bins is not None and len(r) != num_magnitude_bins:
                raise VariegateError(
                    f"The augmentation `{self.name}` has nd.array of length {len(r)} specified as the `mag_range`. "
                    f"However, the `num_magnitude_bins` passed to the call is {num_magnitude_bins}."
                )
            return r
        if num_magnitude_bins is None:
            raise VariegateError(
                f"The `num_magnitude_bins` argument is missing in the call of the `{self.name}` augmentation. "
                "It is needed because the augmentation has `mag_range` specified."
            )
        if not hasattr(r, "__len__") or len(r) != 2:
            raise VariegateError(
                f"The `mag_range` of `{self.name}` must be a tuple (low, high) or a nd.array of magnitudes, got {r!r}."
            )
        return np.linspace(r[0], r[1], num_magnitude_bins, dtype=np.float32)

    def _map_mag_to_param(self, magnitude: Any) -> np.ndarray:
        param = self.mag_to_param(magnitude)
        if _holds_node(param):
            raise VariegateError(
                f"The `mag_to_param` of `{self.name}`: callback must return parameter that is `np.ndarray` or directly "
                "convertible to `np.ndarray`, but it returned a DataNode. Work on nodes in the augmentation itself."
            )
        return np.array(param)

    def _map_mags_to_params(self, magnitudes: Any) -> np.ndarray:
        params = [self._map_mag_to_param(m) for m in magnitudes]
        for m, p in zip(magnitudes, params, strict=True):
            if p.shape != params[0].shape or p.dtype != params[0].dtype:
                raise VariegateError(
                    f"The `mag_to_param` callback of the `{self.name}` augmentation must return the arrays of the same "
                    f"type and shape for different magnitudes. For magnitude {magnitudes[0]} the parameter has shape "
                    f"{params[0].shape} and type {params[0].dtype}. For magnitude {m} the parameter has shape "
                    f"{p.shape} and type {p.dtype}."
                )
        return np.stack(params)

    def _parameter(
        self, data: DataNode, magnitude_bin: Any, num_magnitude_bins: int | None
    ) -> DataNode | None:
        magnitudes = self._get_magnitudes(num_magnitude_bins)
        if magnitudes is None:
            return None
        if magnitude_bin is None:
            raise VariegateError(
                f"The augmentation `{self.name}` has `mag_range` specified, so it requires `magnitude_bin` argument."
            )
        signed = isinstance(magnitude_bin, SignedBin)
        if self.randomly_negate and not signed:
            warnings.warn(
                f"The augmentation `{self.name}` was declared with `random_negate=True`, but unsigned `magnitude_bin` was "
                "passed to the augmentation call. The augmentation will negate the magnitudes manually. For better "
                "performance, call `signed_bin` before the split.",
                Warning,
                stacklevel=3,
            )
            magnitude_bin, signed = signed_bin(magnitude_bin), True
        sign = magnitude_bin.random_sign if signed and self.randomly_negate else None
        number = magnitude_bin.bin if signed else magnitude_bin
        if not isinstance(number, DataNode):
            magnitudes = np.array([magnitudes[number]])
        if sign is not None:
            magnitudes = np.stack([magnitudes, -magnitudes], axis=1).reshape(-1)
        params = self._map_mags_to_params(magnitudes)
        device = getattr(data, "device", "cpu") if self.param_device == "auto" else self.param_device
        if len(params) == 1:
            return constant_node(_usual_type(params[0]), device=device)
        args = {"table": _usual_type(params)}
        if isinstance(number, DataNode):
            args["bin"] = number.value
        if sign is not None:
            args["sign"] = sign.value
        return DataNode(_core.call("_table_row", [], args, device=device if device == "gpu" else "")[0])


def _usual_type(params: np.ndarray) -> np.ndarray:
    """64-bit parameters as constants have them: 32 bits wide."""
    from ...types import as_constant_array

    return as_constant_array(params)


def _identity(magnitude: Any) -> np.ndarray:
    return np.array(magnitude)


def augmentation(
    function: Any = None,
    *,
    mag_range: Any = None,
    randomly_negate: Any = None,
    mag_to_param: Any = None,
    param_device: Any = None,
    name: Any = None,
    augmentation_cls: Any = None,
) -> Any:
    """Makes `function(data, parameter, **extra)` an `Augmentation`; see there. Usable bare or with arguments.

    Exception: `function` is not callable, takes fewer than two positional arguments, or is an augmentation already.
    """

    def decorate(op: Any) -> Augmentation:
        taken = len(_args.positional(op))
        if taken < 2:
            raise VariegateError(
                f"The {getattr(op, '__name__', op)!r} accepts {taken} positional argument(s), but the functions decorated with "
                "`@augmentation` must accept at least two positional arguments: samples and parameters."
            )
        return (augmentation_cls or Augmentation)(
            op,
            mag_range=mag_range,
            mag_to_param=mag_to_param,
            randomly_negate=randomly_negate,
            param_device=param_device,
            name=name,
        )

    if function is None:
        return decorate
    if isinstance(function, Augmentation):
        raise VariegateError(
            "The `@augmentation` decorator was applied to an already decorated Augmentation. Call its "
            "`.augmentation` method for another setup, or decorate its `.op`."
        )
    if not callable(function):
        raise VariegateError(
            f"The `@augmentation` decorator was used on an object that is not callable: {function!r}."
        )
    return decorate(function)
