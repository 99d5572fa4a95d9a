"""Timings: how long something takes, told as percentiles, on one core."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs."""

    seconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        """Milliseconds that half of the runs stay below."""
        return float(np.percentile(self.seconds, 50)) * 1000

    @property
    def p95(self) -> float:
        """Milliseconds that 95 of 100 runs stay below."""
        return float(np.percentile(self.seconds, 95)) * 1000


def timed(action: Callable[[Item], object], items: Iterable[Item]) -> Timing:
    """Run `action` on each item and time each run."""
    seconds: list[float] = []
    for item in items:
        begin = time.perf_counter()
        action(item)
        seconds.append(time.perf_counter() - begin)
    return Timing(tuple(seconds))


def cores() -> list[int]:
    """Cores that this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


def pin(core: int, process: int = 0) -> None:
    """Bind a process (0: this one) to one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process, {core})


def machine() -> str:
    """Name the processor, the cores and the system in one line."""
    name = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
    return f"{name}, {len(cores())} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
