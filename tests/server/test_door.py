"""The door's small parts by themselves: buckets, bodies that never end, problems, and what happens to a failure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from nightlight.api import app, guard
from nightlight.api.asgi import Event, Receive, Scope, Send
from nightlight.api.bucket import Buckets
from nightlight.api.desk import Desk
from nightlight.api.guard import VISITOR, Guard, Visitor
from nightlight.api.log import AccessLog
from nightlight.api.problem import ProblemError, ProblemType
from nightlight.storage import Storage

PORT = 4747


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills() -> None:
    clock = Clock()
    buckets = Buckets(burst=3, rate=2, clock=clock)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == pytest.approx(0.5)
    assert buckets.take("b") == 0
    clock.now += 0.5
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
    clock.now += 1000
    assert [buckets.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_buckets_are_bounded() -> None:
    buckets = Buckets(burst=1, rate=1, most=2, clock=Clock())
    for name in ("a", "b", "c"):
        assert buckets.take(name) == 0
    assert buckets.take("c") > 0
    assert len(buckets._levels) == 2


@pytest.mark.parametrize("kind", list(ProblemType))
def test_every_problem_is_complete(kind: ProblemType) -> None:
    body = json.loads(ProblemError(kind, "Because.").body())
    assert body["type"] == f"urn:nightlight:{kind}"
    assert 400 <= body["status"] <= 599
    assert body["title"]


class Call:
    """One request to an ASGI application, with what was sent back."""

    def __init__(self, path: str, *events: Event, method: str = "POST", **headers: str) -> None:
        self.scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [
                (b"host", f"127.0.0.1:{PORT}".encode()),
                *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
            ],
        }
        self._events = list(events)
        self.sent: list[Event] = []

    async def receive(self) -> Event:
        if self._events:
            return self._events.pop(0)
        await asyncio.sleep(3600)
        raise AssertionError

    async def send(self, event: Event) -> None:
        self.sent.append(event)

    def problem(self) -> str:
        answer: dict[str, Any] = json.loads(self.sent[1]["body"])
        return str(answer["type"]).removeprefix("urn:nightlight:")


class Room:
    """The application behind the guard: remembers its visitors."""

    def __init__(self) -> None:
        self.visitors: list[Visitor] = []
        self.read: list[Event] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.visitors.append(scope[VISITOR])
        self.read.append(await receive())


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def door(room: Room, tmp_path_factory: pytest.TempPathFactory) -> Guard:
    storage = Storage(tmp_path_factory.mktemp("door") / "data")
    return Guard(room, port=PORT, pairings=storage.pairings)


def part(body: bytes, *, more: bool) -> Event:
    return {"type": "http.request", "body": body, "more_body": more}


def prove(*events: Event, **headers: str) -> Call:
    return Call("/v1/prove", *events, content_type="application/json", **headers)


def test_the_body_is_handed_on_as_it_came(door: Guard, room: Room) -> None:
    call = prove(part(b'{"a"', more=True), part(b"", more=True), part(b": 1}", more=False))
    asyncio.run(door(call.scope, call.receive, call.send))
    assert room.visitors == [Visitor(origin=None, pairing=None, body=b'{"a": 1}')]
    assert room.read == [part(b'{"a": 1}', more=False)]


def test_a_body_that_never_ends_is_not_waited_for(door: Guard, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.05)
    call = prove(part(b"{", more=True))
    asyncio.run(door(call.scope, call.receive, call.send))
    assert call.problem() == "body"
    assert not room.visitors


def test_a_large_body_that_never_ends_is_not_waited_for(door: Guard, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "DRAIN_SECONDS", 0.05)
    for headers in ({"content_length": "70000"}, {"content_length": "-1"}, {"content_length": "9" * 30}, {}):
        call = prove(part(b"a" * 70_000, more=True), **headers)
        asyncio.run(door(call.scope, call.receive, call.send))
        assert call.problem() == "size"
    assert not room.visitors


def test_a_body_that_is_cut_off_reaches_nobody(door: Guard, room: Room) -> None:
    call = prove(part(b"{", more=True), {"type": "http.disconnect"})
    asyncio.run(door(call.scope, call.receive, call.send))
    assert call.problem() == "body"
    assert not room.visitors


def test_no_other_protocol_gets_in(door: Guard, room: Room) -> None:
    call = Call("/v1/assess")
    call.scope["type"] = "websocket"
    asyncio.run(door(call.scope, call.receive, call.send))
    assert not call.sent
    assert not room.visitors


def test_a_failure_behind_the_door_is_a_problem_without_words(caplog: pytest.LogCaptureFixture) -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("ZQXMARK is what she wrote")

    call = Call("/v1/assess")
    with caplog.at_level("INFO", logger="nightlight"):
        asyncio.run(AccessLog(fails, routes=["/v1/assess"])(call.scope, call.receive, call.send))
    assert call.problem() == "internal"
    assert "internal error: RuntimeError at" in caplog.text
    assert "POST /v1/assess 500" in caplog.text
    assert "ZQXMARK" not in caplog.text
    assert "ZQXMARK" not in str(call.sent)


class Forgetter:
    """A desk that fails on its first day."""

    def __init__(self) -> None:
        self.days = 0

    def forget_old(self) -> None:
        self.days += 1
        if self.days == 1:
            raise OSError("the disk is full")

    async def do(self, work: Callable[[], None]) -> None:
        work()


def test_old_things_are_forgotten_daily_even_after_a_bad_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "RETENTION_EVERY", 0.01)
    desk = Forgetter()

    async def three_days() -> None:
        daily = asyncio.create_task(app._forget_daily(cast(Desk, desk)))
        while desk.days < 3:
            await asyncio.sleep(0.01)
        daily.cancel()

    asyncio.run(asyncio.wait_for(three_days(), timeout=10))
