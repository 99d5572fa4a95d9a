"""From a request to a judgement and what is kept of it: cooldown, "I know this person", ledger, alerts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nightlight.storage.setting import Settings
from nightlight.tactic import TACTICS
from tests.server.running import Extension, Helper, chat

STORY = (
    "hey, nice to meet you! how old are you?",
    "you are so mature for your age, not like the others",
    "we have something special, nobody understands you like i do",
    "do you have your own room? who is home with you now?",
    "please don't tell your mum about us, this is our secret",
    "delete these messages after you read them",
    "let's move to a private app where nobody can read it",
    "send me a picture of you, just for me",
    "don't you trust me? if you loved me you would do it",
)
URGENT_STORY = (
    *STORY,
    "let's meet tomorrow, just you and me, don't tell anyone",
    "i will pick you up at the station after school, come alone",
    "if you don't come i will post your pictures for everyone to see",
)
EVERYDAY = (
    "did you do the maths homework?",
    "not yet, is it page 42?",
    "yes, numbers one to five. football at four?",
    "sure, see you there",
)


@pytest.fixture(scope="module")
def watched(helper: Helper) -> Iterator[Extension]:
    """An extension whose helper is set to warn early, so that the tests depend little on the model."""
    with helper.storage() as storage:
        storage.settings.write(Settings(sensitivity="high"))
    extension = helper.pair()
    yield extension
    extension.post("unpair")
    with helper.storage() as storage:
        storage.settings.write(Settings())


def play(extension: Extension, conversation: str, story: tuple[str, ...]) -> list[dict[str, Any]]:
    """Send a story message by message; the answers."""
    answers = []
    for end in range(1, len(story) + 1):
        answer = extension.post("assess", chat(*story[:end], conversation=conversation))
        assert answer.status_code == 200
        answers.append(answer.json())
    return answers


def age_warning(helper: Helper, by: timedelta) -> None:
    """Let time pass for all contacts, as far as the helper can see."""
    with closing(sqlite3.connect(helper.data / "nightlight.sqlite3")) as database, database:
        seconds = f"-{int(by.total_seconds())} seconds"
        database.execute("UPDATE contact SET warned_at = strftime('%Y-%m-%d %H:%M:%f', warned_at, ?)", (seconds,))


def test_the_answer_is_as_agreed(watched: Extension) -> None:
    answer = play(watched, "shape", STORY)[-1]
    assert set(answer) == {"risk", "level", "nudge", "tactics", "known"}
    assert 0 <= answer["risk"] <= 1
    assert answer["level"] in ("none", "nudge", "urgent")
    assert answer["known"] is False
    assert answer["tactics"]
    for evidence in answer["tactics"]:
        assert set(evidence) == {"tactic", "score", "messages"}
        assert evidence["tactic"] in set(TACTICS)
        assert 0 <= evidence["score"] <= 1
        assert evidence["messages"]
        assert set(evidence["messages"]) <= {f"m{index}" for index in range(len(STORY))}
    assert [evidence["score"] for evidence in answer["tactics"]] == sorted(
        (evidence["score"] for evidence in answer["tactics"]), reverse=True
    )


def test_a_story_nudges_and_an_everyday_chat_does_not(watched: Extension) -> None:
    assert any(answer["nudge"] for answer in play(watched, "story", STORY))
    assert not any(answer["nudge"] for answer in play(watched, "everyday", EVERYDAY))


def test_cooldown(helper: Helper, watched: Extension) -> None:
    answers = play(watched, "cooldown", STORY)
    first = next(index for index, answer in enumerate(answers) if answer["nudge"])
    # Within the cooldown the same level causes no second hint, whatever comes.
    levels = [answer["level"] for answer in answers if answer["nudge"]]
    assert len(levels) == len(set(levels))
    assert first < len(STORY)
    whole = chat(*STORY, conversation="cooldown")
    again = watched.post("assess", whole).json()
    assert again["level"] != "none"
    assert again["nudge"] is False
    age_warning(helper, timedelta(days=2))
    assert watched.post("assess", whole).json()["nudge"] is True
    assert watched.post("assess", whole).json()["nudge"] is False


def test_cooldown_can_be_set(helper: Helper, watched: Extension) -> None:
    whole = chat(*STORY, conversation="short-cooldown")
    play(watched, "short-cooldown", STORY)
    assert watched.post("assess", whole).json()["nudge"] is False
    with helper.storage() as storage:
        settings = storage.settings.read()
        storage.settings.write(replace(settings, cooldown=timedelta(0)))
        try:
            assert watched.post("assess", whole).json()["nudge"] is True
        finally:
            storage.settings.write(settings)


def test_known_silences_this_contact_only(watched: Extension) -> None:
    assert watched.post("known", {"conversation": "friend", "known": True}).json() == {"known": True}
    answers = play(watched, "friend", STORY)
    assert any(answer["level"] == "nudge" for answer in answers)
    assert all(answer["known"] for answer in answers)
    assert all(answer["level"] == "urgent" for answer in answers if answer["nudge"])
    assert any(answer["nudge"] for answer in play(watched, "another", STORY))
    assert watched.post("known", {"conversation": "friend", "known": False}).json() == {"known": False}
    assert watched.post("assess", chat(*STORY, conversation="friend")).json()["nudge"] is True


def test_known_never_silences_urgent(watched: Extension) -> None:
    watched.post("known", {"conversation": "urgent-friend", "known": True})
    answers = play(watched, "urgent-friend", URGENT_STORY)
    assert any(answer["nudge"] and answer["level"] == "urgent" for answer in answers)


def test_what_is_remembered_is_counts(helper: Helper, watched: Extension) -> None:
    play(watched, "remembered", STORY)
    today = datetime.now(UTC).date().isoformat()
    with helper.storage() as storage:
        key = storage.contacts.key("remembered")
        assert key != storage.contacts.key("remembered2")
        state = storage.contacts.load(key)
        alerts = [alert for alert in storage.alerts.list() if alert.contact == key]
    assert state.counts
    assert state.cursor
    assert state.warned_at is not None
    assert alerts
    assert alerts[-1].site == "chat.example"
    assert alerts[-1].level in ("nudge", "urgent")
    assert set(alerts[-1].tactics) <= set(TACTICS)
    with closing(sqlite3.connect(helper.data / "nightlight.sqlite3")) as database:
        rows = database.execute("SELECT day, sum(count) FROM ledger WHERE contact = ? GROUP BY day", (key,)).fetchall()
    assert rows == [(today, sum(state.counts.values()))]
    # The same window again counts nothing twice.
    watched.post("assess", chat(*STORY, conversation="remembered"))
    with helper.storage() as storage:
        assert storage.contacts.load(key).counts == state.counts


def test_adapter_reports_are_counted(helper: Helper, watched: Extension) -> None:
    for state in ("ok", "broken", "broken"):
        assert watched.post("adapter", {"site": "Count.example:8080", "state": state}).json() == {"stored": True}
    with helper.storage() as storage:
        counts = {each.state: each.count for each in storage.adapters.list() if each.site == "count.example:8080"}
    assert counts == {"ok": 1, "broken": 2}


@pytest.mark.parametrize("state", ["loading", "signed_out", "no_chat", "ok", "degraded", "broken"])
def test_every_state_of_a_page_can_be_reported_and_no_other(watched: Extension, state: str) -> None:
    assert watched.post("adapter", {"site": "state.example", "state": state}).json() == {"stored": True}
    assert watched.post("adapter", {"site": "state.example", "state": f"{state}!"}).status_code == 400


def test_half_an_emoji_does_not_leave_a_chat_unjudged(watched: Extension) -> None:
    content = b'{"conversation":"c","site":"a.example","messages":[{"id":"1","from":"child","text":"ok \\ud83d"}]}'
    headers = {**watched.headers, "content-type": "application/json"}
    answer = watched.helper.client.post("/v1/assess", content=content, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("count", [0, 51])
def test_a_window_has_1_to_50_messages(watched: Extension, count: int) -> None:
    assert watched.post("assess", chat(*["hello"] * count)).status_code == 400
    assert watched.post("assess", chat(*["hello"] * min(max(count, 1), 50))).status_code == 200
