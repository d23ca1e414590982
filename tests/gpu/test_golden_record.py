"""Every recorded case again, with the data of its operators on the GPU and images decoded with device="mixed"."""

import json
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "golden"), str(TESTS / "python")]

from run_golden import Runner, runner_result  # noqa: E402
from test_golden import GOLDEN, GROUPS, NOT_HERE  # noqa: E402


@pytest.fixture(scope="module")
def runner():
    return Runner("variegate", GOLDEN, GOLDEN.parent / "photos", "gpu")


@pytest.mark.parametrize("group", GROUPS)
def test_group(runner, group):
    cases = json.loads((GOLDEN / group / "cases.json").read_text())["cases"]
    bad = {c["id"]: r for c in cases if c["id"] not in NOT_HERE and (r := runner_result(runner, group, c))}
    assert not bad, f"{len(bad)} of {len(cases)} outside their tolerance: {dict(list(bad.items())[:5])}"
