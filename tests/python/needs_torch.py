"""PyTorch for the tests of its plugin. They are skipped without it, but not in continuous integration."""

from __future__ import annotations

import os

import pytest

try:
    import torch  # noqa: F401
except ImportError:
    if os.environ.get("CI"):
        raise
    pytest.skip("PyTorch is not installed: pip install torch torchvision", allow_module_level=True)
