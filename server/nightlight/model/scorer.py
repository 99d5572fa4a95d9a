"""The conversation scorer: encoded messages, who spoke, time gaps and the ledger -> calibrated risk after each message."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nightlight.conversation import Message, Speaker
from nightlight.model.bundle import Bundle
from nightlight.model.encoder import EncodedMessage
from nightlight.model.manifest import SCORER_FILE
from nightlight.model.session import open_session
from nightlight.tactic import TACTICS

#: Segments the scorer reads at most; the newest are kept.
MAX_STEPS = 256

_SPEAKERS = (Speaker.CONTACT, Speaker.CHILD, Speaker.UNKNOWN)
_LONGEST_GAP_HOURS = 24.0 * 30


def speaker_row(speaker: Speaker) -> list[float]:
    """One-hot over contact, child, unknown."""
    return [float(speaker is kind) for kind in _SPEAKERS]


def gap_hours(before: Message | None, message: Message) -> float:
    """Hours since the message before: 0 when a time is unknown or runs backwards, 30 days at most."""
    if before is None or before.at is None or message.at is None:
        return 0.0
    return min(max((message.at - before.at).total_seconds() / 3600.0, 0.0), _LONGEST_GAP_HOURS)


class ConversationScorer:
    """Runs the bundle's scorer graph and its calibration."""

    def __init__(self, bundle: Bundle) -> None:
        self._session = open_session(bundle.contents[SCORER_FILE])
        self._calibration = bundle.manifest.calibration

    def risks(
        self, messages: Sequence[Message], encoded: Sequence[EncodedMessage], ledger: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """Calibrated risk after each message, (messages,). `ledger`: counts (14,) of tactics seen before the window."""
        vectors, tactics, speakers, gaps, last = self._steps(messages, encoded)
        counts = np.zeros(len(TACTICS), dtype=np.float32) if ledger is None else ledger
        (logits,) = self._session.run(
            ["risk"],
            {
                "vectors": vectors[np.newaxis],
                "tactics": tactics[np.newaxis],
                "speaker": speakers[np.newaxis],
                "gap": gaps[np.newaxis],
                "ledger": np.log1p(counts, dtype=np.float32)[np.newaxis],
            },
        )
        scaled = self._calibration.slope * logits[0].astype(np.float64) + self._calibration.offset
        risks = 1.0 / (1.0 + np.exp(-np.clip(scaled, -60, 60)))
        # A message whose segments were all dropped at the front carries the risk of the first step that was kept.
        return np.asarray(risks[np.maximum(last, 0)])

    @staticmethod
    def _steps(
        messages: Sequence[Message], encoded: Sequence[EncodedMessage]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
        vectors = np.concatenate([item.vectors for item in encoded])[-MAX_STEPS:]
        tactics = np.concatenate([item.tactics for item in encoded])[-MAX_STEPS:]
        speakers: list[list[float]] = []
        gaps: list[float] = []
        last: list[int] = []
        before: Message | None = None
        for message, item in zip(messages, encoded, strict=True):
            pieces = len(item.vectors)
            speakers += [speaker_row(message.speaker)] * pieces
            gaps += [gap_hours(before, message)] + [0.0] * (pieces - 1)
            last.append(len(speakers) - 1)
            before = message
        dropped = max(len(speakers) - MAX_STEPS, 0)
        return (
            vectors,
            tactics,
            np.array(speakers[dropped:], dtype=np.float32),
            np.log1p(np.array(gaps[dropped:], dtype=np.float32)),
            np.array(last, dtype=np.int64) - dropped,
        )
