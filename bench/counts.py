"""Instructions per sample of a fixed set of programs, held against stored ones: `python bench/counts.py PROGRAM...`.

PROGRAM is `variegate_alone`, of one build or several; `variegate_submitted` lies beside it. valgrind counts, so a busy machine does not matter; the counts depend
on the compiler and on the vector instructions, which are pinned (VARIEGATE_SIMD=avx2), and are stored by compiler and build type
in bench/counts.json. Fails if one has grown by more than 3 %. --accept REASON stores what was counted. Nothing is checked,
and that is said, where valgrind, AVX2 or counts of this compiler are missing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import record  # noqa: E402

STORE = ROOT / "bench" / "counts.json"
GROWTH = 1.03
#: Before the samples that count: caches of our own are full then.
BEFORE = 32
#: name: program, its arguments, samples that count.
PROGRAMS: dict[str, tuple[str, list[str], int]] = {
    "RandAugment(3, 15)": ("variegate_alone", ["ra3"], 120),
    "AutoAugment": ("variegate_alone", ["aa"], 120),
    "TrivialAugment": ("variegate_alone", ["ta"], 120),
    "rotate": ("variegate_alone", ["rotate"], 16),
    "sharpness": ("variegate_alone", ["sharpness"], 16),
    "equalize": ("variegate_alone", ["equalize"], 16),
    "color": ("variegate_alone", ["color"], 16),
    "planning RandAugment(3, 15) with crop and flip": ("variegate_alone", ["--plan", "--crop", "ra3"], 1500),
    "a JPEG file for the GPU, from a packed file": ("variegate_submitted", [], 2048),
}


def instructions(program: str, arguments: list[str], samples: int) -> int:
    """Instructions of one run."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program]
    environment = {**os.environ, "VARIEGATE_SIMD": "avx2"}
    run = subprocess.run(
        [*command, "--samples", str(samples), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    found = re.search(r"Collected : (\d+)", run.stderr)
    if not found:
        raise RuntimeError(f"valgrind did not say how many instructions it saw:\n{run.stderr}")
    return int(found[1])


def count(program: str) -> dict[str, int]:
    """Of each of PROGRAMS the instructions that a sample adds: what comes before cancels out of the difference of two runs."""
    with ThreadPoolExecutor(len(record.cores())) as pool:
        runs = {
            name: [
                pool.submit(instructions, str(Path(program).with_name(file)), arguments, n)
                for n in (BEFORE, BEFORE + samples)
            ]
            for name, (file, arguments, samples) in PROGRAMS.items()
        }
        return {
            name: round((many.result() - few.result()) / PROGRAMS[name][2])
            for name, (few, many) in runs.items()
        }


def compare(known: Mapping[str, int], counted: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """A line for each count, and the names of those that have grown by more than 3 %."""
    lines, grown = [], []
    for name, now in counted.items():
        before = known.get(name)
        change = f"{100 * (now / before - 1):+.1f} %" if before else "new"
        lines.append(f"{name}: {now:,} instructions a sample, {change}")
        if before and now > GROWTH * before:
            grown.append(name)
    return lines, grown


def built(program: str) -> str:
    """What compiled the program, from the comment that compilers leave in it, and the type of its build."""
    comment = subprocess.run(
        ["readelf", "-p", ".comment", program], capture_output=True, text=True, check=True
    ).stdout
    names = re.findall(r"\]\s+(.+)", comment)
    kind = subprocess.run([program, "--build"], capture_output=True, text=True, check=True).stdout.strip()
    return f"{names[-1].strip() if names else 'unknown'}, {kind}"


def missing() -> str:
    """Why nothing can be counted here, or an empty text."""
    for tool in ("valgrind", "readelf"):
        if not shutil.which(tool):
            return f"{tool} is not installed"
    cpu = Path("/proc/cpuinfo")
    if not cpu.exists() or "avx2" not in cpu.read_text().split():
        return "this processor has no AVX2"
    return ""


def main() -> int:
    """Counts, compares or stores."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("programs", nargs="+", metavar="PROGRAM", help="variegate_alone")
    parser.add_argument("--accept", metavar="REASON", help="store the counts, and why they are what they are")
    parser.add_argument("--store", type=Path, default=STORE, help="default: bench/counts.json")
    options = parser.parse_args()
    if why := missing():
        print(f"instructions are not counted: {why}")
        return 0
    store = json.loads(options.store.read_text()) if options.store.exists() else {}
    failed = False
    for program in options.programs:
        key = built(program)
        known = store.get(key, {}).get("instructions", {})
        if not known and not options.accept:
            print(f"instructions are not counted: none are stored for {key}")
            continue
        counted = count(program)
        lines, grown = compare(known, counted)
        print("\n".join([f"{key}:", *lines]))
        if options.accept:
            store[key] = {"reason": options.accept, "instructions": counted}
        elif grown:
            failed = True
            print(f"more than 3 % up: {', '.join(grown)}. If it is worth it: ./dev bench --accept 'why'")
    if options.accept:
        record.write(options.store, dict(sorted(store.items())))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
