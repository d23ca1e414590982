"""AutoAugment (Cubuk et al., "AutoAugment: Learning Augmentation Strategies from Data", 2019)."""

from __future__ import annotations

from typing import Any

from .. import _core
from .._node import DataNode
from ..errors import VariegateError
from .core import Policy
from .core._args import forbid_unused_kwargs
from .core._select import require_conditionals
from .core._utils import choices, scheme_kwargs, suite

_NAMES = ("image_net", "reduced_image_net", "svhn", "reduced_cifar10")


def _policy(
    key: str, use_shape: Any = False, max_translate_abs: Any = None, max_translate_rel: Any = None
) -> Policy:
    name, _, sub_policies = _core.policy_table(key)
    augs = {a.name: a for a in suite("auto_augment", use_shape, max_translate_abs, max_translate_rel)}
    return Policy(name, 11, [[(augs[n], p, b) for n, p, b in sub] for sub in sub_policies])


def get_image_net_policy(
    use_shape: bool = False, max_translate_abs: Any = None, max_translate_rel: Any = None
) -> Policy:
    """The policy found on ImageNet. With `use_shape` translations are relative to the size."""
    return _policy("image_net", use_shape, max_translate_abs, max_translate_rel)


def get_reduced_cifar10_policy(
    use_shape: bool = False, max_translate_abs: Any = None, max_translate_rel: Any = None
) -> Policy:
    """The policy found on a reduced CIFAR-10."""
    return _policy("reduced_cifar10", use_shape, max_translate_abs, max_translate_rel)


def get_svhn_policy(
    use_shape: bool = False, max_translate_abs: Any = None, max_translate_rel: Any = None
) -> Policy:
    """The policy found on SVHN."""
    return _policy("svhn", use_shape, max_translate_abs, max_translate_rel)


def get_reduced_image_net_policy() -> Policy:
    """The policy found on a reduced ImageNet (torchvision's IMAGENET). It has no translations."""
    return _policy("reduced_image_net")


def apply_auto_augment(policy: Policy, data: DataNode, seed: int | None = None, **kwargs: Any) -> DataNode:
    """Per sample one sub-policy, each of whose operations runs with its probability.

    `kwargs` go to the augmentations that take them. Exception: the policy is empty; UnusedArgException: nobody takes one.
    """
    if not policy.sub_policies:
        raise VariegateError(f"Cannot run empty policy. Got {policy} in `apply_auto_augment` call.")
    forbid_unused_kwargs(policy.augmentations.values(), kwargs, "apply_auto_augment")
    require_conditionals()
    numbers: dict[int, int] = {}
    augs = []
    steps = []
    for sub in policy.sub_policies:
        steps.append([])
        for aug, p, b in sub:
            if id(aug) not in numbers:
                numbers[id(aug)] = len(augs)
                augs.append(aug)
            steps[-1].append((numbers[id(aug)], float(p), b if aug.mag_range is not None else None))
    made = choices(augs, policy.num_magnitude_bins, kwargs, "apply_auto_augment")
    return DataNode(_core.auto_augment_of(made, steps, data.value, seed))


def auto_augment(
    data: DataNode,
    policy_name: str = "image_net",
    shape: Any = None,
    fill_value: float | None = 128,
    interp_type: Any = None,
    max_translate_abs: Any = None,
    max_translate_rel: Any = None,
    seed: int | None = None,
) -> DataNode:
    """One of the four policies: "image_net", "reduced_image_net", "svhn", "reduced_cifar10".

    Args:
        data: uint8, HWC or FHWC.
        shape: the size as a node (height first) or a pair; translations are then relative to it.
        fill_value: outside of the source; None repeats edge pixels.
        interp_type: INTERP_LINEAR (default) or INTERP_NN.
        max_translate_abs, max_translate_rel: limit in pixels (250) or as a fraction (1.0); one number or (height, width).
        seed: of all draws of this call; each has a stream of its own.
    """
    if policy_name not in _NAMES:
        raise VariegateError(
            f"The `policy_name` must be a string that takes one of the values: {', '.join(_NAMES)}. Got {policy_name!r}."
        )
    if policy_name == "reduced_image_net":
        for name, value in (
            ("shape", shape),
            ("max_translate_abs", max_translate_abs),
            ("max_translate_rel", max_translate_rel),
        ):
            if value is not None:
                raise VariegateError(
                    f"The policy `{policy_name}` does not contain any augmentations that rely on the image shape, so "
                    f"the `{name}` argument must not be specified."
                )
        policy = get_reduced_image_net_policy()
    else:
        policy = _policy(policy_name, shape is not None, max_translate_abs, max_translate_rel)
    return apply_auto_augment(policy, data, seed, **scheme_kwargs(shape, fill_value, interp_type))


def auto_augment_image_net(
    data: DataNode,
    shape: Any = None,
    fill_value: float | None = 128,
    interp_type: Any = None,
    max_translate_abs: Any = None,
    max_translate_rel: Any = None,
    seed: int | None = None,
) -> DataNode:
    """`auto_augment` with the policy "image_net"."""
    return auto_augment(
        data, "image_net", shape, fill_value, interp_type, max_translate_abs, max_translate_rel, seed
    )
