"""A peer in a process of its own, that takes turns: asked for in lines of JSON, told in lines of JSON."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import record


class Peer:
    """The side that asks. The process is started by the first turn, so that peers that are not asked cost nothing."""

    def __init__(self, name: str, python: str, program: Path, settings: dict[str, Any]) -> None:
        self._command = [python, str(program), name, json.dumps(settings)]
        self._name, self._process = name, None

    def turn(self, **asked: Any) -> dict[str, Any]:
        """What one turn gave, or {"missing": why}."""
        if self._process is None:
            quiet, pipe = {**os.environ, "PYTHONWARNINGS": "ignore"}, subprocess.PIPE
            self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, text=True, env=quiet)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._name}, {asked}: failed, see above")
        return json.loads(line)

    def close(self) -> None:
        """Ends the process, if it was started."""
        if self._process is not None:
            assert self._process.stdin
            self._process.stdin.close()
            self._process.wait()


def serve(turn: Callable[..., dict[str, Any]]) -> int:
    """The side that answers: turn(name, settings, asked) until the input ends. What libraries print goes to where errors go."""
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    name, settings = sys.argv[1], json.loads(sys.argv[2])
    for line in sys.stdin:
        try:
            answer = turn(name, settings, json.loads(line))
        except ImportError as e:
            answer = {"missing": str(e)}
        gc.collect()  # ends what the turn leaves: workers, threads
        told.write(json.dumps(answer) + "\n")
        told.flush()
    return 0


class Timed(NamedTuple):
    """What one turn took. `used`: processor seconds of this peer; `busy`: of all programs of the machine."""

    images: float
    seconds: float
    used: float
    busy: float


def timed(step: Callable[[], int], seconds: float) -> Timed:
    """Runs a step that makes images and says how many, again and again; its first two calls do not count."""
    for _ in range(2):
        step()
    images, used, busy, start = 0, processor_seconds(), record.busy_seconds(), time.perf_counter()
    while time.perf_counter() - start < seconds:
        images += step()
    elapsed = time.perf_counter() - start
    return Timed(images, elapsed, processor_seconds() - used, record.busy_seconds() - busy)


def processor_seconds() -> float:
    """Processor time of this process and of its workers that live."""
    children = Path("/proc/self/task").glob("*/children")
    found = [p for place in children for p in place.read_text().split()]
    return time.process_time() + sum(record.ticks(Path("/proc", process, "stat")) for process in found)
