"""Plugins are apart: the package needs none of their frameworks."""

import subprocess
import sys
from pathlib import Path

import variegate

PACKAGE = str(Path(variegate.__file__).resolve().parents[1])

WITHOUT = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "jax", "tensorflow", "paddle"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse())
import variegate
assert not [m for m in sys.modules if m.startswith("variegate.plugin")]
from variegate.plugin import base_iterator
assert base_iterator.LastBatchPolicy.DROP.value == 1
try:
    import variegate.plugin.pytorch
except ModuleNotFoundError as e:
    assert e.name == "torch"
else:
    raise AssertionError("torch was imported")
"""


def test_the_package_works_without_frameworks():
    end = subprocess.run(
        [sys.executable, "-c", WITHOUT],
        env={"PYTHONPATH": PACKAGE},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert end.returncode == 0, end.stderr
