"""What can go wrong for a caller, as problem details (RFC 9457). A problem never repeats what the caller sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from nightlight.api.asgi import Send


class ProblemType(StrEnum):
    """The stable names of problems; the extension decides by them. A name once given is never changed."""

    HOST = "host"
    ORIGIN = "origin"
    FETCH_SITE = "fetch-site"
    METHOD = "method"
    CONTENT_TYPE = "content-type"
    TOKEN = "token"  # noqa: S105  the name of a problem, not a password
    SIZE = "size"
    RATE = "rate"
    BODY = "body"
    CODE = "code"
    WINDOW_CLOSED = "window-closed"
    NOT_FOUND = "not-found"
    INTERNAL = "internal"


_TITLES: Final[Mapping[ProblemType, tuple[HTTPStatus, str]]] = {
    ProblemType.HOST: (HTTPStatus.FORBIDDEN, "This is not the address that Nightlight answers at"),
    ProblemType.ORIGIN: (HTTPStatus.FORBIDDEN, "This page or extension is not paired with Nightlight"),
    ProblemType.FETCH_SITE: (HTTPStatus.FORBIDDEN, "Web pages may not ask Nightlight"),
    ProblemType.METHOD: (HTTPStatus.METHOD_NOT_ALLOWED, "This route is asked in another way"),
    ProblemType.CONTENT_TYPE: (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A request carries JSON"),
    ProblemType.TOKEN: (HTTPStatus.UNAUTHORIZED, "The token is missing or not this extension's"),
    ProblemType.SIZE: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large"),
    ProblemType.RATE: (HTTPStatus.TOO_MANY_REQUESTS, "Too many requests, a little slower please"),
    ProblemType.BODY: (HTTPStatus.BAD_REQUEST, "The request is not as agreed"),
    ProblemType.CODE: (HTTPStatus.FORBIDDEN, "The code is not right"),
    ProblemType.WINDOW_CLOSED: (HTTPStatus.FORBIDDEN, "Nobody is waiting for an extension to pair"),
    ProblemType.NOT_FOUND: (HTTPStatus.NOT_FOUND, "There is nothing here"),
    ProblemType.INTERNAL: (HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong in the helper"),
}

#: Sent with every answer: nothing may be stored, guessed at or embedded.
ANSWER_HEADERS: Final[Mapping[str, str]] = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


class ProblemError(Exception):
    """A refusal or a failure, on its way to the caller. `detail` is written by us and holds nothing of the request."""

    def __init__(
        self,
        type: ProblemType,
        detail: str,
        *,
        status: HTTPStatus | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(type.value)
        self.type = type
        self.status, self.title = _TITLES[type]
        if status is not None:
            self.status = status
        self.detail = detail
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        """The problem as JSON."""
        return json.dumps(
            {
                "type": f"urn:nightlight:{self.type}",
                "title": self.title,
                "status": int(self.status),
                "detail": self.detail,
            }
        ).encode()


async def send_problem(problem: ProblemError, send: Send) -> None:
    """Answer an ASGI request with a problem."""
    body = problem.body()
    headers = {
        "content-type": "application/problem+json",
        "content-length": str(len(body)),
        **ANSWER_HEADERS,
        **problem.headers,
    }
    await send(
        {
            "type": "http.response.start",
            "status": int(problem.status),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
