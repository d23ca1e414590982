"""RandAugment (Cubuk et al., "RandAugment: Practical automated data augmentation with a reduced search space", 2020)."""

from __future__ import annotations

import warnings
from typing import Any

from .. import _core
from .._node import DataNode
from ..errors import VariegateError
from .core import _Augmentation
from .core._args import forbid_unused_kwargs
from .core._select import require_conditionals
from .core._utils import choices, positive_bins, scheme_kwargs, suite, without


def get_rand_augment_suite(
    use_shape: bool = False, max_translate_abs: Any = None, max_translate_rel: Any = None
) -> list[_Augmentation]:
    """The 14 operations, their strength rising with the bin. Translations up to 100 pixels, or 100/224 of the size."""
    return suite("rand_augment", use_shape, max_translate_abs, max_translate_rel)


def get_rand_augment_non_monotonic_suite(
    use_shape: bool = False, max_translate_abs: Any = None, max_translate_rel: Any = None
) -> list[_Augmentation]:
    """The same operations with the ranges of AutoAugment."""
    return suite("rand_augment_non_monotonic", use_shape, max_translate_abs, max_translate_rel)


def apply_rand_augment(
    augmentations: list[_Augmentation],
    data: DataNode,
    n: int,
    m: int,
    num_magnitude_bins: int = 31,
    seed: int | None = None,
    **kwargs: Any,
) -> DataNode:
    """Per sample `n` operations, drawn with replacement, all with the magnitude bin `m`.

    `kwargs` go to the augmentations that take them. Exception: n, m or the list make no sense; UnusedArgException: nobody
    takes an argument.
    """
    if not isinstance(n, int) or n < 0:
        raise VariegateError(
            f"The number of operations to apply `n` must be a non-negative integer, got {n}."
        )
    positive_bins(num_magnitude_bins)
    if not isinstance(m, int) or not 0 <= m < num_magnitude_bins:
        raise VariegateError(
            f"The magnitude bin `m` must be an integer from `[0, {num_magnitude_bins - 1}]` range. Got {m}."
        )
    if n == 0:
        warnings.warn(
            "The `apply_rand_augment` was called with `n=0`, no augmentation will be applied.",
            Warning,
            stacklevel=2,
        )
        return data
    if len(augmentations) == 0:
        raise VariegateError("The `augmentations` list cannot be empty, unless n=0.")
    forbid_unused_kwargs(augmentations, kwargs, "apply_rand_augment")
    if len(augmentations) > 1:
        require_conditionals()
    made = choices(augmentations, num_magnitude_bins, kwargs, "apply_rand_augment")
    return DataNode(_core.rand_augment_of(made, data.value, n, m, seed))


def rand_augment(
    data: DataNode,
    n: int,
    m: int,
    num_magnitude_bins: int = 31,
    shape: Any = None,
    fill_value: float | None = 128,
    interp_type: Any = None,
    max_translate_abs: Any = None,
    max_translate_rel: Any = None,
    seed: int | None = None,
    monotonic_mag: bool = True,
    excluded: list[str] | None = None,
) -> DataNode:
    """RandAugment with the suite of 14 operations.

    Args:
        data: uint8, HWC or FHWC.
        n, m: number of operations; magnitude bin, in [0, num_magnitude_bins).
        shape: the size as a node (height first) or a pair; translations are then relative to it.
        fill_value: outside of the source; None repeats edge pixels.
        interp_type: INTERP_LINEAR (default) or INTERP_NN.
        max_translate_abs, max_translate_rel: limit in pixels (100) or as a fraction (100/224); one number or (height, width).
        seed: of all draws of this call; each has a stream of its own.
        monotonic_mag: strength rises with the bin; else the ranges of AutoAugment.
        excluded: names of operations to leave out.
    """
    get = get_rand_augment_suite if monotonic_mag else get_rand_augment_non_monotonic_suite
    augs = without(get(shape is not None, max_translate_abs, max_translate_rel), excluded, "RandAugment")
    return apply_rand_augment(
        augs, data, n, m, num_magnitude_bins, seed, **scheme_kwargs(shape, fill_value, interp_type)
    )
