"""Every adapter over its fixture page: it finds what it names, tells who spoke, and keeps chats and contacts apart.

The fixture pages are of our own making; they prove that an adapter does what it says, not that a site is still like that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.browser import EXTENSION, Browser
from e2e.fixtures.recorder import Json, Recorder
from e2e.fixtures.site import FixtureSite
from e2e.test_adapters import Chat, _chat

ADAPTERS: dict[str, Json] = {
    file.stem: json.loads(file.read_text())
    for file in sorted((EXTENSION / "adapters").glob("*.json"))
    if file.stem != "adapter.schema"
}
#: Those of which `test_adapters.py` tells more; their pages have names of their own for who speaks.
OLDER = {"discord", "generic", "the_lounge", "whatsapp"}
NEWER = sorted(set(ADAPTERS) - OLDER)
#: How a child and a contact are called in the older pages.
NAMES = {"discord": ("tom", "mia"), "the_lounge": ("tom", "mia")}
#: Which of an adapter's selectors match something in the page.
MATCHING = """(adapter) => Object.fromEntries(["recognise", "panel", "list", "message", "composer"]
    .filter((name) => adapter[name]?.length > 0)
    .map((name) => [name, adapter[name].filter((selector) => document.querySelector(selector) !== null).length]))"""


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    """The recording helper."""
    with Recorder() as recording:
        yield recording


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, recorder: Recorder) -> Iterator[Browser]:
    """Chromium with the extension, paired with the recording helper."""
    with Browser(tmp_path_factory.mktemp("sites")) as opened:
        opened.pair("123456", port=recorder.port)
        yield opened


@pytest.fixture
def chat(request: pytest.FixtureRequest, browser: Browser, recorder: Recorder) -> Iterator[Chat]:
    """The fixture page of the adapter that the test names."""
    name = str(request.param)
    yield from _chat("generic_log" if name == "generic" else name, name, browser, recorder)


def of(*names: str) -> pytest.MarkDecorator:
    """Run a test over these adapters' pages."""
    return pytest.mark.parametrize("chat", names, indirect=True, ids=names)


def talks(chat: Chat) -> list[list[tuple[str, str]]]:
    """The newest window of each conversation, as (from, text)."""
    newest = {window["conversation"]: window["messages"] for window in chat.windows()}
    return sorted([(m["from"], m["text"]) for m in messages] for messages in newest.values())


def until_talks(chat: Chat, *wanted: list[tuple[str, str]]) -> None:
    """Wait until the newest windows of all conversations hold at least these."""
    chat.recorder.wait(f"{wanted} are read; read: {talks(chat)}", lambda: all(w in talks(chat) for w in wanted), chat.page)


@pytest.mark.parametrize("name", ADAPTERS)
def test_every_adapter_has_a_fixture_page(name: str) -> None:
    pages = Path(__file__).parent / "fixtures" / "pages"
    page = "generic_log" if name == "generic" else name
    assert (pages / f"{page}.html").is_file()
    assert (pages / f"{page}.js").is_file()


@of(*ADAPTERS)
def test_an_adapter_finds_what_it_names_and_who_spoke(chat: Chat) -> None:
    adapter = ADAPTERS[chat.site.name.replace("generic_log", "generic")]
    them, me = NAMES.get(adapter["name"], ("Tom", "me"))
    chat.open("12" if adapter["name"] == "discord" else "Tom", (them, "hi"), (me, "hello"), (them, "how was school?"))
    chat.reads(("contact", "hi"), ("child", "hello"), ("contact", "how was school?"))
    found = chat.page.evaluate(MATCHING, adapter)
    assert all(found.values()), found
    chat.is_in_state("ok")


@of(*NEWER)
def test_a_group_is_judged_contact_by_contact(chat: Chat) -> None:
    chat.open("Team", ("Tom", "a"), ("me", "b"), ("Zoe", "c"), ("Tom", "d"))
    until_talks(chat, [("contact", "a"), ("child", "b"), ("contact", "d")], [("child", "b"), ("contact", "c")])


@of("discord", "the_lounge")
def test_a_channel_is_judged_contact_by_contact(chat: Chat) -> None:
    chat.open("12", ("tom", "a"), ("mia", "b"), ("zoe", "c"), ("zoe", "d"), ("tom", "e"))
    until_talks(chat, [("contact", "a"), ("child", "b"), ("contact", "e")], [("child", "b"), ("contact", "c"), ("contact", "d")])


@of(*NEWER)
def test_chats_are_kept_apart_and_closed(chat: Chat) -> None:
    chat.is_in_state("no_chat")
    chat.open("Tom", ("Tom", "one"))
    first = chat.reads(("contact", "one"))["conversation"]
    chat.open("Anna", ("Anna", "two"), ("me", "three"))
    assert chat.reads(("contact", "two"), ("child", "three"))["conversation"] != first
    chat.is_in_state("ok")
    chat.page.evaluate("leave()")
    chat.is_in_state("no_chat")


