"""Writes the table of README.md from what bench/run.py measured: `python bench/readme_table.py NUMBERS.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import run

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- table: written by bench/readme_table.py -->", "<!-- end of table -->"


def main() -> int:
    """Replaces what stands between the marks."""
    if len(sys.argv) != 2:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    record = json.loads(Path(sys.argv[1]).read_text())
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    table = run.table(record["peers"], "images_per_cpu_second")
    note = f"Measured {record['date']} on {record['machine']}; {record['images']} photos, batches of {record['batch']}."
    README.write_text(f"{before}{BEGIN}\n{table}\n\n{note}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
