"""Each adapter, over a page of our own that imitates its site's anchors: messages, ids, who spoke, chats, states.

The pages are read by the real extension in the real browser. What it read is seen at the other end, in a helper that
writes down what it is sent; each page is chosen an adapter for on the options page, as a carer would.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from demo.browser import Browser
from e2e.fixtures.recorder import Json, Recorder
from e2e.fixtures.site import FixtureSite


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    """The recording helper."""
    with Recorder() as recording:
        yield recording


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, recorder: Recorder) -> Iterator[Browser]:
    """Chromium with the extension, paired with the recording helper."""
    with Browser(tmp_path_factory.mktemp("adapters")) as opened:
        opened.pair("123456", port=recorder.port)
        yield opened


class Chat:
    """A fixture page in a tab, and what was read of it."""

    def __init__(self, page: Page, site: FixtureSite, recorder: Recorder) -> None:
        self.page, self.site, self.recorder = page, site, recorder

    def open(self, name: str, *messages: tuple[str, str]) -> None:
        """Open a chat with these (from, text) in it."""
        self.page.evaluate("([name, messages]) => openChat(name, messages)", [name, messages])

    def say(self, who: str, text: str, **options: object) -> str:
        """Let somebody write; gives the message's id in the page."""
        return str(self.page.evaluate("([who, text, options]) => say(who, text, options)", [who, text, options]))

    def windows(self) -> list[Json]:
        """Return the windows read of this page so far."""
        return self.recorder.windows(self.site.host)

    def reads(self, *wanted: tuple[str, str]) -> Json:
        """Wait for a window with exactly these (from, text) and return it."""

        def last() -> Json | None:
            for window in reversed(self.windows()[-3:]):
                if [(m["from"], m["text"]) for m in window["messages"]] == list(wanted):
                    return window
            return None

        found: Json = self.recorder.wait(f"{wanted} is read", last, self.page)
        return found

    def is_in_state(self, state: str) -> None:
        """Wait until the page's state was reported so."""
        self.recorder.wait(
            f"the state {state}; reported: {self.recorder.states(self.site.host)}",
            lambda: self.recorder.states(self.site.host)[-1:] == [state], self.page, 20.0,
        )  # fmt: skip


def _chat(name: str, reader: str, browser: Browser, recorder: Recorder) -> Iterator[Chat]:
    with FixtureSite(name) as site:
        options = browser.open_inside("options/options.html")
        options.fill("#origin", site.origin)
        options.click("#add-site")
        choice = options.locator(f'select[data-reader="{site.origin}"]')
        choice.wait_for()
        if reader != "auto":
            choice.select_option(reader)
            options.wait_for_timeout(300)
        options.close()
        page = browser.open(site.origin)
        yield Chat(page, site, recorder)
        page.close()


@pytest.fixture
def lounge(browser: Browser, recorder: Recorder) -> Iterator[Chat]:
    """The page like The Lounge; nobody says which adapter it needs."""
    yield from _chat("the_lounge", "auto", browser, recorder)


@pytest.fixture
def discord(browser: Browser, recorder: Recorder) -> Iterator[Chat]:
    """The page like Discord."""
    yield from _chat("discord", "discord", browser, recorder)


@pytest.fixture
def whatsapp(browser: Browser, recorder: Recorder) -> Iterator[Chat]:
    """The page like WhatsApp Web."""
    yield from _chat("whatsapp", "whatsapp", browser, recorder)


@pytest.fixture
def labelled(browser: Browser, recorder: Recorder) -> Iterator[Chat]:
    """A chat page of nobody's, with role=log."""
    yield from _chat("generic_log", "generic", browser, recorder)


@pytest.fixture
def bare(browser: Browser, recorder: Recorder) -> Iterator[Chat]:
    """A chat page without any label or id."""
    yield from _chat("generic_bare", "auto", browser, recorder)


