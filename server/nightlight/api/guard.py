"""The guard: who may ask the helper. It stands before routing, so what it refuses reaches no route and no parser.

It knows headers, sizes and pairings; it knows no route's meaning and never looks into a body. The order of its checks
is the order of `_check`, and each of them has a test named after it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from nightlight.api.asgi import Application, Event, Receive, Scope, Send
from nightlight.api.bucket import Buckets
from nightlight.api.problem import ProblemError, ProblemType, send_problem
from nightlight.storage.pairing import Pairing, PairingStore

API: Final = "/v1/"
PAIR: Final = "/v1/pair"
PROVE: Final = "/v1/prove"
#: The routes of the API that are asked before there is a token, or where sending it would give it away.
WITHOUT_TOKEN: Final = frozenset({PAIR, PROVE})

MOST_BYTES: Final = 64 * 1024
#: A body that does not arrive within this time, in seconds, is not waited for: a chat's last 50 messages come at once.
BODY_SECONDS: Final = 10.0
#: How much is still read of a body that is too large, and how long, in seconds.
DRAIN_BYTES: Final = 1024 * 1024
DRAIN_SECONDS: Final = 1.0

#: Chromium's and Firefox's extensions, each with the exact shape of its id.
_EXTENSION: Final = re.compile(r"chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_JSON: Final = re.compile(r"application/json(?:\s*;\s*charset=\"?utf-8\"?)?", re.IGNORECASE)
_BEARER: Final = re.compile(r"Bearer ([A-Za-z0-9_-]{43})")

#: Where the guard leaves the visitor in the ASGI scope for the routes.
VISITOR: Final = "nightlight.visitor"


@dataclass(frozen=True)
class Visitor:
    """Who asks, as far as the guard knows: the origin, and the pairing where a token was due. And what, unread."""

    origin: str | None
    pairing: Pairing | None
    body: bytes


def now_utc() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


class Guard:
    """An ASGI middleware that refuses whoever may not ask.

    `port` is the one the helper listens on: a page that had its own name resolve to 127.0.0.1 (DNS rebinding) names
    another host. Of several equal headers none is believed.
    """

    def __init__(
        self,
        app: Application,
        *,
        port: int,
        pairings: PairingStore,
        clock: Callable[[], datetime] = now_utc,
        per_token: Buckets | None = None,
        per_route: Buckets | None = None,
    ) -> None:
        self._app = app
        self._host = f"127.0.0.1:{port}"
        self._pairings = pairings
        self._clock = clock
        # A busy chat is a message a second; opening ten chats at once is a burst. Pairing and proving are rare.
        self._per_token = per_token or Buckets(burst=120, rate=20)
        self._per_route = per_route or Buckets(burst=30, rate=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with its `Visitor`, or answer it with a problem."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # the server is set up without WebSockets; should one arrive, nobody opens the door
        try:
            visitor = await self._check(scope, receive)
        except ProblemError as problem:
            await send_problem(problem, send)
            return
        scope[VISITOR] = visitor
        await self._app(scope, _replay(visitor.body), send)

    async def _check(self, scope: Scope, receive: Receive) -> Visitor:
        path, method = str(scope["path"]), str(scope["method"])
        headers = _headers(scope)
        self._check_host(headers)
        origin = headers.get("origin")
        self._check_origin(origin, path)
        _check_fetch_site(headers, origin)
        _check_method(method, path)
        if not path.startswith(API):
            return Visitor(origin=origin, pairing=None, body=b"")
        _check_content_type(headers)
        pairing = None if path in WITHOUT_TOKEN else self._check_token(headers, origin)
        body = await _read_body(headers, receive)
        self._check_rate(path, pairing)
        return Visitor(origin=origin, pairing=pairing, body=body)

    def _check_host(self, headers: Mapping[str, str]) -> None:
        if headers.get("host") != self._host:
            raise ProblemError(ProblemType.HOST, "The Host header is not that of the helper.")

    def _check_origin(self, origin: str | None, path: str) -> None:
        if origin is None:
            if path == PAIR:
                raise ProblemError(ProblemType.ORIGIN, "Only a browser extension can pair.")
            return
        if path == PAIR and _EXTENSION.fullmatch(origin):
            # Told apart from a foreign origin, so that the welcome page can say "run nightlight pair first".
            if not self._pairings.has_open_window(self._clock()):
                raise ProblemError(ProblemType.WINDOW_CLOSED, "Ask for a code first: nightlight pair")
            return
        if path == PAIR or not self._pairings.is_paired(origin):
            raise ProblemError(ProblemType.ORIGIN, "The Origin header is not that of a paired extension.")

    def _check_token(self, headers: Mapping[str, str], origin: str | None) -> Pairing:
        match = _BEARER.fullmatch(headers.get("authorization", ""))
        if match is None:
            raise ProblemError(ProblemType.TOKEN, "There is no bearer token.", headers={"www-authenticate": "Bearer"})
        # Without an Origin nothing says whose request this is, and every browser sends one with a POST.
        pairing = None if origin is None else self._pairings.authenticate(match[1], origin)
        if pairing is None:
            raise ProblemError(
                ProblemType.TOKEN,
                "The token does not belong to a pairing with this origin.",
                headers={"www-authenticate": "Bearer"},
            )
        return pairing

    def _check_rate(self, path: str, pairing: Pairing | None) -> None:
        wait = self._per_route.take(path) if pairing is None else self._per_token.take(pairing.id)
        if wait:
            raise ProblemError(ProblemType.RATE, "Ask again in a moment.", headers={"retry-after": str(max(1, round(wait)))})


def _headers(scope: Scope) -> dict[str, str]:
    """The headers by lower-case name. A header that came twice counts as one with a value that matches nothing."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        headers[key] = "\0twice" if key in headers else value.decode("latin-1")
    return headers


