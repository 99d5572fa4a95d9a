"""The generator: seeded, labelled, within its promises."""

from __future__ import annotations

import pytest

from nightlight.conversation import Conversation, Message, Speaker
from nightlight.tactic import Tactic
from nightlight_export.corpus import load_language
from nightlight_export.generator import Generator, find_onset


def chats(language: str = "en", count: int = 120, seed: int = 3) -> list[Conversation]:
    return list(Generator(load_language(language), seed).conversations(count))


def test_the_same_seed_gives_the_same_chats_and_another_gives_others() -> None:
    assert chats(count=20) == chats(count=20)
    assert chats(count=20) != chats(count=20, seed=4)


@pytest.mark.parametrize("language", ["en", "el", "lt"])
def test_labels_hold_together(language: str) -> None:
    for chat in chats(language):
        assert 1 <= len(chat.messages) <= 600
        assert (chat.label == "grooming") is (chat.onset is not None)
        if chat.onset is not None:
            assert chat.messages[chat.onset].tactics
            assert chat.messages[chat.onset].speaker is not Speaker.CHILD


def test_both_kinds_have_hidden_speakers_times_and_all_lengths() -> None:
    for label in ("grooming", "benign"):
        part = [chat for chat in chats(count=300) if chat.label == label]
        assert any(chat.messages[0].speaker is Speaker.UNKNOWN for chat in part)
        assert any(chat.messages[0].at for chat in part)
        assert any(chat.messages[0].at is None for chat in part)
        assert min(len(chat.messages) for chat in part) < 15
        assert max(len(chat.messages) for chat in part) > 80


def test_time_never_runs_backwards() -> None:
    for chat in chats(count=40):
        times = [message.at for message in chat.messages if message.at]
        assert times == sorted(times)


def said(*tactics: Tactic | None) -> list[Message]:
    return [Message(text="x", tactics=(tactic,) if tactic else ()) for tactic in tactics]


def test_one_tactic_however_often_is_no_onset() -> None:
    assert find_onset(said(*[Tactic.AGE_PROBING] * 20)) is None
    assert find_onset(said(*[Tactic.SECRECY] * 20)) is None


def test_a_second_sign_makes_the_onset() -> None:
    assert find_onset(said(None, Tactic.SECRECY, None, Tactic.RISK_ASSESSMENT)) == 3


def test_benign_chats_contain_single_tactics_too() -> None:
    benign = [chat for chat in chats(count=300) if chat.label == "benign"]
    assert any(message.tactics for chat in benign for message in chat.messages)
