"""What is remembered of a contact between requests: counts and dates, never a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from nightlight.tactic import Tactic


@dataclass(frozen=True)
class ContactState:
    """The ledger of one contact.

    `counts`: messages in which each tactic was shown, ever. `cursor`: keyed hash of the last message counted, so that
    overlapping windows count none twice. `known`: the child said "I know this person". `warned_at`, `warned_level`: the
    last hint shown.
    """

    counts: Mapping[Tactic, int] = field(default_factory=dict)
    cursor: str | None = None
    known: bool = False
    warned_at: datetime | None = None
    warned_level: str | None = None
