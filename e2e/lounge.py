"""The Lounge, a web chat client that nobody here wrote: its server as a process, and the child's page in it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.sync_api import Page, expect

from demo.helper import free_port
from e2e.irc import wait_for_port
from e2e.node import node_program

HOME = Path(__file__).parent / "thelounge" / "node_modules"


class Lounge:
    """The Lounge's server in public mode, bound to loopback and to one IRC server; `with` starts and ends it."""

    def __init__(self, folder: Path, *, irc_port: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self._irc_port = irc_port

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        configuration = {
            "public": True,
            "host": "127.0.0.1",
            "port": self.port,
            "prefetch": False,
            "messageStorage": [],
            "lockNetwork": True,
            "defaults": {
                "name": "Tests", "host": "127.0.0.1", "port": self._irc_port, "password": "", "tls": False,
                "rejectUnauthorized": False, "nick": "child", "username": "child", "realname": "", "join": "",
            },
        }  # fmt: skip
        (self.folder / "config.js").write_text(f"module.exports = {json.dumps(configuration)};\n")
        program = HOME / "thelounge" / "index.js"
        assert program.exists(), "The Lounge is missing; `make setup` installs it"
        with (self.folder / "thelounge.log").open("wb") as log:
            self._process = subprocess.Popen(
                [node_program(), str(program), "start"],
                env=os.environ | {"THELOUNGE_HOME": str(self.folder)},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        wait_for_port(self.port, self._process, self.folder / "thelounge.log")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)


class ChildPage:
    """The child's tab: connects under a nick, opens a chat with somebody and types in it."""

    def __init__(self, page: Page, nick: str) -> None:
        self.page = page
        self.nick = nick
        page.fill("input[name=nick]", nick)
        page.click("#connect button[type=submit], form button[type=submit]")
        expect(page.locator("#input")).to_be_visible(timeout=20_000)
        expect(page.locator("#chat")).to_contain_text("Current global users", timeout=20_000)

    def open_chat(self, nick: str) -> None:
        """Open the chat with `nick`, who has written already."""
        self.page.click(f'[data-type=query][data-name="{nick}"], [data-type=query]:has-text("{nick}")')
        expect(self.page.locator("#chat .chat-view[data-type=query]")).to_be_visible()

    def type(self, text: str) -> None:
        """Type a message and send it with the Enter key."""
        self.page.fill("#input", text)
        self.page.press("#input", "Enter")
        self.sees(text)

    def sees(self, text: str) -> None:
        """Wait until the chat shows a message with this text (emoji are pictures to it, so those are left out)."""
        words = " ".join("".join(letter for letter in text if letter.isalnum() or letter in " '.,?!").split()[:4])
        expect(self.page.locator("#chat .messages .content", has_text=words).last).to_be_visible(timeout=10_000)
