"""The hint in a page that is not its friend: closed, calm, out of the way, worked by people only, and never lost.

The recording helper asks for a hint when a message holds the word that a test chose; the real helper's judgement has its
own tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from demo.browser import Browser
from e2e.fixtures import shadow
from e2e.fixtures.recorder import Json, Recorder
from e2e.fixtures.site import FixtureSite

LEVELS = {"secret": ("nudge", ["secrecy"]), "meet": ("urgent", ["secrecy", "meeting"])}

#: What a page could try, to be rid of the hint without the child.
PRESSING_PAGE = """() => {
    const hint = document.querySelector("nightlight-hint");
    const options = { bubbles: true, composed: true };
    for (const type of ["click", "pointerdown", "mousedown"]) hint.dispatchEvent(new MouseEvent(type, options));
    hint.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", ...options }));
    hint.click();
    hint.style.setProperty("display", "none", "important");
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/hostile.css" }));
}"""
#: Whether a picture of that address can be had.
LOADS = """(url) => new Promise((done) => {
    const image = new Image();
    image.onload = () => done(true);
    image.onerror = () => done(false);
    image.src = url;
})"""


def _judge(window: Json) -> Json:
    """A hint when the last message holds one of the words, and none else."""
    last = window["messages"][-1]
    for word, (level, tactics) in LEVELS.items():
        if word in last["text"] and last["from"] == "contact":
            shown = [{"tactic": tactic, "score": 0.9, "messages": [last["id"]]} for tactic in tactics]
            return {"risk": 0.9, "level": level, "nudge": True, "tactics": shown, "known": False}
    return {"risk": 0.05, "level": "none", "nudge": False, "tactics": [], "known": False}


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    """The recording helper, with a judgement by words."""
    with Recorder() as recording:
        recording.judge = _judge
        yield recording


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, recorder: Recorder) -> Iterator[Browser]:
    """Chromium with the extension, paired with the recording helper."""
    with Browser(tmp_path_factory.mktemp("hint")) as opened:
        opened.pair("123456", port=recorder.port)
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page like The Lounge's, read by the extension; its security policy forbids inline styles."""
    with FixtureSite("the_lounge") as site:
        browser.enable(site.origin)
        opened = browser.open(site.origin)
        opened.evaluate("openChat('tom', [['tom', 'hi'], ['mia', 'hello']])")
        yield opened
        opened.close()


def say(page: Page, text: str) -> None:
    """Let the contact write."""
    page.evaluate("(text) => { say('tom', text); }", text)


def until(page: Page, what: str, truth: Callable[[], Any], patience: float = 8.0) -> Any:
    """Wait for something to be true."""
    for _ in range(int(patience * 20)):
        said = truth()
        if said:
            return said
        page.wait_for_timeout(50)
    raise AssertionError(f"waited in vain: {what}")


def hint_of(browser: Browser, page: Page, said: str = "keep it secret") -> Json:
    """Let the contact say what brings a hint, wait for it in the page, and return its record."""
    before = {hint["id"] for hint in browser.hints()}
    say(page, said)
    until(page, "the hint has words", lambda: "Nightlight" in shadow.words(page))
    record = until(page, "the hint is mirrored", lambda: [h for h in browser.hints() if h["id"] not in before and h["shown"]])
    return dict(record[-1])


def record_of(browser: Browser, identity: str) -> Json:
    """The record of a hint as it is now."""
    return next(hint for hint in browser.hints() if hint["id"] == identity)


def in_page(page: Page) -> int:
    """How many hints are in the page."""
    return int(page.evaluate("document.querySelectorAll('nightlight-hint').length"))


def test_the_hint_is_kind_closed_and_says_what_was_said(browser: Browser, page: Page) -> None:
    record = hint_of(browser, page)
    words = shadow.words(page)
    assert re.search("nothing wrong|not in trouble|your fault", words)
    assert "You were asked to keep this chat secret" in words
    assert "116 000" in words
    assert page.evaluate("document.querySelector('nightlight-hint').shadowRoot") is None
    assert page.evaluate("document.querySelector('nightlight-hint').attributes.length") == 0
    assert record["level"] == "nudge"
    assert record["tactics"] == ["secrecy"]
    assert "secret" not in str(record).replace("secrecy", "")


def test_it_is_spoken_and_takes_no_focus(browser: Browser, page: Page) -> None:
    page.focus("#input")
    hint_of(browser, page)
    assert page.evaluate("document.activeElement.id") == "input"
    assert ("region", "A note from Nightlight") in shadow.spoken(page)


