"""The chat page's own little web server, on loopback: the page's files, the stories, and word of what has been played.

It knows nothing of Nightlight: to the extension it is a chat site like any other.
"""

from __future__ import annotations

import json
import queue
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.story import languages, stories

PAGE = Path(__file__).parent / "page"
FILES = {
    "/chat.css": ("chat.css", "text/css; charset=utf-8"),
    "/chat.js": ("chat.js", "text/javascript; charset=utf-8"),
    "/words.json": ("words.json", "application/json"),
}
# Strict, as a careful chat site would have it: the hint must appear all the same.
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
LARGEST_BODY = 1024  # bytes; word of one played message is far below


@dataclass(frozen=True)
class Played:
    """The page has shown message `index` of a story; `ended` says that it was the last. `run` counts the playings."""

    language: str
    story: str
    run: int
    index: int
    ended: bool


class Site:
    """Serves the chat page on a free loopback port while the `with` block lasts; `played` fills as the story goes."""

    def __init__(self) -> None:
        self.played: queue.Queue[Played] = queue.Queue()
        site = self

        class Handler(BaseHTTPRequestHandler):
            """Answers the page's requests."""

            def do_GET(self) -> None:
                """Send a file of the page, the stories, or the page itself for every address within the chat."""
                path = self.path.partition("?")[0]
                if path in FILES:
                    name, kind = FILES[path]
                    self._send((PAGE / name).read_bytes(), kind)
                elif path == "/stories.json":
                    everything = {
                        language: [
                            {"id": s.id, "title": s.title, "contact": s.contact, "label": s.label}
                            | {"messages": [{"from": m.speaker, "text": m.text} for m in s.messages]}
                            for s in stories(language)
                        ]
                        for language in languages()
                    }
                    self._send(json.dumps(everything).encode(), "application/json")
                elif path == "/favicon.ico":
                    self._send(b"", "image/x-icon")
                elif path == "/" or path.startswith("/chat/"):
                    self._send((PAGE / "chat.html").read_bytes(), "text/html; charset=utf-8")
                else:
                    self.send_error(HTTPStatus.NOT_FOUND)

            def do_POST(self) -> None:
                """Take word of a message that the page has shown."""
                length = int(self.headers.get("Content-Length", "0"))
                if self.path != "/played" or length > LARGEST_BODY:
                    self.send_error(HTTPStatus.NOT_FOUND)
                    return
                try:
                    word = Played(**json.loads(self.rfile.read(length)))
                except (TypeError, ValueError):
                    self.send_error(HTTPStatus.BAD_REQUEST)
                    return
                site.played.put(word)
                self.send_response(HTTPStatus.NO_CONTENT)
                self.end_headers()

            def _send(self, body: bytes, kind: str) -> None:
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", POLICY)
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent: the terminal belongs to the story."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self.origin = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="demo-site", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
