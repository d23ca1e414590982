"""What is here needs a GPU; without one it is skipped."""

from pathlib import Path

import pytest
from variegate import _core

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    if problem := _core.gpu_problem():
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=problem))
