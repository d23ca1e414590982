"""Policy: sub-policies of augmentations with probabilities and magnitude bins."""

from __future__ import annotations

import warnings
from typing import Any

from ...errors import VariegateError
from ._augmentation import Augmentation


class Policy:
    """Sub-policies, one of which is chosen per sample.

    Args:
        name: for messages.
        num_magnitude_bins: bins of all ranges; bins count from 0.
        sub_policies: lists of (augmentation, probability of applying it, bin; None for augmentations without magnitudes).
    If two different augmentations share a name, all of them get new ones: `000__rotate`.
    """

    def __init__(self, name: str, num_magnitude_bins: int, sub_policies: Any) -> None:
        self.name, self.num_magnitude_bins = name, num_magnitude_bins
        if not isinstance(num_magnitude_bins, int) or num_magnitude_bins < 1:
            raise VariegateError(
                f"The `num_magnitude_bins` must be a positive integer, got {num_magnitude_bins}."
            )
        if not isinstance(sub_policies, list | tuple):
            raise VariegateError(
                f"The `sub_policies` must be a list or tuple of sub policies, got {type(sub_policies)}."
            )
        for sub in sub_policies:
            if not isinstance(sub, list | tuple):
                raise VariegateError(f"Each sub policy must be a list or tuple, got {type(sub)}.")
            for entry in sub:
                self._check(entry)
        self.sub_policies = tuple(tuple(tuple(e) for e in sub) for sub in _with_unique_names(sub_policies))

    def _check(self, entry: Any) -> None:
        if not isinstance(entry, list | tuple) or len(entry) != 3:
            raise VariegateError(
                f"Each augmentation in sub policy must be specified as a triple: (augmentation, probability, magnitude). "
                f"Got {entry}."
            )
        aug, p, bin_ = entry
        last = self.num_magnitude_bins - 1
        if not isinstance(aug, Augmentation):
            raise VariegateError(
                f"The augmentation must be an instance of Augmentation. Got `{aug}`. Did you forget to decorate it with "
                "`@augmentation`?"
            )
        if not isinstance(p, float | int) or not 0 <= p <= 1:
            raise VariegateError(
                f"Probability of applying the augmentation must be a number from `[0, 1]` range. Got `{p}` for "
                f"`{aug.name}`."
            )
        if p == 0:
            warnings.warn(
                f"The augmentation `{aug.name}` in policy `{self.name}` has probability 0 in one of the sub-policies.",
                UserWarning,
                stacklevel=4,
            )
        if bin_ is None:
            if aug.mag_range is not None:
                raise VariegateError(
                    f"The augmentation `{aug.name}` has `mag_range` specified; the magnitude bin is required in policy "
                    f"`{self.name}`."
                )
            return
        if aug.mag_range is None:
            warnings.warn(
                f"The magnitude bin of `{aug.name}` in policy `{self.name}` is ignored. The augmentation does not accept "
                "magnitudes; use `None` to silence this.",
                UserWarning,
                stacklevel=4,
            )
        if not isinstance(bin_, int) or not 0 <= bin_ <= last:
            raise VariegateError(
                f"Magnitude bin must be an integer from `[0, {last}]` range. Got `{bin_}` for `{aug.name}`."
            )

    @property
    def augmentations(self) -> dict[str, Augmentation]:
        """Name -> augmentation, sorted by name."""
        found = {a.name: a for sub in self.sub_policies for a, _, _ in sub}
        return dict(sorted(found.items()))

    def __repr__(self) -> str:
        subs = ",\n\t".join(str([(a.name, p, b) for a, p, b in sub]) for sub in self.sub_policies)
        augs = ",\n\t".join(f"'{name}': {a!r}" for name, a in self.augmentations.items())
        subs, augs = (f"\n\t{x}" if x else "" for x in (subs, augs))
        return (
            f"Policy(name={self.name!r}, num_magnitude_bins={self.num_magnitude_bins}, sub_policies=[{subs}], "
            f"augmentations={{{augs}}})"
        )


def _with_unique_names(sub_policies: Any) -> Any:
    distinct: dict[int, Augmentation] = {}
    for sub in sub_policies:
        for aug, _, _ in sub:
            distinct.setdefault(id(aug), aug)
    if len({a.name for a in distinct.values()}) == len(distinct):
        return sub_policies
    digits = len(str(len(distinct) - 1))
    renamed = {
        key: a.augmentation(name=f"{i:0{digits}}__{a.name}") for i, (key, a) in enumerate(distinct.items())
    }
    return [[(renamed[id(a)], p, b) for a, p, b in sub] for sub in sub_policies]
