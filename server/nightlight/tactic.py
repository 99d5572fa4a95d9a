"""The fourteen tactics and their stages, after Olson's luring communication theory (2007). Names only, no judgement."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Tactic(StrEnum):
    """What a contact does in a message; the order is the order of the model's outputs and never changes."""

    AGE_PROBING = "age_probing"
    PERSONAL_PROBING = "personal_probing"
    FLATTERY = "flattery"
    GIFTS = "gifts"
    RISK_ASSESSMENT = "risk_assessment"
    SECRECY = "secrecy"
    ISOLATION = "isolation"
    PLATFORM_MOVE = "platform_move"
    SEXUAL_APPROACH = "sexual_approach"
    IMAGE_REQUEST = "image_request"
    MEETING = "meeting"
    RUNNING_AWAY = "running_away"
    PRESSURE = "pressure"
    THREAT = "threat"


class Stage(StrEnum):
    """Where in the course of grooming a tactic belongs; stages come in any order."""

    ACCESS = "access"
    TRUST = "trust"
    ISOLATION = "isolation"
    APPROACH = "approach"
    MISSING = "missing"
    COERCION = "coercion"


TACTICS: Final[tuple[Tactic, ...]] = tuple(Tactic)

STAGES: Final[dict[Tactic, Stage]] = {
    Tactic.AGE_PROBING: Stage.ACCESS,
    Tactic.PERSONAL_PROBING: Stage.ACCESS,
    Tactic.FLATTERY: Stage.TRUST,
    Tactic.GIFTS: Stage.TRUST,
    Tactic.RISK_ASSESSMENT: Stage.TRUST,
    Tactic.SECRECY: Stage.ISOLATION,
    Tactic.ISOLATION: Stage.ISOLATION,
    Tactic.PLATFORM_MOVE: Stage.ISOLATION,
    Tactic.SEXUAL_APPROACH: Stage.APPROACH,
    Tactic.IMAGE_REQUEST: Stage.APPROACH,
    Tactic.MEETING: Stage.APPROACH,
    Tactic.RUNNING_AWAY: Stage.MISSING,
    Tactic.PRESSURE: Stage.COERCION,
    Tactic.THREAT: Stage.COERCION,
}

#: Never silenced by "I know this person": the road to a meeting, to leaving home, or blackmail.
URGENT: Final[frozenset[Tactic]] = frozenset({Tactic.MEETING, Tactic.RUNNING_AWAY, Tactic.THREAT})
