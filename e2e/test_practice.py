"""The practice game as a child plays it: by keyboard to an ending, in English and Greek, with nothing cut off on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from demo.browser import Browser
from e2e.fixtures import shadow
from e2e.fixtures.recorder import Json, Recorder
from e2e.fixtures.site import FixtureSite

NARROW = {"width": 320, "height": 720}

#: What sticks out of the page, or is wider than the room that it has.
CUT_OFF = """() => {
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll("main, main *:not(svg *), .news")].filter((element) => {
        const box = element.getBoundingClientRect();
        const inline = getComputedStyle(element).display === "inline";
        return box.right > width + 1 || box.left < -1
            || (!inline && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
            || (["BUTTON", "A"].includes(element.tagName) && !inline && element.scrollHeight > element.clientHeight + 1);
    }).map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`);
}"""


def _judge(window: Json) -> Json:
    """A hint about secrecy for every message that speaks of a secret."""
    last = window["messages"][-1]
    told = "secret" in last["text"]
    shown = [{"tactic": "secrecy", "score": 0.9, "messages": [last["id"]]}] if told else []
    return {"risk": 0.9 if told else 0.05, "level": "nudge" if told else "none", "nudge": told, "tactics": shown, "known": False}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with the extension; the game needs no helper, a recording one stands in for the hint's test."""
    with Recorder() as recorder, Browser(tmp_path_factory.mktemp("practice")) as opened:
        recorder.judge = _judge
        opened.pair("123456", port=recorder.port)
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone-wide tab of someone who wants little motion, in which nothing may go wrong unseen."""
    opened = browser.context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.set_viewport_size(NARROW)  # type: ignore[arg-type]
    opened.emulate_media(reduced_motion="reduce")
    yield opened
    opened.close()
    assert errors == []


def show(browser: Browser, page: Page, path: str) -> None:
    """Open a page of the game."""
    page.goto("about:blank")
    page.goto(f"{browser.extension}/practice/{path}")
    page.locator("html[data-ready=true]").wait_for(state="attached")


def stored(browser: Browser) -> dict[str, Any]:
    """What the game keeps."""
    kept: dict[str, Any] = browser.inside.evaluate("async () => (await chrome.storage.local.get('practice')).practice ?? {}")
    return kept


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on an element of `selector`; raises AssertionError if it never gets there."""
    for _ in range(60):
        if page.evaluate("(selector) => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


@pytest.mark.parametrize(("language", "title"), [("en", "The vanishing app"), ("el", "Η εφαρμογή που εξαφανίζει")])
def test_a_story_is_played_by_keyboard_to_its_ending(
    browser: Browser, page: Page, pictures: Path, language: str, title: str
) -> None:
    browser.speak(language)
    show(browser, page, "practice.html")
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate(CUT_OFF) == []
    page.click("#erase")
    page.locator("#news:not(:empty)").wait_for()
    tab_to(page, "a[href='#story/other_app']")
    page.keyboard.press("Enter")
    page.locator("[data-choice=a]").wait_for()
    assert page.locator("#view-title").inner_text() == title
    assert ("log", "skaterbyte") in shadow.spoken(page)
    # Along: why this one? - the second choice, reached with Tab - tell Leo: the last, by its digit.
    assert page.evaluate("document.activeElement.dataset.choice") == "a"
    page.keyboard.press("Enter")
    page.locator(".message").nth(6).wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.choice") == "b"
    assert page.evaluate(CUT_OFF) == []
    page.keyboard.press("Enter")
    page.locator(".choice.do").wait_for()
    page.keyboard.press("2")
    ending = page.locator(".ending")
    ending.wait_for()
    assert ending.get_attribute("data-ending") == "e_leo"
    assert page.evaluate("document.activeElement.matches('.ending h2')")
    badges = {"en": "First light", "el": "Πρώτο φως"}
    page.locator("#news", has_text=badges[language]).wait_for()
    tab_to(page, ".ending summary")
    page.keyboard.press("Enter")
    assert page.evaluate(CUT_OFF) == []
    page.screenshot(path=pictures / f"practice-{language}-ending.png", full_page=True)
    assert stored(browser)["endings"]["other_app"] == ["e_leo"]


@pytest.mark.parametrize("language", ["en", "nl", "fr", "de", "el", "it", "lt"])
def test_nothing_is_cut_off_at_phone_width(browser: Browser, page: Page, pictures: Path, language: str) -> None:
    views = ["practice.html?language={}", "practice.html?language={}#spot", "practice.html?language={}#reply",
             "practice.html?language={}#story/night_bus", "guide.html?language={}&story=the_scout",
             "sheet.html?language={}"]  # fmt: skip
    for number, view in enumerate(views):
        show(browser, page, view.format(language))
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate(CUT_OFF) == [], view
        page.screenshot(path=pictures / f"practice-{language}-{number}.png", full_page=True)


def test_both_rounds_come_to_their_end(browser: Browser, page: Page) -> None:
    show(browser, page, "practice.html?language=en#spot")
    for _ in range(8):
        page.locator("button.choice").last.click()
        page.locator(".feedback button").click()
    page.get_by_text("You found 3 of 8.").wait_for()  # the three friendly messages
    show(browser, page, "practice.html?language=en#reply")
    words = "only for me to read"
    for number in range(8):
        if number == 0:
            page.fill("#own", words)
        page.locator(".turn > button.main").click()
        page.locator(".feedback button").click()
    page.get_by_text("That was good practice!").wait_for()
    page.wait_for_timeout(100)
    kept = stored(browser)
    assert kept["spot"] == 3
    assert kept["replied"] is True
    assert words not in str(browser.inside.evaluate("async () => JSON.stringify(await chrome.storage.local.get())"))


def test_a_hint_leads_to_the_story_of_its_sign(browser: Browser) -> None:
    browser.speak("en")
    with FixtureSite("the_lounge") as site:
        browser.enable(site.origin)
        chat = browser.open(site.origin)
        chat.evaluate("openChat('tom', [['tom', 'hi'], ['mia', 'hello']])")
        chat.wait_for_timeout(500)
        chat.evaluate("say('tom', 'it is our secret')")
        shadow.press(chat, "Why am I seeing this?")
        with browser.context.expect_page() as opening:
            shadow.press(chat, "Practice")
        story = opening.value
        story.locator("html[data-ready=true]").wait_for(state="attached")
        assert story.url == f"{browser.extension}/practice/practice.html#story/other_app"
        assert story.locator("#view-title").inner_text() == "The vanishing app"
        story.close()
        chat.close()


def test_the_popup_and_the_settings_lead_to_the_game(browser: Browser) -> None:
    for path in ("popup/popup.html", "options/options.html"):
        opened = browser.open_inside(path)
        assert str(opened.locator("#practice").evaluate("link => link.href")) == f"{browser.extension}/practice/practice.html"
        assert opened.locator("#practice").inner_text() == "Practice"
        opened.close()
