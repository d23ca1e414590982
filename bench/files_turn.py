"""A peer of bench/files.py in a process of its own: turns are asked for in lines of JSON, and told in lines of JSON."""

from __future__ import annotations

import gc
import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import record
from peers import Job


class Peer:
    """The side that asks. The process is started by the first turn, so that peers that are not asked cost nothing."""

    def __init__(self, name: str, python: str, settings: dict[str, Any]) -> None:
        self._command = [python, __file__, name, json.dumps(settings)]
        self._name, self._process = name, None

    def turn(self, work: str, threads: int, seconds: float) -> dict[str, Any]:
        """What one turn gave, or {"missing": why}."""
        if self._process is None:
            pipe = subprocess.PIPE
            quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
            self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, text=True, env=quiet)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"work": work, "threads": threads, "seconds": seconds}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._name}, {work}, {threads} threads: failed, see above")
        return json.loads(line)

    def close(self) -> None:
        """Ends the process, if it was started."""
        if self._process is not None:
            assert self._process.stdin
            self._process.stdin.close()
            self._process.wait()


def processor_seconds() -> float:
    """Processor time of this process and of its workers that live."""
    children = Path("/proc/self/task").glob("*/children")
    found = [p for place in children for p in place.read_text().split()]
    return sum(record.ticks(Path("/proc", process, "stat")) for process in ["self", *found])


def timed(module: Any, job: Job) -> tuple[float, float, float, float]:
    """Images, seconds, processor seconds of this peer, and of all programs of the machine."""
    if hasattr(module, "turn"):
        busy = record.busy_seconds()
        told = module.turn(job)
        return *told, record.busy_seconds() - busy
    step, close = module.start(job)
    try:
        for _ in range(2):
            step()
        images, used, busy, start = 0, processor_seconds(), record.busy_seconds(), time.perf_counter()
        while time.perf_counter() - start < job.seconds:
            images += step()
        seconds = time.perf_counter() - start
        return images, seconds, processor_seconds() - used, record.busy_seconds() - busy
    finally:
        close()


def turn(name: str, job: Job, cores: list[int]) -> dict[str, Any]:
    """One turn, in this process."""
    os.sched_setaffinity(0, cores[: job.threads])
    try:
        module = importlib.import_module(f"peers.{name}")
        images, seconds, used, busy = timed(module, job)
    except ImportError as e:
        return {"missing": str(e)}
    finally:
        gc.collect()  # ends what the turn leaves: workers, threads
    return {
        "version": module.VERSION,
        "images_per_second": images / seconds,
        "images_per_cpu_second": images / max(used, 0.01),
        "others": round(max(0.0, busy - used) / seconds, 2),  # cores that other programs kept busy
    }


def main() -> int:
    """Turns until the input ends. What libraries print goes to where errors go."""
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    name, settings = sys.argv[1], json.loads(sys.argv[2])
    cores = record.cores()
    for line in sys.stdin:
        told.write(json.dumps(turn(name, Job(**settings, **json.loads(line)), cores)) + "\n")
        told.flush()
    return 0


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "examples" / "efficientnet")]
    sys.exit(main())
