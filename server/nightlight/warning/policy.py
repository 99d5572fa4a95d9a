"""The early-warning policy: when risk has stood long enough to say something, and when to keep still.

Persistence follows the early-risk-detection literature (a decision over several messages, after Vogt et al., 2021, who
call it skepticism): one message above the threshold is not enough, unless it is far above it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nightlight.model.manifest import Sensitivity, Thresholds
from nightlight.tactic import URGENT, Tactic
from nightlight.warning.contact import ContactState


class Level(StrEnum):
    """How much a conversation asks for: nothing, a gentle hint, or help now."""

    NONE = "none"
    NUDGE = "nudge"
    URGENT = "urgent"


@dataclass(frozen=True)
class WarningPolicy:
    """Turns risks into a level, and a level into whether a hint is shown now.

    `span`, `persistence`: risk must have reached the threshold after `persistence` of the last `span` messages. Halfway
    from the threshold to 1 (`certain`), one message is enough. `cooldown`: after a hint, the same contact causes none
    for so long; an urgent one may follow a gentle one at once, and repeats after `urgent_cooldown`.
    """

    thresholds: Thresholds
    span: int = 4
    persistence: int = 2
    certain: float = 0.75
    cooldown: timedelta = timedelta(hours=24)
    urgent_cooldown: timedelta = timedelta(hours=2)

    def level(self, risks: Sequence[float], recent: Collection[Tactic], sensitivity: Sensitivity = "medium") -> Level:
        """The level after the last message. `risks`: risk after each message so far; `recent`: tactics lately shown."""
        threshold = self.thresholds.nudge[sensitivity]
        latest = list(risks[-self.span :])
        if not latest or latest[-1] < threshold:
            return Level.NONE
        certain = threshold + self.certain * (1.0 - threshold)
        enough = sum(risk >= threshold for risk in latest) >= self.persistence or latest[-1] >= certain
        if not enough:
            return Level.NONE
        return Level.URGENT if URGENT & set(recent) else Level.NUDGE

    def shows(self, level: Level, contact: ContactState, now: datetime) -> bool:
        """Whether a hint is shown now. `now` must carry a time zone if the contact's dates do."""
        if level is Level.NONE or (contact.known and level is not Level.URGENT):
            return False
        if contact.warned_at is None:
            return True
        if level is Level.URGENT and contact.warned_level != Level.URGENT:
            return True
        wait = self.urgent_cooldown if level is Level.URGENT else self.cooldown
        # A clock that was set back must not silence hints for longer than the cooldown itself.
        return abs(now - contact.warned_at) >= wait
