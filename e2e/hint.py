"""Looking at a hint as a person does: is it in view, what is read aloud, can the keyboard close it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from demo.browser import Browser, hint_box, wait_until


def in_view(page: Page, composer: Locator) -> None:
    """The whole hint is inside the window and lies over no part of the composer."""
    hint = hint_box(page)
    box = composer.bounding_box()
    window = page.viewport_size
    assert hint
    assert box
    assert window
    left, top, right, bottom = hint
    assert right - left > 150
    assert bottom - top > 80
    assert left >= 0
    assert top >= 0
    assert right <= window["width"]
    assert bottom <= window["height"]
    beside = left >= box["x"] + box["width"] or right <= box["x"]
    assert beside or top >= box["y"] + box["height"] or bottom <= box["y"], "the hint lies over the composer"


def dismissed_by_keyboard(browser: Browser, page: Page, ids: set[str]) -> None:
    """Tab through the page until Escape reaches the hint; the mirror must then say that it was dismissed."""
    for _ in range(40):
        if page.evaluate("document.activeElement?.localName") == "nightlight-hint":
            page.keyboard.press("Escape")
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError("Tab never reaches the hint")
    wait_until("the hint is dismissed", lambda: any(hint["dismissed"] for hint in browser.hints() if hint["id"] in ids), page)
    wait_until("the hint has left the page", lambda: hint_box(page) is None, page)
