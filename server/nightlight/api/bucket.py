"""Token buckets: how much somebody may ask. Who that is, the guard says."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Level:
    tokens: float
    at: float


class Buckets:
    """One bucket a name: `burst` requests at once, refilled with `rate` a second (the token bucket of RFC 2697's kind).

    The least used names are dropped beyond `most`, which only ever helps a caller who was quiet.
    """

    def __init__(self, *, burst: int, rate: float, most: int = 64, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._rate = rate
        self._most = most
        self._clock = clock
        self._levels: OrderedDict[str, _Level] = OrderedDict()

    def take(self, name: str) -> float:
        """Take one token. 0.0 when there was one, else the seconds until there will be."""
        now = self._clock()
        level = self._levels.pop(name, None) or _Level(float(self._burst), now)
        level.tokens = min(self._burst, level.tokens + (now - level.at) * self._rate)
        level.at = now
        self._levels[name] = level
        while len(self._levels) > self._most:
            self._levels.popitem(last=False)
        if level.tokens >= 1:
            level.tokens -= 1
            return 0.0
        return (1 - level.tokens) / self._rate