@of(*NEWER)
def test_pictures_alone_are_no_fault(chat: Chat) -> None:
    chat.open("Tom")
    chat.say("Tom", "", media=True)
    chat.say("Tom", "", media=True)
    chat.page.wait_for_timeout(2500)
    assert chat.recorder.states(chat.site.host)[-1:] == ["ok"]
    chat.say("Tom", "look at that")
    chat.reads(("contact", "look at that"))


@of(*NEWER)
def test_the_page_for_signing_in_is_known(chat: Chat, browser: Browser) -> None:
    chat.page.evaluate("signOut()")
    chat.is_in_state("signed_out")
    assert browser.sign(chat.page) == "signed_out"


@of("element", "teams")
def test_a_deleted_message_was_said_all_the_same(chat: Chat) -> None:
    chat.open("Tom", ("Tom", "hi"))
    said = chat.say("Tom", "keep it secret")
    chat.reads(("contact", "hi"), ("contact", "keep it secret"))
    chat.page.evaluate("(id) => erase(id)", said)
    chat.say("me", "why?")
    chat.reads(("contact", "hi"), ("contact", "keep it secret"), ("child", "why?"))


@of("element", "teams", "twitch", "whatsapp")
def test_the_line_in_place_of_a_deleted_message_is_not_read(chat: Chat) -> None:
    chat.open("Tom", ("Tom", "hi"))
    chat.say("Tom", "", deleted=True)
    chat.say("me", "why?")
    chat.reads(("contact", "hi"), ("child", "why?"))


@of("element")
def test_an_edited_message_has_its_new_words_and_a_reply_only_its_own(chat: Chat) -> None:
    chat.open("Tom", ("Tom", "hi"))
    said = chat.say("Tom", "how old are you", reply="what I said before")
    chat.reads(("contact", "hi"), ("contact", "how old are you"))
    chat.page.evaluate("(id) => edit(id, 'how are you')", said)
    chat.reads(("contact", "hi"), ("contact", "how are you"))


@of("messenger", "roblox", "twitch")
def test_two_chats_at_once_are_both_read(chat: Chat) -> None:
    chat.open("Tom", ("Tom", "one"))
    chat.page.evaluate("openBeside('Anna', [['Anna', 'two'], ['me', 'three']])")
    until_talks(chat, [("contact", "one")], [("contact", "two"), ("child", "three")])
    chat.is_in_state("ok")


@of("generic")
def test_two_chats_of_no_known_site_are_both_read(chat: Chat) -> None:
    chat.open("Tom", ("them", "one"))
    chat.page.evaluate("""() => {
        const log = make("div.scroll", { role: "log", "aria-label": "Anna" },
            make("div.row", { "data-message-id": "x1" }, make("div.bubble", {}, "two")),
            make("div.row.far", { "data-message-id": "x2" }, make("div.bubble", {}, "three")));
        document.body.append(make("section", {}, log, make("form", {}, make("textarea", {}))));
    }""")
    until_talks(chat, [("contact", "one")], [("contact", "two"), ("child", "three")])


@of("roblox")
def test_another_account_is_a_new_start(chat: Chat) -> None:
    chat.open("Tom", ("Tom", "one"))
    first = chat.reads(("contact", "one"))["conversation"]
    chat.page.evaluate("leave(); changeAccount('43')")
    chat.open("Tom", ("Tom", "two"))
    assert chat.reads(("contact", "two"))["conversation"] != first


def test_a_chat_in_a_frame_is_read(browser: Browser, recorder: Recorder) -> None:
    with FixtureSite("google_chat") as site:
        browser.enable(site.origin)
        options = browser.open_inside("options/options.html")
        options.locator(f'select[data-reader="{site.origin}"]').select_option("google_chat")
        options.wait_for_timeout(300)
        options.close()
        page = browser.open(f"{site.origin}/u/0/app?frame")
        frame = page.frame_locator("#chat").locator("body")
        frame.evaluate("() => openChat('Tom', [['Tom', 'hi'], ['me', 'hello']])")
        chat = Chat(page, site, recorder)
        chat.reads(("contact", "hi"), ("child", "hello"))
        page.wait_for_timeout(2000)
        assert browser.sign(page) == "on"
        page.close()


@of("element")
def test_the_popup_says_it_in_words(chat: Chat, browser: Browser) -> None:
    chat.open("Tom", ("Tom", "hi"))
    chat.is_in_state("ok")
    tab = browser.inside.evaluate("async (u) => (await chrome.tabs.query({})).find((t) => t.url === u).id", chat.page.url)
    popup = browser.open_inside(f"popup/popup.html?tab={tab}")
    popup.locator("#reading[data-reading=ok]", has_text="I can read this chat.").wait_for()
    chat.page.evaluate("for (const tile of document.querySelectorAll('.mx_EventTile')) tile.removeAttribute('data-event-id')")
    chat.page.evaluate(
        "document.querySelector('.mx_RoomView_MessageList').prepend('Words without any message, and many of them.')"
    )
    popup.locator("#state[data-state=loading]").wait_for(timeout=8000)
    popup.locator("#reading[data-reading=broken]", has_text="This site changed, I cannot see the messages.").wait_for(
        timeout=20_000
    )
    assert popup.locator("#state").get_attribute("data-state") == "unreadable"
    popup.close()
