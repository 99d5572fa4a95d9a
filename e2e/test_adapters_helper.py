"""The extension and its helper: proof before text, rest and recovery, nothing kept, nobody else asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from demo.browser import Browser
from e2e.fixtures.recorder import Recorder
from e2e.fixtures.site import FixtureSite

CANARY = "canary in the coal mine"


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """The recording helper, a new one for each test."""
    with Recorder() as recording:
        yield recording


@pytest.fixture
def browser(tmp_path: Path, recorder: Recorder) -> Iterator[Browser]:
    """Chromium with the extension, paired with the recording helper."""
    with Browser(tmp_path / "profile") as opened:
        opened.pair("123456", port=recorder.port)
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A chat page that the extension reads."""
    with FixtureSite("the_lounge") as site:
        browser.enable(site.origin)
        opened = browser.open(site.origin)
        yield opened
        opened.close()


def texts(recorder: Recorder) -> list[str]:
    """The texts of the last window that was sent."""
    windows = recorder.windows()
    return [message["text"] for message in windows[-1]["messages"]] if windows else []


def test_a_squatter_is_told_nothing(browser: Browser, recorder: Recorder, page: Page) -> None:
    recorder.honest = False
    page.wait_for_timeout(10_500)  # until the last proof is too old
    recorder.requests.clear()
    page.evaluate("(text) => openChat('tom', [['tom', text]])", CANARY)
    page.wait_for_timeout(2500)
    assert {path for path, _, _ in recorder.requests} == {"/v1/prove"}
    assert CANARY not in json.dumps(recorder.requests)
    assert all("authorization" not in headers for _, headers, _ in recorder.requests)
    assert browser.sign(page) == "resting"
    recorder.honest = True
    recorder.wait("the window goes to the helper that proves itself", lambda: CANARY in texts(recorder), page, 20)
    assert browser.sign(page) == "on"


def test_it_rests_and_recovers_without_a_reload(browser: Browser, recorder: Recorder, page: Page) -> None:
    page.evaluate("openChat('tom', [['tom', 'one']])")
    recorder.wait("the first window", lambda: texts(recorder) == ["one"], page)
    port = recorder.port
    recorder.close()
    page.evaluate("say('tom', 'two')")
    page.wait_for_timeout(800)
    page.evaluate("openChat('anna', [['anna', 'three']])")
    page.wait_for_timeout(800)
    assert browser.sign(page) == "resting"
    badge = browser.inside.evaluate("chrome.action.getBadgeText({})")
    assert badge == "zz"
    back = Recorder(port)
    back.pairing, back.token, back.key = recorder.pairing, recorder.token, recorder.key
    with back:
        back.wait(
            "both chats that waited are sent",
            lambda: sorted(m["text"] for w in back.windows() for m in w["messages"]) == ["one", "three", "two"],
            page, 20,
        )  # fmt: skip
        assert browser.sign(page) == "on"
        assert browser.inside.evaluate("chrome.action.getBadgeText({})") == ""


def test_no_text_is_kept_and_no_key_leaves_the_browser(browser: Browser, recorder: Recorder, page: Page, tmp_path: Path) -> None:
    page.evaluate("(text) => openChat('tom the third', [['tom', text]])", CANARY)
    recorder.wait("the window", lambda: CANARY in texts(recorder), page)
    kept = browser.inside.evaluate(
        "async () => JSON.stringify([await chrome.storage.local.get(), await chrome.storage.session.get()])"
    )
    assert CANARY not in kept
    assert "tom the third" not in kept
    sent = json.dumps([body for _, _, body in recorder.requests])
    assert "tom the third" not in sent
    browser.inside.wait_for_timeout(500)
    needles = [CANARY.encode(), CANARY.encode("utf-16-le")]
    # Only what the extension stored is ours; the page's own cache is the browser's.
    for folder in ("Local Extension Settings", "Sync Extension Settings", "IndexedDB", "Extension State", "Service Worker"):
        for file in (tmp_path / "profile" / "Default" / folder).rglob("*"):
            if file.is_file():
                assert not any(needle in file.read_bytes() for needle in needles), file


def test_every_request_is_one_that_the_guard_lets_in(browser: Browser, recorder: Recorder, page: Page) -> None:
    page.evaluate("openChat('tom', [['tom', 'one']])")
    recorder.wait("a window", lambda: texts(recorder), page)
    for path, headers, _ in recorder.requests:
        assert path.startswith("/v1/"), "a preflight, or a path that is not of the API"
        assert headers["origin"] == browser.extension
        assert headers["sec-fetch-site"] == "none"
        assert headers["content-type"] == "application/json"
        assert headers["host"] == f"127.0.0.1:{recorder.port}"
        assert ("authorization" in headers) == (path not in ("/v1/pair", "/v1/prove"))


def test_a_pairing_that_was_ended_is_forgotten(browser: Browser, recorder: Recorder, page: Page) -> None:
    recorder.token = "another"
    page.evaluate("openChat('tom', [['tom', 'one']])")
    page.wait_for_timeout(1200)
    assert browser.sign(page) == "unpaired"
    assert browser.inside.evaluate("async () => (await chrome.storage.local.get('pairing')).pairing") is None


def test_disconnecting_tells_the_helper(browser: Browser, recorder: Recorder, page: Page) -> None:
    options = browser.open_inside("options/options.html")
    options.click("#unpair")
    options.locator("#pairing-state[data-state=unpaired]").wait_for()
    assert any(path == "/v1/unpair" for path, _, _ in recorder.requests)
    options.close()
    assert browser.sign(page) == "unpaired"


def test_the_background_may_sleep_in_between(browser: Browser, recorder: Recorder, page: Page) -> None:
    page.evaluate("openChat('tom', [['tom', 'one']])")
    recorder.wait("the first window", lambda: texts(recorder) == ["one"], page)
    session = browser.context.new_cdp_session(browser.inside)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    page.wait_for_timeout(500)
    page.evaluate("say('tom', 'two')")
    recorder.wait("the window after the sleep", lambda: texts(recorder) == ["one", "two"], page)


@pytest.mark.parametrize(("code", "words"), [("12", "six digits"), ("654321", "did not match")])
def test_the_welcome_page_says_what_is_wrong(browser: Browser, recorder: Recorder, code: str, words: str) -> None:
    welcome = browser.open_inside(f"welcome/welcome.html?port={recorder.port}")
    welcome.locator("html[data-ready]").wait_for()
    welcome.fill("#code", code)
    welcome.click("#pair")
    welcome.locator("#pairing-state[data-state=error]").wait_for()
    assert words in welcome.inner_text("#pairing-state")
    welcome.close()


def test_the_texts_change_with_the_chosen_language(browser: Browser) -> None:
    options = browser.open_inside("options/options.html")
    english = options.inner_text("h1")
    for language in ("nl", "fr", "de", "el", "it", "lt"):
        options.select_option("#language", language)
        options.locator(f"html[lang={language}]").wait_for()
        assert options.inner_text("h1") != english
    options.close()
