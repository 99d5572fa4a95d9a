"""The Lounge's adapter against The Lounge itself: what two people write there is read as it was written.

The story tests judge the whole road; this one judges the reading alone, word by word, with the helper that records.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.browser import Browser
from e2e.fixtures import shadow
from e2e.fixtures.recorder import Json, Recorder
from e2e.irc import IrcPerson, IrcServer
from e2e.lounge import ChildPage, Lounge


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    """The recording helper."""
    with Recorder() as recording:
        yield recording


@pytest.fixture(scope="module")
def browser(folder: Path, recorder: Recorder) -> Iterator[Browser]:
    """Chromium with the extension, paired with the recording helper."""
    with Browser(folder / "recorded") as opened:
        opened.pair("123456", port=recorder.port)
        yield opened


def test_the_real_client_is_read_word_by_word(browser: Browser, recorder: Recorder, folder: Path) -> None:
    with IrcServer(folder / "irc") as irc, Lounge(folder / "thelounge", irc_port=irc.port) as lounge:
        browser.enable(lounge.origin)
        page = browser.open(lounge.origin)
        child = ChildPage(page, "mila")
        host = lounge.origin.removeprefix("http://")
        with IrcPerson(irc.port, "jonas") as jonas, IrcPerson(irc.port, "robin") as robin:
            jonas.say("mila", "hi there")
            page.locator("[data-type=query]", has_text="jonas").first.wait_for()
            child.open_chat("jonas")
            child.sees("hi there")
            child.type("hello jonas")
            jonas.say("mila", "look at https://example.org/x please")
            child.sees("look at")

            def said(*wanted: tuple[str, str]) -> Json:
                def last() -> Json | None:
                    for window in recorder.windows(host)[-3:]:
                        if [(m["from"], m["text"]) for m in window["messages"]] == list(wanted):
                            return window
                    return None

                found: Json = recorder.wait(str(wanted), last, page)
                return found

            talk = [("contact", "hi there"), ("child", "hello jonas"), ("contact", "look at https://example.org/x please")]
            window = said(*talk)
            assert all(message["id"].isdigit() for message in window["messages"])
            assert recorder.states(host)[-1] == "ok"
            assert browser.sign(page) == "on"

            robin.say("mila", "other chat")
            page.locator("[data-type=query]", has_text="robin").first.wait_for()
            child.open_chat("robin")
            child.sees("other chat")
            assert said(("contact", "other chat"))["conversation"] != window["conversation"]
            child.open_chat("jonas")
            jonas.say("mila", "still here?")
            child.sees("still here?")
            assert said(*talk, ("contact", "still here?"))["conversation"] == window["conversation"]
            assert not any({"other chat", "hi there"} <= {m["text"] for m in w["messages"]} for w in recorder.windows(host)), (
                "two chats were mixed"
            )

            recorder.judge = lambda w: {
                "risk": 0.9, "level": "nudge", "nudge": True, "known": False,
                "tactics": [{"tactic": "secrecy", "score": 0.9, "messages": [w["messages"][-1]["id"]]}],
            }  # fmt: skip
            jonas.say("mila", "don't tell anyone")
            recorder.wait("the hint", lambda: "keep this chat secret" in shadow.words(page), page)
            page.wait_for_timeout(600)
            hint, form = page.locator("nightlight-hint").bounding_box(), page.locator("#form").bounding_box()
            assert hint
            assert form
            assert hint["y"] + hint["height"] <= form["y"]
            page.screenshot(path=folder / "thelounge.png")
        page.close()
