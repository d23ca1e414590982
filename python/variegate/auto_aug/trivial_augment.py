"""TrivialAugment (Mueller and Hutter, "TrivialAugment: Tuning-free Yet State-of-the-Art Data Augmentation", 2021)."""

from __future__ import annotations

from typing import Any

from .. import _core
from .._node import DataNode
from ..errors import VariegateError
from .core import _Augmentation
from .core._args import forbid_unused_kwargs
from .core._select import require_conditionals
from .core._utils import choices, positive_bins, scheme_kwargs, suite, without


def get_trivial_augment_wide_suite(
    use_shape: bool = False, max_translate_abs: Any = None, max_translate_rel: Any = None
) -> list[_Augmentation]:
    """The 14 operations with wide ranges. Translations up to 32 pixels, or the whole size."""
    return suite("trivial_augment_wide", use_shape, max_translate_abs, max_translate_rel)


def apply_trivial_augment(
    augmentations: list[_Augmentation],
    data: DataNode,
    num_magnitude_bins: int = 31,
    seed: int | None = None,
    **kwargs: Any,
) -> DataNode:
    """Per sample one operation with one magnitude bin, both uniform.

    `kwargs` go to the augmentations that take them. Exception: no bins, an empty list; UnusedArgException: nobody takes an
    argument.
    """
    positive_bins(num_magnitude_bins)
    if len(augmentations) == 0:
        raise VariegateError("The `augmentations` list cannot be empty.")
    forbid_unused_kwargs(augmentations, kwargs, "apply_trivial_augment")
    if len(augmentations) > 1:
        require_conditionals()
    made = choices(augmentations, num_magnitude_bins, kwargs, "apply_trivial_augment")
    return DataNode(_core.trivial_augment_of(made, data.value, num_magnitude_bins, seed))


def trivial_augment_wide(
    data: DataNode,
    num_magnitude_bins: int = 31,
    shape: Any = None,
    fill_value: float | None = 128,
    interp_type: Any = None,
    max_translate_abs: Any = None,
    max_translate_rel: Any = None,
    seed: int | None = None,
    excluded: list[str] | None = None,
) -> DataNode:
    """TrivialAugment with the wide suite of 14 operations.

    Args:
        data: uint8, HWC or FHWC.
        shape: the size as a node (height first) or a pair; translations are then relative to it.
        fill_value: outside of the source; None repeats edge pixels.
        interp_type: INTERP_LINEAR (default) or INTERP_NN.
        max_translate_abs, max_translate_rel: limit in pixels (32) or as a fraction (1.0); one number or (height, width).
        seed: of all draws of this call; each has a stream of its own.
        excluded: names of operations to leave out.
    """
    augs = without(
        get_trivial_augment_wide_suite(shape is not None, max_translate_abs, max_translate_rel),
        excluded,
        "TrivialAugmentWide",
    )
    return apply_trivial_augment(
        augs, data, num_magnitude_bins, seed, **scheme_kwargs(shape, fill_value, interp_type)
    )
