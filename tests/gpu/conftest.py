"""What is here needs a GPU; without one it is skipped."""

import pytest
from variegate import _core


def pytest_collection_modifyitems(items):
    if problem := _core.gpu_problem():
        for item in items:
            item.add_marker(pytest.mark.skip(reason=problem))
