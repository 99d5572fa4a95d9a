"""uvicorn as the helper wants it: on a socket that listens already, ended cleanly by a signal."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Final

import uvicorn

from nightlight.api.asgi import Application

#: Requests at once. A browser opens six connections to an address; beyond this somebody plays a flood.
MOST_REQUESTS: Final = 64
#: How long requests that were begun may still take after a signal, in seconds.
GRACE_SECONDS: Final = 3


def run(app: Application, listener: socket.socket, on_ready: Callable[[], None]) -> bool:
    """Serve until SIGINT or SIGTERM. False where the application could not start."""
    config = uvicorn.Config(
        app,
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        # A proxy has no business before a helper on loopback: what X-Forwarded-* says is never believed.
        proxy_headers=False,
        limit_concurrency=MOST_REQUESTS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config, on_ready)
    server.run(sockets=[listener])
    return server.started


class _Server(uvicorn.Server):
    """uvicorn's server, with two manners changed: it tells when it is ready, and does not die of its signal."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on a signal. uvicorn would raise it again afterwards, and the exit code would speak of a crash."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
