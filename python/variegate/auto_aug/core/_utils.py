"""Suites as lists of Augmentation objects, and what the schemes share."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ... import _core
from ..._node import DataNode, to_node
from ...errors import VariegateError
from ._args import MissingArgException
from ._augmentation import Augmentation, SignedBin

TRANSLATIONS = ("translate_x", "translate_y")


def _bounds(value: Any) -> list[float]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        height, width = value
        return [height, width]
    return [value]


def suite(name: str, use_shape: Any, max_translate_abs: Any, max_translate_rel: Any) -> list[Augmentation]:
    """A suite of the registry: "auto_augment", "rand_augment", "rand_augment_non_monotonic", "trivial_augment_wide"."""
    from .. import augmentations as a

    if not isinstance(use_shape, bool):
        raise VariegateError(f"The `use_shape` is a flag, it must be True or False, got {use_shape!r}.")
    setups = _core.suite_setups(name, use_shape, _bounds(max_translate_abs), _bounds(max_translate_rel))
    made = []
    for base, range_, negate, mapping in setups:
        aug = getattr(a, base)
        if range_ is not None:
            to_param = (
                aug._mag_to_param if not mapping else None if mapping == "identity" else getattr(a, mapping)
            )
            aug = aug.augmentation(mag_range=range_, randomly_negate=negate, mag_to_param=to_param)
        made.append(aug)
    return made


def get_translations(
    use_shape: bool,
    default_translate_abs: Any,
    default_translate_rel: Any,
    max_translate_abs: Any = None,
    max_translate_rel: Any = None,
) -> list[Augmentation]:
    """[translate_x, translate_y] with their ranges: relative to the size with `use_shape`, else in pixels."""
    from .. import augmentations as a

    _ = suite("rand_augment", use_shape, max_translate_abs, max_translate_rel)[:2]  # its checks
    given, default = (
        (max_translate_rel, default_translate_rel)
        if use_shape
        else (max_translate_abs, default_translate_abs)
    )
    pair = _bounds(default if given is None else given)
    height, width = pair * 2 if len(pair) == 1 else pair
    x, y = (a.translate_x, a.translate_y) if use_shape else (a.translate_x_no_shape, a.translate_y_no_shape)
    return [x.augmentation((0, width), True), y.augmentation((0, height), True)]


def positive_bins(value: Any) -> None:
    """Exception unless `num_magnitude_bins` is a positive int."""
    if not isinstance(value, int) or value < 1:
        raise VariegateError(f"The `num_magnitude_bins` must be a positive integer, got {value}.")


def without(augmentations: list[Augmentation], excluded: Any, title: str) -> list[Augmentation]:
    """The suite without the excluded names. Exception if one is not in it."""
    names = [a.name for a in augmentations]
    for name in excluded or ():
        if name not in names:
            raise VariegateError(
                f"The `{name}` was specified in `excluded`, but the {title} suite does not have it. The available "
                f"augmentations: {', '.join(names)}."
            )
    return [a for a in augmentations if a.name not in set(excluded or ())]


def choices(
    augmentations: list[Augmentation], num_magnitude_bins: int, kwargs: dict[str, Any], call_name: str
) -> list[Any]:
    """Augmentations as the alternatives that the core calls back for."""
    return [
        (
            bool(a.randomly_negate and a.mag_range is not None),
            _choice(a, num_magnitude_bins, kwargs, call_name),
        )
        for a in augmentations
    ]


def _choice(aug: Augmentation, bins: int, kwargs: dict[str, Any], call_name: str) -> Callable[..., Any]:
    def apply(
        data: _core.Value, number: int | None, bin_node: _core.Value | None, sign: _core.Value | None
    ) -> _core.Value:
        magnitude: Any = number if bin_node is None else DataNode(bin_node)
        if sign is not None and magnitude is not None:
            magnitude = SignedBin(magnitude, DataNode(sign))
        try:
            result = aug(data=DataNode(data), magnitude_bin=magnitude, num_magnitude_bins=bins, **kwargs)
        except MissingArgException as e:
            if e.missing_args == ["shape"] and aug.name in TRANSLATIONS:
                raise VariegateError(_shape_needed(aug.name, call_name)) from e
            raise
        return to_node(result).value

    return apply


def _shape_needed(name: str, call_name: str) -> str:
    suite_name = re.sub("^apply_", "get_", call_name) + "_suite"
    return (
        f"The augmentation `{name}` requires `shape` argument that describes image shape (in HWC layout). Please provide it as "
        f"`shape` argument to `{call_name}` call. The shape can be obtained with `fn.peek_image_shape` of the encoded image or "
        f"`.shape()` of the decoded one. Use the `{name}_no_shape` variant for translations in pixels; `{suite_name}` has "
        "`use_shape` for both."
    )


def scheme_kwargs(shape: Any, fill_value: Any, interp_type: Any) -> dict[str, Any]:
    """The arguments that a scheme passes on to its augmentations."""
    kwargs = {"fill_value": fill_value, "interp_type": interp_type}
    if shape is not None:
        kwargs["shape"] = shape
    return kwargs
