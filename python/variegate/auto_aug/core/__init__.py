"""What policies are made of: augmentations with magnitudes, sub-policies, and a choice per sample."""

from ._augmentation import Augmentation as _Augmentation
from ._augmentation import augmentation, signed_bin
from ._policy import Policy
from ._select import select

__all__ = ["_Augmentation", "Policy", "augmentation", "select", "signed_bin"]
