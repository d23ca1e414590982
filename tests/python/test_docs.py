"""The Python blocks of the documents run, in order, in the root of the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import variegate

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = str(Path(variegate.__file__).resolve().parents[1])


def run_blocks(page, tmp_path):
    """Runs the Python blocks of a page as one program."""
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    # All but the blocks becomes empty lines, so that errors and conditionals name lines of the page.
    inside, code = False, []
    for line in lines:
        if line.startswith("```"):
            inside = line == "```python"
            code.append("")
        else:
            code.append(line if inside else "")
    script = tmp_path / (re.sub(r"\W", "_", page) + ".py")
    script.write_text("\n".join(code) + "\n")
    environment = dict(os.environ, PYTHONPATH=PACKAGE)
    end = subprocess.run(
        [sys.executable, script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert end.returncode == 0, end.stderr


@pytest.mark.parametrize("page", ["README.md", "docs/guide.md"])
def test_blocks_run(page, tmp_path):
    run_blocks(page, tmp_path)


def test_links_lead_somewhere():
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
    for page in pages:
        text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
