"""Writes the tables of README.md and of pages in docs from the records in docs/figures: `python bench/readme_table.py [--check]`.

A table stands between `<!-- table NAME: ... -->` and `<!-- end of table -->`. --check: only tells which pages are not what the records say.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench")]

import alone  # noqa: E402
import files  # noqa: E402
import record  # noqa: E402
from steps import AUGMENTATIONS, OTHERS, POLICIES  # noqa: E402

PAGES = ("README.md", "docs/measurements.md", "docs/gpu-report.md")
BLOCK = re.compile(r"(<!-- table ([\w-]+): [^>]*-->\n)(.*?)(<!-- end of table -->)", re.S)


def files_table(told: dict[str, Any], unit: str) -> str:
    """Rates, and the circumstances."""
    gpu = f"{told['machine']['gpu']}, " if "gpu" in told["machine"] else ""
    note = f"{told['date']}, {gpu}{record.told(told)}; {told['files']}, batches of {told['batch']}, medians of {told['rounds']} turns."
    return f"{files.table(told['summary'], unit)}\n\n{note}"


def faster(told: dict[str, Any], works: list[str]) -> str:
    """Who is faster than this library, in a sentence."""
    found = []
    for work in works:
        row = told["numbers"][work]
        ours = {"dali": row["pipeline"]}  # like with like
        for peer, us in row.items():
            against = ours.get(peer, row["variegate"])
            if peer != "pipeline" and us < against:
                found.append(f"{peer} for {work} ({us:.1f} us against {against:.1f})")
    return f"Faster than this library: {', '.join(found)}." if found else "None is faster than this library."


def alone_table(told: dict[str, Any], works: list[str]) -> str:
    """Times, who is faster, and the circumstances."""
    note = f"{told['date']}, {record.told(told)}; least of {told['rounds']} turns."
    return f"{alone.table(told, works)}\n\n{faster(told, works)} {note}"


#: name: record, table.
TABLES: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "files": ("files.json", lambda told: files_table(told, "processor")),
    "files-clock": ("files.json", lambda told: files_table(told, "clock")),
    "files-16": ("files-16.json", lambda told: files_table(told, "clock")),
    "files-gpu": ("files-gpu.json", lambda told: files_table(told, "clock")),
    "policies": ("alone.json", lambda told: alone_table(told, list(POLICIES))),
    "faster": ("alone.json", lambda told: faster(told, [*AUGMENTATIONS, *OTHERS])),
    "operators": ("alone.json", lambda told: alone_table(told, [*AUGMENTATIONS, *OTHERS])),
}


def written(page: str) -> str:
    """The page as the records have it."""

    def replaced(found: re.Match[str]) -> str:
        name, make = TABLES[found[2]]
        told = json.loads((ROOT / "docs" / "figures" / name).read_text(encoding="utf-8"))
        return f"{found[1]}{make(told)}\n{found[4]}"

    return BLOCK.sub(replaced, (ROOT / page).read_text(encoding="utf-8"))


def main() -> int:
    """Writes the pages, or tells which ones differ."""
    others = [p for p in PAGES if written(p) != (ROOT / p).read_text(encoding="utf-8")]
    if sys.argv[1:] == ["--check"]:
        print("\n".join(f"{page} is not what the records say" for page in others) or "all tables are current")
        return len(others)
    for page in others:
        (ROOT / page).write_text(written(page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
