"""The API's bodies: whatever comes is read or refused by name of its place, and is never repeated."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlight.api import request
from nightlight.api.problem import ProblemError

MODELS = [
    request.PairRequest,
    request.ProveRequest,
    request.AssessRequest,
    request.KnownRequest,
    request.AdapterRequest,
    request.EmptyRequest,
]
#: Ours: the names of fields, the kinds that pydantic has, punctuation.
DETAIL = re.compile(r"[A-Za-z_.?\[\]0-9]+(?: body)?: [a-z_]+")
MARK = "ZQXMARK"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text().map(lambda text: MARK + text),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["conversation", "messages", "site", "id", "from", "text", "at", "code", "known", MARK, MARK + "é"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
messages = st.fixed_dictionaries(
    {
        "id": st.text(min_size=1, max_size=128),
        "from": st.sampled_from(["contact", "child", "unknown"]),
        "text": st.text(max_size=300),
    },
    optional={"at": st.none() | st.datetimes(timezones=st.none() | st.timezones()).map(lambda moment: moment.isoformat())},
)
requests = st.fixed_dictionaries(
    {
        "conversation": st.text(min_size=1, max_size=128),
        "site": st.from_regex(r"[A-Za-z0-9._:\[\]-]{1,64}", fullmatch=True),
        "messages": st.lists(messages, min_size=1, max_size=50),
    },
    optional={"language": st.sampled_from([None, "en", "el", "pt-BR", "zh-Hant-TW"])},
)


def refused(model: type[request.Request], body: bytes) -> str | None:
    try:
        request.read(model, body)
    except ProblemError as error:
        problem = error
    else:
        return None
    assert problem.type == "body"
    assert DETAIL.fullmatch(problem.detail), problem.detail
    assert MARK not in problem.body().decode()
    return problem.detail


@given(st.sampled_from(MODELS), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(model: type[request.Request], body: bytes) -> None:
    refused(model, body)


@given(st.sampled_from(MODELS), json_values)
def test_any_json_is_read_or_refused(model: type[request.Request], value: object) -> None:
    refused(model, json.dumps(value).encode())


@given(requests)
def test_what_was_agreed_is_read(body: dict[str, Any]) -> None:
    years = [int(message["at"][:4]) for message in body["messages"] if message.get("at")]
    if any(not 1970 <= year <= 2200 for year in years):
        assert refused(request.AssessRequest, json.dumps(body).encode())
        return
    read = request.read(request.AssessRequest, json.dumps(body).encode())
    assert read.conversation == body["conversation"]
    assert [message.text for message in read.messages] == [message["text"] for message in body["messages"]]
    assert all(message.at is None or message.at.tzinfo is not None for message in read.messages)


@given(requests, st.sampled_from(["conversation", "site", "language", "messages"]), st.sampled_from([1, 1.5, True, {}]))
def test_types_are_taken_literally(body: dict[str, Any], field: str, value: object) -> None:
    detail = refused(request.AssessRequest, json.dumps({**body, field: value}).encode())
    assert detail is not None


@given(requests, st.text(min_size=1))
def test_unknown_fields_are_refused_without_their_name(body: dict[str, Any], name: str) -> None:
    detail = refused(request.AssessRequest, json.dumps({**body, MARK + name: 1}).encode())
    assert detail is not None


@pytest.mark.parametrize(("model", "body", "detail"), [
    (request.PairRequest, {"code": 123456}, "code: string_type"),
    (request.KnownRequest, {"conversation": "c", "known": 1}, "known: bool_type"),
    (request.KnownRequest, {"conversation": "c" * 129, "known": True}, "conversation: string_too_long"),
    (request.AdapterRequest, {"site": "a.example", "state": "fine"}, "state: literal_error"),
    (request.AdapterRequest, {"site": "a sentence", "state": "ok"}, "site: string_pattern_mismatch"),
    (request.EmptyRequest, {"a": 1}, "?: extra_forbidden"),
    (request.AssessRequest, {"conversation": "c", "site": "s", "messages": [{"id": "1", "from": "me", "text": ""}]},
     "messages[0].from: literal_error"),
])  # fmt: skip
def test_places_are_named(model: type[request.Request], body: dict[str, Any], detail: str) -> None:
    assert refused(model, json.dumps(body).encode()) == detail
