"""Generated files say what the registry says."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STUBS = ROOT / "python" / "variegate" / "fn"


def test_generated_files_are_fresh():
    end = subprocess.run(
        [sys.executable, ROOT / "tools" / "describe.py", "--check"], capture_output=True, text=True
    )
    assert end.returncode == 0, f"{end.stdout}{end.stderr}run ./dev docs"


def test_stubs_name_every_function():
    import variegate.fn as fn

    for stub in STUBS.rglob("*.pyi"):
        tree = ast.parse(stub.read_text(encoding="utf-8"))
        module = fn
        for part in stub.parent.relative_to(STUBS).parts:
            module = getattr(module, part)
        described = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        imported = {a.asname for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names if a.asname}
        public = {n for n in vars(module) if not n.startswith("_")} - {"annotations"}
        assert public <= described | imported, f"{stub}: {public - described - imported}"
        assert all(hasattr(module, name) for name in described)
