"""A real helper process with a data folder and port of its own. Starts, asks, ends it; knows nothing of browsers."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

NIGHTLIGHT = (sys.executable, "-m", "nightlight.cli")
CODE = re.compile(r"\b(\d{3})[ \u00a0-]?(\d{3})\b")
LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback never goes through a proxy


class HelperError(RuntimeError):
    """The helper did not do what it was asked; the message carries what it said."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Helper:
    """`nightlight serve` as a process; `with` starts and ends it. The same folder and port serve every restart."""

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "helper.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {"NIGHTLIGHT_DATA": str(self.folder / "data"), "NO_COLOR": "1", "COLUMNS": "200"}

    @property
    def process_id(self) -> int:
        """The number of the running process; raises HelperError when there is none."""
        if self._process is None:
            raise HelperError("the helper is not running")
        return self._process.pid

    def start(self, *, patience: float = 30.0) -> float:
        """Start and wait until it answers; return the seconds that took. Raises HelperError with the log's end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        begin = time.perf_counter()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*NIGHTLIGHT, "serve", "--port", str(self.port)],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        while time.perf_counter() - begin < patience:
            if self.answers():
                return time.perf_counter() - begin
            if self._process.poll() is not None:
                break
            time.sleep(0.01)
        self.stop()
        raise HelperError(f"the helper did not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def answers(self) -> bool:
        """Whether the helper answers its health check now."""
        with contextlib.suppress(urllib.error.URLError, OSError), LOCAL.open(f"{self.url}/health", timeout=2) as answer:
            status: int = answer.status
            return status == 200
        return False

    def command(self, *words: str) -> str:
        """Run `nightlight WORDS…` on this helper's data folder and return what it prints; raises HelperError."""
        done = subprocess.run(
            [*NIGHTLIGHT, *words],
            env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise HelperError(f"nightlight {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def pairing(self) -> Iterator[str]:
        """Run `nightlight pair` as a carer would: gives the six digits it shows; at the end it must say "Paired".

        Raises HelperError when no code is shown, or when the block ends without a pairing.
        """
        process = subprocess.Popen(
            [*NIGHTLIGHT, "pair"],
            env=self._environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = CODE.search(line)
            if found is None:
                process.terminate()
                raise HelperError(f"nightlight pair showed no code:\n{line}{process.stdout.read()}")
            yield "".join(found.groups())
            said, _ = process.communicate(timeout=10)
            if process.returncode != 0:
                raise HelperError(f"nightlight pair ended with {process.returncode}:\n{said}")
        finally:
            process.kill()
            process.wait()

    def stop(self) -> int | None:
        """End it as a system does at shutdown (SIGTERM) and return its exit code; None when it was not running."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a crash does (SIGKILL)."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int | None:
        if self._process is None:
            return None
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(how)
        try:
            return process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait(timeout=10)
