"""A real helper for the tests: `nightlight serve` in a process on a free port, with SQLite and the shipped bundle."""

from __future__ import annotations

import os
import queue
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from nightlight.storage import Storage
from nightlight.storage.pairing import Credentials

NIGHTLIGHT = [sys.executable, "-m", "nightlight.cli"]
CHROME = "chrome-extension://" + "abcdefgh" * 4
OTHER_CHROME = "chrome-extension://" + "hgfedcba" * 4
FIREFOX = "moz-extension://12345678-90ab-cdef-1234-567890abcdef"
START_SECONDS = 60.0


def environment() -> dict[str, str]:
    """The environment for commands under test: output as UTF-8, and no data folder of the person who tests."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NIGHTLIGHT_DATA", "NIGHTLIGHT_PORT")}
    return {**kept, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}


def nightlight(*arguments: str | Path, stdin: bytes = b"", timeout: float = 60) -> subprocess.CompletedProcess[bytes]:
    """Run a command of Nightlight to its end."""
    return subprocess.run(
        [*NIGHTLIGHT, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=environment(),
        timeout=timeout,
        check=False,
    )


class Helper:
    """A running helper, its data folder and its log."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self.data = folder / "data"
        self.log = folder / "stderr.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*NIGHTLIGHT, "serve", "--port", str(port), "--data", str(self.data)],
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment(),
            )
        self.first_line = self._read_first_line()
        match = re.search(r"http://127\.0\.0\.1:(\d+)", self.first_line)
        assert match, f"the helper did not start: {self.log.read_text()}"
        self.port = int(match[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.url, timeout=20, trust_env=False)

    def _read_first_line(self) -> str:
        lines: queue.Queue[str] = queue.Queue()
        assert self.process.stdout is not None
        stdout = self.process.stdout
        threading.Thread(target=lambda: lines.put(stdout.readline().decode()), daemon=True).start()
        return lines.get(timeout=START_SECONDS)

    def storage(self) -> Storage:
        """The helper's storage, opened beside it as `nightlight pair` does."""
        return Storage(self.data, create=False)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def open_window(self, code: str, at: datetime | None = None) -> str:
        """Open a pairing window as `nightlight pair` does."""
        with self.storage() as storage:
            return storage.pairings.open_window(code, at or datetime.now(UTC))

    def send_code(self, code: str, origin: str = CHROME) -> httpx.Response:
        """Try a pairing code."""
        return self.patiently("pair", {"code": code}, origin)

    def patiently(self, route: str, body: dict[str, Any], origin: str | None = None) -> httpx.Response:
        """Ask a route that has one bucket for all, which other tests may have emptied."""
        while True:
            answer = self.client.post(f"/v1/{route}", json=body, headers={"origin": origin} if origin else {})
            if answer.status_code != 429:
                return answer
            time.sleep(0.2)

    def pair(self, origin: str = CHROME) -> Extension:
        """Pair an extension."""
        code = f"{secrets.randbelow(10**6):06d}"
        self.open_window(code)
        answer = self.send_code(code, origin)
        assert answer.status_code == 200, answer.text
        return Extension(self, origin, Credentials(**answer.json()))


@dataclass
class Extension:
    """An extension that was paired with a helper, as the helper sees it."""

    helper: Helper
    origin: str
    credentials: Credentials

    @property
    def headers(self) -> dict[str, str]:
        return {"origin": self.origin, "authorization": f"Bearer {self.credentials.token}"}

    def post(self, route: str, body: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        return self.helper.client.post(
            f"/v1/{route}",
            json=body or {},
            headers={**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}},
        )


def chat(*texts: str, conversation: str = "c1", site: str = "chat.example", speaker: str = "contact") -> dict[str, Any]:
    """The body of an assess request."""
    messages = [{"id": f"m{index}", "from": speaker, "text": text, "at": None} for index, text in enumerate(texts)]
    return {"conversation": conversation, "site": site, "language": "en", "messages": messages}


def problem_of(answer: httpx.Response) -> str:
    """The short name of an answer's problem, after checking that the answer is one, and says no more than it may."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == answer.status_code
    assert "Traceback" not in answer.text
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    prefix, name = body["type"].rsplit(":", 1)
    assert prefix == "urn:nightlight"
    return str(name)


def lines(output: bytes) -> Sequence[str]:
    """Output as lines."""
    return output.decode().splitlines()
