"""Instructions per sample of a fixed set of programs, held against stored ones: `python bench/counts.py PROGRAM`.

PROGRAM is `variegate_alone`. valgrind counts, so a busy machine does not matter; the counts depend on the compiler and on
the vector instructions, which are pinned (VARIEGATE_SIMD=avx2), and are stored by compiler in bench/counts.json.
Fails if one has grown by more than 3 %. --accept REASON stores what was counted. Nothing is checked, and that is
said, where valgrind, AVX2 or counts of this compiler are missing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "bench" / "counts.json"
GROWTH = 1.03
# name: arguments, samples. What comes before the samples cancels out of the difference of two runs.
PROGRAMS: dict[str, tuple[list[str], int]] = {
    "RandAugment(3, 15)": (["ra3"], 200),
    "AutoAugment": (["aa"], 200),
    "TrivialAugment": (["ta"], 200),
    "rotate": (["rotate"], 50),
    "sharpness": (["sharpness"], 50),
    "equalize": (["equalize"], 50),
    "color": (["color"], 50),
    "planning RandAugment(3, 15) with crop and flip": (["--plan", "--crop", "ra3"], 2000),
}


def instructions(program: str, arguments: list[str], samples: int) -> int:
    """Instructions of one run."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program]
    command += [str(ROOT / "tests" / "photos" / "small"), "--samples", str(samples), *arguments]
    environment = {**os.environ, "VARIEGATE_SIMD": "avx2"}
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if not found:
        raise RuntimeError(f"valgrind did not say how many instructions it saw:\n{run.stderr}")
    return int(found[1])


def per_sample(program: str, arguments: list[str], samples: int) -> int:
    """Instructions that a sample adds."""
    few = instructions(program, arguments, samples)
    return round((instructions(program, arguments, 2 * samples) - few) / samples)


def compiler(program: str) -> str:
    """What compiled the program, from the comment that compilers leave in it."""
    text = subprocess.run(
        ["readelf", "-p", ".comment", program], capture_output=True, text=True, check=True
    ).stdout
    names = re.findall(r"\]\s+(.+)", text)
    return names[-1].strip() if names else "unknown"


def missing() -> str:
    """Why nothing can be counted here, or an empty text."""
    if not shutil.which("valgrind"):
        return "valgrind is not installed"
    cpu = Path("/proc/cpuinfo")
    if not cpu.exists() or "avx2" not in cpu.read_text().split():
        return "this processor has no AVX2"
    return ""


def main() -> int:
    """Counts, compares or stores."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("program", help="variegate_alone")
    parser.add_argument("--accept", metavar="REASON", help="store the counts, and why they are what they are")
    options = parser.parse_args()
    if why := missing():
        print(f"instructions are not counted: {why}")
        return 0
    store = json.loads(STORE.read_text()) if STORE.exists() else {}
    key = compiler(options.program)
    known = store.get(key, {}).get("instructions", {})
    if not known and not options.accept:
        print(f"instructions are not counted: none are stored for {key}")
        return 0
    counts, grown = {}, []
    for name, (arguments, samples) in PROGRAMS.items():
        counts[name] = per_sample(options.program, arguments, samples)
        before = known.get(name)
        change = f"{100 * (counts[name] / before - 1):+.1f} %" if before else "new"
        print(f"{name}: {counts[name]:,} instructions a sample, {change}")
        if before and counts[name] > GROWTH * before:
            grown.append(name)
    if options.accept:
        store[key] = {"reason": options.accept, "instructions": counts}
        STORE.write_text(json.dumps(store, indent=1, sort_keys=True) + "\n")
    elif grown:
        print(f"more than 3 % up: {', '.join(grown)}. If it is worth it: ./dev bench --accept 'why'")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
