"""The access log, and the last net under everything: route, status and time of a request, and nothing it carried.

A path nobody knows is not written out, since anything can be in it; nor is the message of an exception.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from nightlight.api.asgi import Application, Event, Receive, Scope, Send
from nightlight.api.problem import ProblemError, ProblemType, send_problem

_log: Final = logging.getLogger("nightlight")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class AccessLog:
    """An ASGI middleware, the outermost: one line for each request, and a problem for what nobody caught."""

    def __init__(self, app: Application, *, routes: Collection[str]) -> None:
        self._app = app
        self._routes = frozenset(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def note_status(event: Event) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = int(event["status"])
            await send(event)

        try:
            await self._app(scope, receive, note_status)
        except Exception as error:
            log_failure(error)
            if not status:
                await send_problem(internal_problem(), note_status)
        finally:
            method, path = str(scope["method"]), str(scope["path"])
            _log.info(
                "%s %s %d %.1f ms",
                method if method in _METHODS else "?",
                path if path in self._routes else "(no route)",
                status,
                (time.perf_counter() - started) * 1000,
            )


def internal_problem() -> ProblemError:
    """The problem that stands for every failure of ours."""
    return ProblemError(ProblemType.INTERNAL, "Nothing was judged. The helper's log names the place.")


def log_failure(error: BaseException) -> None:
    """Log what kind of failure it was and where; see `describe`."""
    _log.error("internal error: %s", describe(error))


def describe(error: BaseException) -> str:
    """The kind of an exception and the last places it passed. Not its message: a child's words may be there."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' > '.join(frames[-5:]) or 'an unknown place'}"


class TextFreeFormatter(logging.Formatter):
    """Writes log lines in which an exception, whoever logs it, is told by `describe` and never by a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """One line for a record."""
        at = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        line = f"{at} {record.levelname.lower()} {record.getMessage().strip()}"
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line} ({describe(error)})"


def set_up_logging() -> None:
    """Send the log to stderr: all of Nightlight's lines, and the warnings of the libraries beneath it."""
    handler = logging.StreamHandler()
    handler.setFormatter(TextFreeFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    _log.setLevel(logging.INFO)
