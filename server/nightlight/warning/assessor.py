"""The Assessor: messages in, an Assessment out. The one road that the helper, `score` and the evaluation take."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nightlight.conversation import Message, Speaker
from nightlight.model import Bundle, ConversationScorer, MessageEncoder
from nightlight.model.manifest import Sensitivity
from nightlight.tactic import TACTICS, Tactic
from nightlight.warning.contact import ContactState
from nightlight.warning.policy import Level, WarningPolicy

#: Messages of a chat that are judged together.
WINDOW = 50
#: An urgent tactic counts as present when one of the last so many messages shows it.
RECENT = 6
_EVIDENCE = 5


@dataclass(frozen=True)
class TacticEvidence:
    """A tactic that the window shows: its highest score and the messages (indices into the request) that show it best."""

    tactic: Tactic
    score: float
    messages: tuple[int, ...]


@dataclass(frozen=True)
class Assessment:
    """What one look at a conversation found.

    `risk`: calibrated probability that this is grooming, after the last message. `nudge`: show a hint now. `tactics`: the
    evidence by descending score. `scores`: all 14 tactics of the last message. `risks`: risk after each message of the
    window. `contact`: the contact's state to keep; its counts include this window.
    """

    risk: float
    level: Level
    nudge: bool
    tactics: tuple[TacticEvidence, ...]
    scores: dict[Tactic, float]
    risks: tuple[float, ...]
    contact: ContactState


class Assessor:
    """Judges conversations with one bundle. Not thread-safe: give it one worker."""

    def __init__(self, bundle: Bundle, key: bytes | None = None) -> None:
        self.bundle = bundle
        self.encoder = MessageEncoder(bundle)
        self.scorer = ConversationScorer(bundle)
        self.policy = WarningPolicy(bundle.manifest.thresholds)
        self._key = key or secrets.token_bytes(32)
        self._limits = np.array([bundle.manifest.thresholds.tactic[tactic] for tactic in TACTICS])

    @classmethod
    def load(cls, folder: Path | None = None, key: bytes | None = None) -> Assessor:
        """The shipped bundle, or the one in `folder`. `key` makes cursors last over restarts. Raises BundleError."""
        return cls(Bundle.load(folder), key)

    def assess(
        self,
        messages: Sequence[Message],
        contact: ContactState | None = None,
        sensitivity: Sensitivity = "medium",
        now: datetime | None = None,
    ) -> Assessment:
        """Judge the last 50 of `messages` (at least one). `now` is the time of the cooldown, by default this moment."""
        if not messages:
            raise ValueError("a conversation needs at least one message")
        contact = contact or ContactState()
        now = now or datetime.now(UTC)
        offset = max(len(messages) - WINDOW, 0)
        window = messages[offset:]
        encoded = self.encoder.encode([message.text for message in window])
        scores = _sigmoid(np.stack([item.tactics.max(axis=0) for item in encoded]))
        from_child = np.array([message.speaker is Speaker.CHILD for message in window])
        shown = (scores >= self._limits) & ~from_child[:, np.newaxis]
        counts, cursor = self._count(window, shown, contact)
        before = np.maximum(counts - shown.sum(axis=0), 0).astype(np.float32)
        risks = self.scorer.risks(window, encoded, before)
        recent = {tactic for tactic, seen in zip(TACTICS, shown[-RECENT:].any(axis=0), strict=True) if seen}
        level = self.policy.level(risks.tolist(), recent, sensitivity)
        nudge = self.policy.shows(level, contact, now)
        updated = replace(
            contact,
            counts={tactic: int(count) for tactic, count in zip(TACTICS, counts, strict=True) if count},
            cursor=cursor,
            warned_at=now if nudge else contact.warned_at,
            warned_level=level if nudge else contact.warned_level,
        )
        return Assessment(
            risk=float(risks[-1]),
            level=level,
            nudge=nudge,
            tactics=_evidence(scores, shown, offset),
            scores={tactic: float(score) for tactic, score in zip(TACTICS, scores[-1], strict=True)},
            risks=tuple(risks.tolist()),
            contact=updated,
        )

    def stream(self, messages: Iterable[Message], sensitivity: Sensitivity = "medium") -> Iterator[Assessment]:
        """Judge a conversation as if it arrived live: one Assessment a message, the contact's state carried along."""
        contact = ContactState()
        window: list[Message] = []
        for message in messages:
            window = [*window[-(WINDOW - 1) :], message]
            assessment = self.assess(window, contact, sensitivity, message.at)
            contact = assessment.contact
            yield assessment

    def _count(
        self, window: Sequence[Message], shown: NDArray[np.bool_], contact: ContactState
    ) -> tuple[NDArray[np.int64], str]:
        """Add the messages after the contact's cursor to its counts. Returns (counts (14,), new cursor)."""
        counts = np.array([contact.counts.get(tactic, 0) for tactic in TACTICS], dtype=np.int64)
        fresh = 0
        if contact.cursor is not None:
            for index in range(len(window) - 1, -1, -1):
                if self._digest(window, index) == contact.cursor:
                    fresh = index + 1
                    break
        return counts + shown[fresh:].sum(axis=0), self._digest(window, len(window) - 1)

    def _digest(self, window: Sequence[Message], index: int) -> str:
        """Keyed hash of a message and the two before it: told apart from the same words said earlier."""
        digest = hashlib.blake2b(key=self._key, digest_size=16)
        for message in window[max(index - 2, 0) : index + 1]:
            digest.update(f"{message.speaker}\x00{message.text}\x01".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


def _evidence(scores: NDArray[np.float32], shown: NDArray[np.bool_], offset: int) -> tuple[TacticEvidence, ...]:
    found: list[TacticEvidence] = []
    for column, tactic in enumerate(TACTICS):
        rows = np.flatnonzero(shown[:, column])
        if len(rows):
            best = rows[np.argsort(-scores[rows, column], kind="stable")][:_EVIDENCE]
            found.append(
                TacticEvidence(tactic, float(scores[best[0], column]), tuple(sorted(int(row) + offset for row in best)))
            )
    return tuple(sorted(found, key=lambda item: -item.score))
