"""The helper over HTTP, as the extension asks it: paired, with a token, a window of messages a request."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence

from demo.helper import Helper
from nightlight.conversation import Message

ORIGIN = "chrome-extension://" + "n" * 32
GAP = 0.055  # seconds between requests: the helper takes 20 a second from one token, more than a person can type


class Door:
    """A paired client on one connection that stays open."""

    def __init__(self, helper: Helper) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", helper.port, timeout=30)
        self._token = ""
        with helper.pairing() as code:
            self._token = self._post("/v1/pair", {"code": code})["token"]

    def assess(self, conversation: str, window: Sequence[Message], first: int) -> float:
        """Send one window whose first message has the number `first`; return the seconds until the answer was read."""
        time.sleep(GAP)
        body = {
            "conversation": conversation, "site": "bench", "language": None,
            "messages": [
                {"id": str(number), "from": m.speaker, "text": m.text, "at": m.at.isoformat() if m.at else None}
                for number, m in enumerate(window, start=first)
            ],
        }  # fmt: skip
        begin = time.perf_counter()
        self._post("/v1/assess", body)
        return time.perf_counter() - begin

    def _post(self, path: str, body: object) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Origin": ORIGIN}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        self._line.request("POST", path, json.dumps(body).encode(), headers)
        answer = self._line.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {content.decode(errors='replace')}")
        found: dict[str, str] = json.loads(content)
        return found