def test_the_lounge_tells_messages_ids_and_speakers(lounge: Chat) -> None:
    lounge.open("tom", ("tom", "hi"), ("mia", "hello"))
    window = lounge.reads(("contact", "hi"), ("child", "hello"))
    assert [m["id"] for m in window["messages"]] == ["1", "2"]
    assert window["site"] == lounge.site.host
    lounge.is_in_state("ok")
    lounge.say("tom", "has joined", type="join")
    lounge.say("tom", "how was school?")
    lounge.reads(("contact", "hi"), ("child", "hello"), ("contact", "how was school?"))


def test_the_lounge_chat_switch_keeps_chats_apart(lounge: Chat) -> None:
    lounge.open("tom", ("tom", "one"))
    first = lounge.reads(("contact", "one"))["conversation"]
    lounge.open("anna", ("anna", "two"), ("mia", "three"))
    second = lounge.reads(("contact", "two"), ("child", "three"))["conversation"]
    assert first != second
    assert len(first) == 64
    lounge.open("tom", ("tom", "four"))
    assert lounge.reads(("contact", "one"), ("contact", "four"))["conversation"] == first
    for window in lounge.windows():
        texts = {m["text"] for m in window["messages"]}
        assert not (texts & {"one", "four"} and texts & {"two", "three"}), "two chats were mixed"


def test_the_lounge_without_a_chat(lounge: Chat) -> None:
    lounge.is_in_state("no_chat")
    lounge.open("tom", ("tom", "hi"))
    lounge.is_in_state("ok")
    lounge.page.evaluate("leave()")
    lounge.is_in_state("no_chat")


def test_discord_knows_grouped_messages_and_the_own_name(discord: Chat) -> None:
    discord.open("42", ("tom", "hey"), ("tom", "u there"), ("mia", "yes"), ("mia", "just back"), ("tom", "cool"))
    window = discord.reads(
        ("contact", "hey"), ("contact", "u there"), ("child", "yes"), ("child", "just back"), ("contact", "cool")
    )
    assert window["messages"][0]["id"].startswith("42-")
    assert window["messages"][0]["at"] == "2026-05-01T18:02:11.000Z"
    discord.is_in_state("ok")


def test_discord_edits_replies_and_rows_that_come_and_go(discord: Chat) -> None:
    said = [("tom" if turn % 3 else "mia", f"message {turn}") for turn in range(30)]
    discord.open("43")
    for who, text in said:
        discord.say(who, text)
        discord.page.wait_for_timeout(60)
    wanted = [("child" if who == "mia" else "contact", text) for who, text in said]
    window = discord.reads(*wanted)
    assert discord.page.evaluate("document.querySelectorAll('[id^=chat-messages-]').length") == 12
    ids = [m["id"] for m in window["messages"]]
    assert len(set(ids)) == 30
    discord.page.evaluate("([id]) => edit(id, 'changed my mind')", [ids[-1]])
    discord.reads(*wanted[:-1], (wanted[-1][0], "changed my mind"))
    discord.say("tom", "sure", reply="what you said before")
    discord.reads(*wanted[:-1], (wanted[-1][0], "changed my mind"), ("contact", "sure"))


def test_discord_keeps_the_last_fifty(discord: Chat) -> None:
    discord.open("44")
    for turn in range(58):
        discord.say("tom", f"m{turn}")
        if turn % 6 == 5:
            discord.page.wait_for_timeout(350)
    discord.reads(*[("contact", f"m{turn}") for turn in range(8, 58)])


def test_discord_after_a_redesign_is_broken_and_says_so(discord: Chat, browser: Browser) -> None:
    discord.open("45", ("tom", "hey"))
    discord.is_in_state("ok")
    discord.page.evaluate("redesign()")
    discord.is_in_state("broken")
    assert browser.sign(discord.page) == "unreadable"


