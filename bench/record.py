"""What all programs that measure share: the machine in words, taking turns, medians, and the record on disk."""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


def cores() -> list[int]:
    """The cores that this process may use, by number."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def ticks(stat: Path) -> float:
    """Processor seconds of a process so far, from its file "stat" of /proc."""
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy_seconds() -> float:
    """Processor seconds of all programs of the machine so far."""
    user, nice, system, _, _, irq, soft, *_ = Path("/proc/stat").read_text().split()[1:11]
    return sum(map(int, (user, nice, system, irq, soft))) / os.sysconf("SC_CLK_TCK")


def circumstances(**more: Any) -> dict[str, Any]:
    """The head of a record: date, machine, load of all programs when it was begun, how the library was built; and `more`."""
    from variegate import _core
    from variegate._cli.doctor import cpu_name

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "date": datetime.date.today().isoformat(),
        "machine": {
            "processor": cpu_name(),
            "cores": len(cores()),
            "load": load,
            "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        },
        "build": _core.build(),
        **more,
    }


def told(record: Mapping[str, Any]) -> str:
    """The machine and the build of a record in a line."""
    machine, build = record["machine"], record.get("build")
    load = "" if machine["load"] is None else f", load average {machine['load']:.1f} from all programs"
    built = f"; {build['type']} build, SIMD {build['simd']}" if build else ""
    return f"{machine['processor']}, {machine['cores']} cores{load}{built}"


def write(path: str | Path, record: Mapping[str, Any]) -> None:
    """Writes the record whole or not at all, so that a run that is cut short keeps what it had."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def alternate(rounds: int, sides: Mapping[str, Callable[[], T]]) -> Iterator[tuple[int, str, T]]:
    """Each side in turn, `rounds` times: (round, name, what it gave). What drifts on a machine then meets all sides alike."""
    for number in range(rounds):
        for name, side in sides.items():
            yield number, name, side()


def medians(turns: Mapping[str, list[Mapping[str, float]]], key: str) -> dict[str, float]:
    """Of each side the median over its turns of a number."""
    return {name: statistics.median(turn[key] for turn in all_) for name, all_ in turns.items()}
