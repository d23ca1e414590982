"""Where the time of training goes: how busy the GPU is, when it and the host wait, and what runs on it."""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Callable
from typing import Any

KEPT = 40  # steps of a timeline
#: Kernels and copies by a part of their names; the first that fits. All else belongs to training.
KINDS = {
    "copies": ("memcpy", "memset"),
    "decoding": ("vg::cuda::jpeg", "nvjpeg"),
    "augmentation": ("vg::", "dali"),
}


class Utilisation:
    """How busy the GPU is, in per cent, sampled by NVML in a thread; nothing without NVML."""

    def __init__(self, device: str) -> None:
        self.samples: list[int] = []
        self._ready = False
        if not device.startswith("cuda"):
            return
        with contextlib.suppress(OSError, AttributeError):
            self._nvml = ctypes.CDLL("libnvidia-ml.so.1")
            self._nvml.nvmlInit_v2()
            self._handle = ctypes.c_void_p()
            number = int(device.partition(":")[2] or 0)
            found = self._nvml.nvmlDeviceGetHandleByIndex_v2(number, ctypes.byref(self._handle))
            self._both = (ctypes.c_uint * 2)()
            self._ready = found == 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def _sample(self) -> None:
        while not self._stop.wait(0.02):
            if self._nvml.nvmlDeviceGetUtilizationRates(self._handle, self._both) == 0:
                self.samples.append(int(self._both[0]))

    def __enter__(self) -> Utilisation:
        if self._ready:
            self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        if self._ready:
            self._stop.set()
            self._thread.join()


class Watch:
    """The steps of one turn, by the host's clock and, on a GPU, by events around each step on the stream that trains.

    The gap between two steps on the device is what training waited for data, whoever was late: the host or the decoder.
    """

    def __init__(self, gpu: bool) -> None:
        self._events: list[Any] = []
        self._host: list[list[float]] = []
        self._gpu = gpu
        if gpu:
            import torch

            torch.cuda.synchronize()
            self._base = self._event()
        self.start = time.perf_counter()

    @staticmethod
    def _event() -> Any:
        import torch

        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event

    def step(self, take: Callable[[], Any], run: Callable[..., None]) -> Any:
        """Takes a batch, trains with it, waits until the device is at most four steps behind; gives the batch."""
        times = [time.perf_counter()]
        batch = take()
        times.append(time.perf_counter())
        begin = self._event() if self._gpu else None
        run(*batch)
        if self._gpu:
            self._events.append((begin, self._event()))
        times.append(time.perf_counter())
        if len(self._events) > 4:
            self._events[-5][1].synchronize()
        times.append(time.perf_counter())
        self._host.append(times)
        return batch

    def end(self) -> dict[str, Any]:
        """Seconds; on a GPU also the share of them that training waited; the last steps in milliseconds since the start.

        A row of "host" is [asks for a batch, has it, has launched the step, has waited for the device], one of "device" is
        [the step begins, ends].
        """
        if self._gpu:
            import torch

            torch.cuda.synchronize()
        seconds = time.perf_counter() - self.start
        host = [[round(1e3 * (t - self.start), 3) for t in row] for row in self._host[-KEPT:]]
        told: dict[str, Any] = {"seconds": seconds, "timeline": {"host": host, "device": []}}
        if self._gpu:
            spans = [[self._base.elapsed_time(e) for e in pair] for pair in self._events]
            told["stalled"] = 1 - sum(end - begin for begin, end in spans) / max(spans[-1][1], 1e-9)
            told["timeline"]["device"] = [[round(t, 3) for t in span] for span in spans[-KEPT:]]
        return told


def profiled(steps: Callable[[int], None], count: int = 6) -> dict[str, Any]:
    """What runs on the GPU during `count` steps: kind -> spans [begin, end] in milliseconds; spans closer than 10 us are one."""
    import torch

    steps(4)
    torch.cuda.synchronize()
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
        steps(count)
        torch.cuda.synchronize()
    found = [
        (e.time_range.start, e.time_range.end, e.name.lower())
        for e in profile.events()
        if e.device_type == torch.autograd.DeviceType.CUDA
    ]
    return {"steps": count, "spans": by_kind(found)}


def by_kind(found: list[tuple[float, float, str]]) -> dict[str, list[list[float]]]:
    """Spans in microseconds with the names of kernels -> merged spans in milliseconds, by kind."""
    first = min((begin for begin, _, _ in found), default=0)
    spans: dict[str, list[list[float]]] = {}
    for begin, end, name in sorted(found):
        kind = next((k for k, parts in KINDS.items() if any(p in name for p in parts)), "training")
        a, b = (begin - first) / 1e3, (end - first) / 1e3
        rows = spans.setdefault(kind, [])
        if rows and a <= rows[-1][1] + 0.01:
            rows[-1][1] = max(rows[-1][1], b)
        else:
            rows.append([a, b])
    return {kind: [[round(t, 3) for t in row] for row in rows] for kind, rows in spans.items()}