def _check_fetch_site(headers: Mapping[str, str], origin: str | None) -> None:
    site = headers.get("sec-fetch-site", "none")
    if site == "none":
        return
    # Firefox says `same-origin` of an extension that has the permission for the address it asks, where Chromium says
    # `none`. A page cannot make that Origin, and it has been found among the paired ones (or a window is open).
    if site == "same-origin" and origin is not None and origin.startswith("moz-extension://"):
        return
    raise ProblemError(ProblemType.FETCH_SITE, "The Sec-Fetch-Site header says that a web page asks.")


def _check_method(method: str, path: str) -> None:
    wanted = "POST" if path.startswith(API) else "GET"
    if method == "OPTIONS":
        raise ProblemError(ProblemType.METHOD, "There is nothing to negotiate here.", status=HTTPStatus.FORBIDDEN)
    if method != wanted:
        raise ProblemError(ProblemType.METHOD, f"Use {wanted}.", headers={"allow": wanted})


def _check_content_type(headers: Mapping[str, str]) -> None:
    if not _JSON.fullmatch(headers.get("content-type", "")) or "content-encoding" in headers:
        raise ProblemError(ProblemType.CONTENT_TYPE, "Use Content-Type: application/json, without an encoding.")


async def _read_body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """The body, at most 64 KiB of it whatever its headers say."""
    stream = _parts(receive)
    announced = headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > MOST_BYTES:
        await _drain(stream)
        raise _too_large()
    parts: list[bytes] = []
    length = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in stream:
                length += len(part)
                if length > MOST_BYTES:
                    break
                parts.append(part)
    except TimeoutError:
        raise ProblemError(ProblemType.BODY, "The request did not arrive in time.") from None
    if length > MOST_BYTES:
        await _drain(stream)
        raise _too_large()
    return b"".join(parts)


async def _drain(stream: AsyncIterator[bytes]) -> None:
    """Read on for a moment and throw it away, so that an honest caller, still sending, gets to read the refusal."""
    length = 0
    with contextlib.suppress(TimeoutError, ProblemError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for part in stream:
                length += len(part)
                if length > DRAIN_BYTES:
                    return


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ProblemError(ProblemType.BODY, "The request was cut off.")
        yield event.get("body", b"")
        more = event.get("more_body", False)


def _too_large() -> ProblemError:
    return ProblemError(ProblemType.SIZE, "A request has at most 64 KiB.", headers={"connection": "close"})


def _replay(body: bytes) -> Receive:
    """An ASGI `receive` that gives a body that has been read already."""

    async def receive() -> Event:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
