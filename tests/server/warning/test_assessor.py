"""The Assessor over the shipped bundle: ledger, windows, evidence."""

from __future__ import annotations

import pytest

from nightlight.conversation import Message, Speaker
from nightlight.tactic import TACTICS
from nightlight.warning import Assessor, ContactState


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor.load(key=b"k" * 32)


def chat(*texts: str) -> list[Message]:
    return [
        Message(speaker=Speaker.CONTACT if index % 2 == 0 else Speaker.CHILD, text=text)
        for index, text in enumerate(texts)
    ]


STORY = chat(
    "hey gg, you play really well", "thanks :)", "how old are you?", "12", "do your parents read your messages?", "no why",
    "let's keep this our secret, don't tell your mum", "ok", "I can give you 2000 vbucks if you send me a photo of you", "hmm",
    "delete this chat please and write me on telegram, nobody reads it there", "why",
    "come alone to the mall on saturday, tell nobody",
)  # fmt: skip
EVERYDAY = chat(
    "did you finish the maths homework", "almost", "same, number 4 is hard", "lol yes", "see you at training", "see you"
)


def test_an_empty_conversation_is_refused(assessor: Assessor) -> None:
    with pytest.raises(ValueError, match="at least one message"):
        assessor.assess([])


def test_a_story_is_riskier_than_an_everyday_chat(assessor: Assessor) -> None:
    assert assessor.assess(STORY).risk > assessor.assess(EVERYDAY).risk


def test_scores_and_risks_are_probabilities_of_the_right_shape(assessor: Assessor) -> None:
    found = assessor.assess(STORY)
    assert set(found.scores) == set(TACTICS)
    assert len(found.risks) == len(STORY)
    assert all(0 <= value <= 1 for value in (*found.scores.values(), *found.risks))


def test_evidence_points_at_messages_of_the_contact(assessor: Assessor) -> None:
    for item in assessor.assess(STORY).tactics:
        assert all(STORY[index].speaker is not Speaker.CHILD for index in item.messages)


def test_risk_after_a_message_does_not_depend_on_what_follows(assessor: Assessor) -> None:
    whole = assessor.assess(STORY).risks
    for length in (1, 4, 9):
        assert assessor.assess(STORY[:length]).risk == pytest.approx(whole[length - 1], abs=1e-5)


def test_no_message_is_counted_twice_in_the_ledger(assessor: Assessor) -> None:
    contact = ContactState()
    for length in range(1, len(STORY) + 1):
        contact = assessor.assess(STORY[:length], contact).contact
    assert contact.counts == assessor.assess(STORY).contact.counts
    assert assessor.assess(STORY, contact).contact.counts == contact.counts


def test_the_ledger_outlives_the_window(assessor: Assessor) -> None:
    long = [*STORY, *(EVERYDAY * 12)]
    contact = ContactState()
    for length in range(1, len(long) + 1):
        contact = assessor.assess(long[:length][-50:], contact).contact
    assert contact.counts
    assert all(contact.counts.get(t, 0) >= n for t, n in assessor.assess(STORY).contact.counts.items())


def test_only_the_last_fifty_messages_are_read_and_indices_stay_those_of_the_request(assessor: Assessor) -> None:
    long = [*(EVERYDAY * 12), *STORY]
    found = assessor.assess(long)
    assert len(found.risks) == 50
    assert all(index >= len(long) - 50 for item in found.tactics for index in item.messages)


def test_a_stream_gives_what_live_assessment_gives(assessor: Assessor) -> None:
    long = [*EVERYDAY * 9, *STORY]
    contact = ContactState()
    live = []
    for length in range(1, len(long) + 1):
        found = assessor.assess(long[:length][-50:], contact)
        contact = found.contact
        live.append(found.risk)
    assert [found.risk for found in assessor.stream(long)] == live


def test_unknown_speakers_are_judged(assessor: Assessor) -> None:
    unknown = [message.model_copy(update={"speaker": Speaker.UNKNOWN}) for message in STORY]
    assert assessor.assess(unknown).risk > assessor.assess(EVERYDAY).risk


def test_a_huge_message_is_judged_without_harm(assessor: Assessor) -> None:
    found = assessor.assess([Message(text="la " * 40_000), *STORY])
    assert 0 <= found.risk <= 1


def test_two_times_of_which_one_has_no_zone_do_not_fail(assessor: Assessor) -> None:
    mixed = [
        Message.model_validate({"text": "hi", "at": "2026-05-01T18:02:11Z"}),
        Message.model_validate({"text": "hello", "at": "2026-05-01T18:03:11"}),
    ]
    assert 0 <= assessor.assess(mixed).risk <= 1
