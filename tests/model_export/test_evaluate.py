"""The figures: their definitions on small hand-made verdicts."""

from __future__ import annotations

import numpy as np
import pytest

from nightlight.conversation import Conversation, Message
from nightlight.tactic import TACTICS
from nightlight_export.calibration import first_warning, platt, tactic_thresholds
from nightlight_export.evaluate import Verdict, calibration_error, chat_figures, read_dev


def verdict(label: str, warned: int | None, onset: int | None = None, length: int = 10, risk: float = 0.2) -> Verdict:
    chat = Conversation(id="x", label=label, onset=onset, messages=tuple(Message(text="x") for _ in range(length)))
    shape = (length, len(TACTICS))
    return Verdict(chat, warned, (risk,) * length, np.zeros(shape), np.zeros(shape, dtype=bool))


def test_a_warning_in_the_grace_is_a_hit_and_an_earlier_one_a_false_alarm() -> None:
    assert verdict("grooming", 4, onset=6).outcome == (1, 0, 0)
    assert verdict("grooming", 3, onset=6).outcome == (0, 1, 1)
    assert verdict("grooming", None, onset=6).outcome == (0, 0, 1)
    assert verdict("benign", 3).outcome == (0, 1, 0)
    assert verdict("benign", None).outcome == (0, 0, 0)


def test_figures_of_a_small_set() -> None:
    figures = chat_figures([verdict("grooming", 8, 6), verdict("grooming", 1, 6), verdict("benign", None), verdict("benign", 2)])
    assert figures["chat"]["precision"] == pytest.approx(2 / 3)
    assert [figures["turn"][name] for name in ("precision", "recall", "f1")] == pytest.approx([1 / 3, 0.5, 0.4])
    assert figures["latency_median"] == 2
    assert figures["false_warnings"]["per_1000_chats"] == 500
    assert figures["false_warnings"]["per_10000_messages"] == 500


def test_calibration_error_of_a_constant_guess() -> None:
    found = calibration_error([verdict("benign", None, risk=0.25), verdict("grooming", None, onset=0, risk=0.25)])
    assert found["ece"] == pytest.approx(0.25)


def test_platt_finds_the_scale() -> None:
    source = np.random.default_rng(1)
    logits = source.normal(0, 3, 20_000)
    labels = (source.random(20_000) < 1 / (1 + np.exp(-(0.5 * logits - 1)))).astype(float)
    found = platt(logits, labels, np.ones_like(labels))
    assert found.slope == pytest.approx(0.5, abs=0.05)
    assert found.offset == pytest.approx(-1, abs=0.1)


def test_tactic_thresholds_separate_what_can_be_separated() -> None:
    scores = np.tile(np.array([[0.1], [0.2], [0.7], [0.8]]), (1, len(TACTICS)))
    truth = np.tile(np.array([[0.0], [0.0], [1.0], [1.0]]), (1, len(TACTICS)))
    assert all(0.2 < at <= 0.7 for at in tactic_thresholds(scores, truth).values())


def test_first_warning_needs_persistence() -> None:
    assert first_warning([0.1, 0.6, 0.1, 0.1, 0.1, 0.6, 0.6], 0.5) == 6


@pytest.mark.parametrize("language", ["en", "nl", "fr", "de", "el", "it", "lt"])
def test_the_hand_written_chats_hold_together(language: str) -> None:
    chats = read_dev(language)
    assert sum(chat.label == "grooming" for chat in chats) >= 10
    assert sum(chat.label == "benign" for chat in chats) >= 20
    assert len({chat.id for chat in chats}) == len(chats)
    for chat in chats:
        assert chat.language == language
        assert (chat.label == "grooming") is (chat.onset is not None)
        assert chat.onset is None or chat.onset < len(chat.messages)
