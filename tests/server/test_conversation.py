"""The interchange format: what is read, and that a bad line is told without its text."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from nightlight.conversation import Conversation, ConversationError, read_conversations

text = st.text(max_size=30)
messages = st.lists(
    st.fixed_dictionaries({"from": st.sampled_from(["contact", "child", "unknown"]), "text": text}),
    min_size=1,
    max_size=5,
)


@given(st.text(min_size=1, max_size=8), messages)
def test_what_is_written_is_read(name: str, said: list[dict[str, str]]) -> None:
    line = json.dumps({"id": name, "messages": said})
    ((number, found),) = read_conversations([line])
    assert number == 1
    assert isinstance(found, Conversation)
    assert [message.text for message in found.messages] == [message["text"] for message in said]


@given(st.lists(st.text(max_size=40), max_size=10))
def test_no_line_ends_the_reading(lines: list[str]) -> None:
    lines = [line.replace("\n", " ").replace("\r", " ") for line in lines]
    good = '{"id": "last", "messages": [{"text": "hi"}]}'
    *_, (number, last) = read_conversations([*lines, good])
    assert number == len(lines) + 1
    assert isinstance(last, Conversation)


def test_an_error_names_line_and_place_and_never_the_text() -> None:
    ((_, error),) = read_conversations(['{"id": "x", "messages": [{"from": "canary-speaker", "text": "canary-text"}]}'])
    assert isinstance(error, ConversationError)
    assert "line 1" in str(error)
    assert "messages.0" in str(error)
    assert "canary" not in str(error)
