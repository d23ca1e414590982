"""Automatic augmentation: AutoAugment, RandAugment and TrivialAugment, and the means to build such policies."""
