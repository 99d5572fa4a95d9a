"""The listening socket: on loopback and nowhere else. What is answered on it is told in `server`."""

from __future__ import annotations

import os
import socket
from typing import Final

LOOPBACK: Final = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """Listen on loopback; port 0 takes a free one. Raises OSError where the port is taken.

    The socket listens before anything else of the helper starts, so a second helper finds the port taken at once, and
    an early request waits a moment instead of failing.
    """
    # asyncio switches Nagle's algorithm off only for sockets that name TCP; with it each answer would wait for 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "nt":
            # Elsewhere this takes only ports that nobody listens on; on Windows it takes anybody's.
            listener.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE"), 1)  # noqa: B009
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
