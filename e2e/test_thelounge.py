"""A chat client that nobody here wrote: two people talk in The Lounge over a real IRC server."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from demo.browser import Browser, wait_until
from demo.helper import Helper
from demo.story import Story, find
from e2e.hint import in_view
from e2e.irc import IrcPerson, IrcServer
from e2e.lounge import ChildPage, Lounge
from nightlight.conversation import Speaker

GAP = 0.15  # seconds between messages
SETTLE = 1.5  # seconds in which the last messages are surely judged


@pytest.fixture(scope="module")
def irc(folder: Path) -> Iterator[IrcServer]:
    with IrcServer(folder / "irc") as server:
        yield server


@pytest.fixture(scope="module")
def lounge(folder: Path, irc: IrcServer, browser: Browser) -> Iterator[Lounge]:
    with Lounge(folder / "thelounge", irc_port=irc.port) as server:
        browser.enable(server.origin)
        browser.speak("en")
        yield server


@pytest.fixture
def child(browser: Browser, lounge: Lounge, request: pytest.FixtureRequest) -> Iterator[ChildPage]:
    """The child's tab, connected under a nick of the test's own."""
    page = browser.open(lounge.origin)
    yield ChildPage(page, f"mila{abs(hash(request.node.name)) % 10_000}")
    page.close()


def talk(child: ChildPage, person: IrcPerson, story: Story, start: int = 0, end: int | None = None) -> None:
    """Both type the messages `start` to `end` of the story, each at their own end, and see what the other wrote."""
    for index, message in enumerate(story.messages[start:end], start=start):
        if message.speaker is Speaker.CONTACT:
            person.say(child.nick, message.text)
            if index == 0:
                child.page.locator("[data-type=query]", has_text=person.nick).first.wait_for(timeout=10_000)
                child.open_chat(person.nick)
            child.sees(message.text)
        else:
            child.type(message.text)
            said = (child.nick, message.text)
            wait_until("the reply reaches the other end", partial(person.heard.__contains__, said), child.page)
        child.page.wait_for_timeout(GAP * 1000)


def test_a_grooming_story_nudges_the_child(browser: Browser, irc: IrcServer, child: ChildPage, pictures: Path) -> None:
    before = len(browser.hints())
    with IrcPerson(irc.port, "rocketfox") as person:
        talk(child, person, find("en", "gift"))
        wait_until("a hint appears", lambda: len(browser.hints()) > before, child.page)
    child.page.wait_for_timeout(400)
    child.page.screenshot(path=pictures / "thelounge-en-gift.png")
    in_view(child.page, child.page.locator("#form"))
    assert browser.hints()[-1]["tactics"]
    # The child can write on as before.
    child.type("have to go")
    assert browser.sign(child.page) == "on"


def test_an_everyday_story_does_not(browser: Browser, irc: IrcServer, child: ChildPage, pictures: Path) -> None:
    before = len(browser.hints())
    with IrcPerson(irc.port, "jonas") as person:
        talk(child, person, find("en", "surprise"))
        child.page.wait_for_timeout(SETTLE * 1000)
    child.page.screenshot(path=pictures / "thelounge-en-surprise.png")
    assert browser.sign(child.page) == "on"
    assert len(browser.hints()) == before


def test_a_killed_helper_leaves_the_page_working_and_a_restarted_one_is_found_again(
    browser: Browser, helper: Helper, irc: IrcServer, child: ChildPage, pictures: Path
) -> None:
    before = len(browser.hints())
    story = find("en", "gift")
    with IrcPerson(irc.port, "robin") as person:
        talk(child, person, story, 0, 6)
        assert browser.sign(child.page) == "on"

        helper.kill()
        talk(child, person, story, 6, 8)  # the page works as before: both see what the other writes
        wait_until("Nightlight is resting", lambda: browser.sign(child.page) == "resting", child.page)
        child.page.screenshot(path=pictures / "thelounge-resting.png")
        assert len(browser.hints()) == before, "nothing is judged while the helper is away"

        helper.start()
        wait_until("Nightlight is on again", lambda: browser.sign(child.page) == "on", child.page, patience=45)
        talk(child, person, story, 8)
        wait_until("a hint appears", lambda: len(browser.hints()) > before, child.page)
