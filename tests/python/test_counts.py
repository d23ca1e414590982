"""Tests that the watch over instruction counts notices what it is for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
if not BENCH.is_dir():
    pytest.skip("the tests run without the source tree", allow_module_level=True)
sys.path.insert(0, str(BENCH))

import counts  # noqa: E402


def test_growth_is_noticed_beyond_three_per_cent():
    known = {"rotate": 1_000_000, "color": 500_000, "gone": 1}
    lines, grown = counts.compare(known, {"rotate": 1_030_000, "color": 515_001, "solarize": 7})
    assert grown == ["color"]
    assert lines == [
        "rotate: 1,030,000 instructions a sample, +3.0 %",
        "color: 515,001 instructions a sample, +3.0 %",
        "solarize: 7 instructions a sample, new",
    ]
    assert counts.compare(known, {"rotate": 400_000, "color": 400_000})[1] == []


def test_a_missing_tool_is_said(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert counts.missing() == "valgrind is not installed"
