"""A real IRC server (ngircd) on loopback, and a person who types in it from a plain client. No browser here."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.helper import free_port

CONFIGURATION = """\
[Global]
Name = irc.nightlight.invalid
Info = A server for tests
Listen = 127.0.0.1
Ports = {port}
[Options]
DNS = no
Ident = no
PAM = no
[Limits]
MaxConnectionsIP = 0
"""


class IrcServer:
    """ngircd as a process; `with` starts and ends it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    def __enter__(self) -> Self:
        program = shutil.which("ngircd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        assert program, "ngircd is missing; `make setup` installs it"
        self.folder.mkdir(parents=True, exist_ok=True)
        configuration = self.folder / "ngircd.conf"
        configuration.write_text(CONFIGURATION.format(port=self.port))
        with (self.folder / "ngircd.log").open("wb") as log:
            self._process = subprocess.Popen(
                [program, "--nodaemon", "--config", str(configuration)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_for_port(self.port, self._process, self.folder / "ngircd.log")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)


class IrcPerson:
    """A user of the server: says things to others and remembers what was said to them."""

    def __init__(self, port: int, nick: str) -> None:
        self.nick = nick
        self.heard: list[tuple[str, str]] = []
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.settimeout(None)
        self._welcomed = threading.Event()
        threading.Thread(target=self._listen, name=f"irc-{nick}", daemon=True).start()
        self._send(f"NICK {nick}")
        self._send(f"USER {nick} 0 * :{nick}")
        assert self._welcomed.wait(10), "the IRC server did not welcome its user"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._send("QUIT")
        self._socket.close()

    def say(self, to: str, text: str) -> None:
        """Send a private message."""
        self._send(f"PRIVMSG {to} :{text}")

    def _send(self, line: str) -> None:
        self._socket.sendall(f"{line}\r\n".encode())

    def _listen(self) -> None:
        buffer = b""
        while True:
            try:
                got = self._socket.recv(4096)
            except OSError:
                return
            if not got:
                return
            *lines, buffer = (buffer + got).split(b"\r\n")
            for line in (raw.decode(errors="replace") for raw in lines):
                if line.startswith("PING"):
                    self._send("PONG" + line[4:])
                elif " 001 " in line:
                    self._welcomed.set()
                elif " PRIVMSG " in line:
                    head, _, text = line.partition(" :")
                    self.heard.append((head[1:].partition("!")[0], text))


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path, *, patience: float = 30.0) -> None:
    """Wait until somebody listens on `port`; an AssertionError carries the end of the log when nobody comes to."""
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on port {port}:\n{log.read_text(errors='replace')[-2000:]}")