@pytest.mark.parametrize(("width", "height"), [(1180, 780), (700, 420), (360, 640)])
def test_it_never_covers_the_composer(browser: Browser, page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    hint_of(browser, page)
    for fold in (None, "Why am I seeing this?", "What can I do?"):
        if fold:
            shadow.press(page, fold)
        page.wait_for_timeout(600)
        hint = page.locator("nightlight-hint").bounding_box()
        form = page.locator("#form").bounding_box()
        assert hint
        assert form
        assert hint["y"] >= 0
        assert hint["x"] >= 0
        assert hint["x"] + hint["width"] <= width
        assert hint["y"] + hint["height"] <= height
        assert hint["y"] + hint["height"] <= form["y"] or hint["y"] >= form["y"] + form["height"]
    page.click("#input")
    page.keyboard.type("still free to write")
    assert page.input_value("#input") == "still free to write"


def test_escape_closes_it_from_inside_and_gives_the_focus_back(browser: Browser, page: Page) -> None:
    page.focus("#input")
    record = hint_of(browser, page)
    page.keyboard.press("Escape")  # outside: the page's own business
    page.wait_for_timeout(200)
    assert in_page(page) == 1
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.localName") == "nightlight-hint":
            break
    page.keyboard.press("Escape")
    until(page, "it is gone", lambda: in_page(page) == 0)
    until(page, "the record says dismissed", lambda: record_of(browser, record["id"])["dismissed"])
    assert page.evaluate("document.activeElement.id") == "input"


def test_a_page_cannot_press_it_away(browser: Browser, page: Page) -> None:
    record = hint_of(browser, page)
    page.evaluate(PRESSING_PAGE)
    page.wait_for_timeout(500)
    assert not record_of(browser, record["id"])["dismissed"]
    box = page.locator("nightlight-hint").bounding_box()
    assert box
    assert box["height"] > 100


def test_taken_away_it_comes_back_once_and_stays_in_the_popup(browser: Browser, page: Page) -> None:
    record = hint_of(browser, page)
    page.evaluate("document.querySelector('nightlight-hint').remove()")
    until(page, "it is back", lambda: in_page(page) == 1 and "secret" in shadow.words(page))
    page.evaluate("document.querySelector('nightlight-hint').remove()")
    page.wait_for_timeout(700)
    assert in_page(page) == 0
    assert until(page, "noted", lambda: record_of(browser, record["id"])["removed"])
    tab = browser.inside.evaluate("async (url) => (await chrome.tabs.query({})).find((t) => t.url === url).id", page.url)
    popup = browser.open_inside(f"popup/popup.html?tab={tab}")
    popup.get_by_text("You were asked to keep this chat secret").first.wait_for()
    popup.close()


def test_i_know_this_person_works_at_once_and_can_be_undone(browser: Browser, recorder: Recorder, page: Page) -> None:
    record = hint_of(browser, page)
    shadow.press(page, "I know this person")
    until(page, "the thank-you is shown", lambda: "Undo" in shadow.buttons(page))
    asked = [body for path, _, body in recorder.requests if path == "/v1/known"][-1]
    assert asked == {"conversation": record["conversation"], "known": True}
    say(page, "see you at training")
    page.wait_for_timeout(600)
    assert "Undo" in shadow.buttons(page), "the closing word went away by itself"
    shadow.press(page, "Undo")
    until(page, "it is gone", lambda: in_page(page) == 0)
    until(
        page, "taken back",
        lambda: [body for path, _, body in recorder.requests if path == "/v1/known"][-1]["known"] is False,
    )  # fmt: skip


def test_an_urgent_hint_is_calm_and_cannot_be_silenced(browser: Browser, page: Page) -> None:
    hint_of(browser, page, "let's meet")
    words = shadow.words(page)
    assert "it is not your fault and it can be helped" in words
    assert "You were asked to meet in person" in words
    assert "I know this person" not in shadow.buttons(page)
    say(page, "and keep it secret")
    page.wait_for_timeout(900)
    assert "You were asked to meet in person" in shadow.words(page), "a small hint pushed the urgent one away"


def test_a_hint_belongs_to_its_chat(browser: Browser, page: Page) -> None:
    hint_of(browser, page)
    page.evaluate("openChat('anna', [['anna', 'homework?'], ['mia', 'page 12']])")
    until(page, "it leaves with its chat", lambda: in_page(page) == 0)
    page.evaluate("openChat('tom', [['tom', 'hi again']])")
    until(page, "it comes back with its chat", lambda: in_page(page) == 1)
    shadow.press(page, "Not now")
    until(page, "it is gone", lambda: in_page(page) == 0)
    page.evaluate("openChat('anna', [['anna', 'done?']])")
    page.wait_for_timeout(500)
    page.evaluate("openChat('tom', [['tom', 'hi once more']])")
    page.wait_for_timeout(900)
    assert in_page(page) == 0


def test_a_page_loaded_anew_gets_its_open_hint_again(browser: Browser, page: Page) -> None:
    record = hint_of(browser, page)
    page.reload()
    page.evaluate("openChat('tom', [['tom', 'hi'], ['mia', 'hello']])")
    until(page, "it is shown again", lambda: "secret" in shadow.words(page))
    shadow.press(page, "Not now")
    until(page, "dismissed", lambda: record_of(browser, record["id"])["dismissed"])


def test_the_page_learns_nothing(browser: Browser, page: Page) -> None:
    hint_of(browser, page)
    assert page.evaluate("typeof nightlight") == "undefined"
    assert page.evaluate("typeof chrome?.runtime?.sendMessage") == "undefined"
    sources = page.evaluate("[...document.querySelectorAll('script, style, link, iframe')].map((e) => e.src ?? e.href ?? '')")
    assert not any("extension" in source for source in sources)
    for path in ("manifest.json", "image/moon.svg", "content/look.js", "_locales/en/messages.json"):
        assert page.evaluate(LOADS, f"{browser.extension}/{path}") is False
