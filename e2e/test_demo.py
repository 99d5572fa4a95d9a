"""Stories in the demo's chat page: grooming ones bring a hint in the child's language; everyday ones do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from demo.browser import Browser, hint_spoken, wait_until
from demo.site import Site
from demo.story import Story, find, languages, stories
from e2e.hint import dismissed_by_keyboard, in_view

PACE = 0.12
SETTLE = 1.5  # seconds in which the last messages are surely judged


def play(browser: Browser, site: Site, story: Story) -> Page:
    """Let the page play the whole story and wait until its last message must have been judged."""
    page = browser.open(f"{site.origin}/chat/{story.language}/{story.id}?autoplay&pace={PACE}")
    ended = False

    def drained() -> bool:
        nonlocal ended
        while not site.played.empty():
            ended = site.played.get().ended or ended
        return ended

    wait_until("the story ends", drained, page, patience=60)
    page.wait_for_timeout(SETTLE * 1000)
    return page


def hints_since(browser: Browser, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {hint["id"] for hint in before}
    return [hint for hint in browser.hints() if hint["id"] not in known]


@pytest.mark.parametrize(("language", "name"), [("en", "gift"), ("el", "gift")])
def test_a_grooming_story_brings_a_hint_the_child_can_read_and_dismiss(
    browser: Browser, site: Site, pictures: Path, language: str, name: str
) -> None:
    browser.speak(language)
    before = browser.hints()
    story = find(language, name)
    page = play(browser, site, story)

    hints = hints_since(browser, before)
    assert hints, "the story brought no hint"
    assert {hint["language"] for hint in hints} == {language}
    assert all(hint["level"] in ("nudge", "urgent") and hint["tactics"] for hint in hints)
    page.wait_for_timeout(400)
    page.screenshot(path=pictures / f"demo-{language}-{name}.png")

    # In view, and beside the place where the child writes.
    in_view(page, page.locator("#composer"))
    # Not for the page's eyes: the element is there, closed, and says nothing.
    assert page.evaluate("document.querySelector('nightlight-hint')?.shadowRoot ?? null") is None
    assert page.evaluate("document.querySelector('nightlight-hint').textContent") == ""
    # But for a screen reader's: a named region with words in the child's script, headings and buttons.
    spoken = hint_spoken(page)
    assert spoken[0][0] == "region"
    assert spoken[0][1]
    letters = [letter for _, name in spoken for letter in name if letter.isalpha()]
    greek = sum("\u0370" <= letter <= "\u03ff" or "\u1f00" <= letter <= "\u1fff" for letter in letters)
    assert len(letters) > 100
    assert greek > 0.6 * len(letters) if language == "el" else greek == 0, spoken
    assert sum(role == "button" for role, _ in spoken) >= 3
    assert page.evaluate("document.documentElement.lang") == language

    # The keyboard alone is enough: focus the hint, then Escape.
    page.keyboard.press("Alt+Shift+N")
    dismissed_by_keyboard(browser, page, {hint["id"] for hint in hints})
    # The page has all of itself back, and the composer works.
    page.fill("#text", "ok bye")
    page.press("#text", "Enter")
    assert page.locator(".message.sent p", has_text="ok bye").count() == 1
    page.close()


@pytest.mark.parametrize(("language", "name"), [("en", "surprise"), ("en", "home"), ("el", "surprise"), ("el", "home")])
def test_an_everyday_story_brings_none(browser: Browser, site: Site, pictures: Path, language: str, name: str) -> None:
    browser.speak(language)
    before = browser.hints()
    page = play(browser, site, find(language, name))
    assert browser.sign(page) == "on", "an everyday chat must be quiet because it was judged, not because nobody looked"
    page.screenshot(path=pictures / f"demo-{language}-{name}.png")
    assert hints_since(browser, before) == []
    page.close()


def test_every_language_has_its_stories() -> None:
    assert languages() == ["de", "el", "en", "fr", "it", "lt", "nl"]
    for language in languages():
        told = stories(language)
        assert sum(story.is_grooming for story in told) >= 2
        assert sum(not story.is_grooming for story in told) >= 2
        assert all(12 <= len(story.messages) <= 20 for story in told)
        assert all((story.onset is not None) == story.is_grooming for story in told)
