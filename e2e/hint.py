"""Looking at a hint as a person does: is it in view, what is read aloud, can the keyboard close it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from demo.browser import Browser, spoken_tree, wait_until


def in_view(page: Page, composer: Locator) -> None:
    """The whole hint is inside the window and lies over no part of the composer."""
    hint = page.locator("nightlight-hint").bounding_box()
    box = composer.bounding_box()
    window = page.viewport_size
    assert hint
    assert box
    assert window
    assert hint["width"] > 100
    assert hint["height"] > 60
    assert hint["x"] >= 0
    assert hint["y"] >= 0
    assert hint["x"] + hint["width"] <= window["width"]
    assert hint["y"] + hint["height"] <= window["height"]
    beside = hint["x"] >= box["x"] + box["width"] or hint["x"] + hint["width"] <= box["x"]
    assert beside or hint["y"] >= box["y"] + box["height"] or hint["y"] + hint["height"] <= box["y"]


def hint_words(page: Page) -> str:
    """All that a screen reader finds in the page and the page's own text does not hold."""
    own = page.locator("body").inner_text()
    return " ".join(name for _, name in spoken_tree(page) if name and name not in own)


def dismissed_by_keyboard(browser: Browser, page: Page, ids: set[str]) -> None:
    """Tab through the page until Escape reaches the hint; the mirror must then say that it was dismissed."""
    for _ in range(40):
        if page.evaluate("document.activeElement?.localName") == "nightlight-hint":
            page.keyboard.press("Escape")
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError("Tab never reaches the hint")
    wait_until(
        "the hint is dismissed", lambda: any(hint["dismissed"] for hint in browser.hints() if hint["id"] in ids), page
    )
    wait_until(
        "the hint has left the page",
        lambda: page.evaluate("(document.querySelector('nightlight-hint')?.getBoundingClientRect().height ?? 0) === 0"),
        page,
    )