def test_whatsapp_reads_sides_emoji_and_both_kinds_of_ids(whatsapp: Chat) -> None:
    whatsapp.open("Tom", ("them", "hey"), ("me", "hi"))
    whatsapp.say("them", "see you ", emoji="🙂")
    whatsapp.reads(("contact", "hey"), ("child", "hi"), ("contact", "see you 🙂"))
    whatsapp.is_in_state("ok")
    whatsapp.say("me", "new style", legacy=False)
    window = whatsapp.reads(("contact", "hey"), ("child", "hi"), ("contact", "see you 🙂"), ("child", "new style"))
    assert window["messages"][-1]["id"] == "3EB04"


def test_whatsapp_chat_switch_and_no_chat(whatsapp: Chat) -> None:
    whatsapp.is_in_state("no_chat")
    whatsapp.open("Tom", ("them", "hey"))
    first = whatsapp.reads(("contact", "hey"))["conversation"]
    whatsapp.open("Anna", ("them", "hello"))
    assert whatsapp.reads(("contact", "hello"))["conversation"] != first


def test_a_labelled_log_tells_sides_by_layout_and_joins_parts(labelled: Chat) -> None:
    labelled.open("Tom", ("them", "hey"), ("me", "hi"))
    labelled.say("them", "", parts=["don't ", "tell ", "anyone"])
    window = labelled.reads(("contact", "hey"), ("child", "hi"), ("contact", "don't tell anyone"))
    assert [m["id"] for m in window["messages"]] == ["m1", "m2", "m3"]
    labelled.is_in_state("ok")


def test_a_labelled_log_goes_to_another_chat_by_address(labelled: Chat) -> None:
    labelled.open("Tom", ("them", "hey"))
    first = labelled.reads(("contact", "hey"))["conversation"]
    labelled.open("Anna", ("them", "hello"), ("me", "yo"))
    assert labelled.reads(("contact", "hello"), ("child", "yo"))["conversation"] != first


def test_a_bare_list_is_found_by_its_composer_and_survives_recycled_rows(bare: Chat) -> None:
    said = [("me" if turn % 2 else "them", f"line {turn}") for turn in range(6)]
    said += [("them", "ok"), ("them", "ok"), ("me", "ok"), ("them", "what?"), ("me", "nothing"), ("them", "ok then")]
    for who, text in said:
        bare.say(who, text)
        bare.page.wait_for_timeout(150)
    window = bare.reads(*[("child" if who == "me" else "contact", text) for who, text in said])
    assert len({m["id"] for m in window["messages"]}) == len(said)


def test_what_the_child_types_is_not_read_before_it_is_sent(lounge: Chat) -> None:
    lounge.open("tom", ("tom", "hi"))
    lounge.reads(("contact", "hi"))
    lounge.page.locator("#input").press_sequentially("never mind this", delay=10)
    lounge.page.wait_for_timeout(600)
    assert all("never mind" not in m["text"] for w in lounge.windows() for m in w["messages"])


def test_a_page_that_was_not_added_is_not_read(browser: Browser, recorder: Recorder) -> None:
    with FixtureSite("the_lounge") as site:
        page = browser.open(site.origin)
        page.evaluate("openChat('tom', [['tom', 'hi']])")
        page.wait_for_timeout(1200)
        assert recorder.windows(site.host) == []
        assert browser.sign(page) == "off_site"
        page.close()


def test_the_popup_turns_a_site_on_and_off(browser: Browser, recorder: Recorder) -> None:
    with FixtureSite("the_lounge") as site:
        page = browser.open(site.origin)
        chat = Chat(page, site, recorder)
        chat.open("tom", ("tom", "hi"))
        tab = browser.inside.evaluate("async (url) => (await chrome.tabs.query({})).find((t) => t.url === url).id", page.url)
        popup = browser.open_inside(f"popup/popup.html?tab={tab}")
        popup.click("#enable-site")
        chat.reads(("contact", "hi"))
        popup.locator("#state[data-state=on]").wait_for()
        popup.click("#disable-site")
        popup.locator("#state[data-state=off_site]").wait_for()
        count = len(chat.windows())
        chat.say("tom", "still there?")
        page.wait_for_timeout(800)
        assert len(chat.windows()) == count
        popup.close()
        page.close()
