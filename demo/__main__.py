"""`make run`: a story in a chat page, a hint in it, each message's risk in the terminal. Wires; judges nothing."""

from __future__ import annotations

import argparse
import logging
import queue
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page
from rich.console import Console
from rich.text import Text

from demo.browser import Browser, BrowserError, has_display
from demo.helper import Helper, HelperError
from demo.site import Played, Site
from demo.story import NoSuchStoryError, Story, find, languages, stories
from demo.terminal import Telling
from nightlight.warning import Assessor

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "demo"
# Played without a display when nothing is chosen: in two languages a story that should nudge and one that should not.
PROGRAMME = (("en", "gift"), ("en", "surprise"), ("el", "gift"), ("el", "home"))
COUNTRIES = {"de": "DE", "el": "GR", "en": "EU", "fr": "BE", "it": "IT", "lt": "LT", "nl": "BE"}
HEADLESS_PACE = 0.35  # of a person's pace, for pictures nobody waits for
LINGER = 2.0  # seconds for the last message to be judged before the last picture is taken


class Show:
    """The demonstration while it runs: tells what the page plays and which hints the extension shows."""

    def __init__(self, console: Console, browser: Browser, site: Site, assessor: Assessor, *, headless: bool) -> None:
        self.console = console
        self.browser = browser
        self.site = site
        self.assessor = assessor
        self.headless = headless
        self.language = ""
        self.told: Telling | None = None
        self.run = (0, "", "")
        self.seen: set[str] = set()
        self.hinted = 0

    def speak(self, language: str) -> None:
        """Make the extension use the story's language and a country where it is spoken."""
        if language != self.language:
            self.browser.speak(language, country=COUNTRIES[language])
            self.language = language

    def open(self, story: Story, *, pace: float) -> Page:
        """Open the chat page and let it play `story`; the pace is a factor on the waiting between messages."""
        self.speak(story.language)
        page = self.browser.open(f"{self.site.origin}/chat/{story.language}/{story.id}?autoplay&pace={pace}")
        page.bring_to_front()
        return page

    def tell(self, word: Played) -> None:
        """Print the message that the page has just shown."""
        run = (word.run, word.language, word.story)
        if run != self.run or self.told is None:
            self.run = run
            self.speak(word.language)
            self.told = Telling(self.console, self.assessor, find(word.language, word.story))
        self.told.message(word.index)

    def look(self, page: Page) -> None:
        """Print hints that have appeared since the last look, and without a display take a picture of them."""
        fresh = [hint for hint in self.browser.hints() if hint["id"] not in self.seen]
        for hint in fresh:
            self.seen.add(hint["id"])
            self.hinted += 1
            tactics = ", ".join(hint["tactics"])
            self.console.print(Text(f"  ☾ a hint is in the page ({hint['level']}: {tactics})", style="bold cyan"))
        if fresh and self.headless:
            page.wait_for_timeout(400)  # the hint slides in
            self.picture(page, "hint")

    def picture(self, page: Page, what: str) -> None:
        """Leave a screenshot of the page in build/demo/."""
        _, language, story = self.run
        path = FOLDER / f"{language}-{story}-{what}.png"
        page.screenshot(path=path)
        self.console.print(Text(f"  picture: {path.relative_to(ROOT)}", style="dim"))

    def play(self, story: Story, *, pace: float) -> None:
        """Play one story to its end without a display, taking a picture at its first hint and at its end."""
        page = self.open(story, pace=pace)
        ended = False
        while not ended:
            ended = self._drain()
            self.look(page)
            page.wait_for_timeout(50)
        for _ in range(int(LINGER * 10)):
            page.wait_for_timeout(100)
            self.look(page)
        self.picture(page, "end")
        page.close()

    def stay(self, story: Story) -> None:
        """Play for a person, who may choose other stories on the page, until the page or the browser is closed."""
        page = self.open(story, pace=1.0)
        while not page.is_closed():
            self._drain()
            self.look(page)
            page.wait_for_timeout(100)

    def _drain(self) -> bool:
        ended = False
        while True:
            try:
                word = self.site.played.get_nowait()
            except queue.Empty:
                return ended
            self.tell(word)
            ended = ended or word.ended


def programme(language: str | None, story: str | None) -> list[Story]:
    """Choose what to play; raises NoSuchStoryError."""
    if story is None and language in (None, "en"):
        return [find(tongue, name) for tongue, name in PROGRAMME]
    tongue = language or "en"
    if story is None:
        return [stories(tongue)[0], stories(tongue)[2]]
    return [find(tongue, story)]


def main() -> int:
    """Run the demonstration; the exit code is 0 unless something did not start."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="Watch Nightlight at work in a real browser.")
    parser.add_argument("--language", choices=languages(), help="the language of the story and the hint")
    parser.add_argument("--story", help="which story to play; 'list' names them")
    parser.add_argument("--headless", action="store_true", help="show no window even where one could be shown")
    chosen = parser.parse_args()
    console = Console(highlight=False)
    if chosen.story == "list":
        for story in (s for tongue in languages() for s in stories(tongue)):
            console.print(f"{story.language}  {story.id:10} {story.label:9} {story.title}")
        return 0
    try:
        plays = programme(chosen.language, chosen.story)
    except NoSuchStoryError as error:
        console.print(str(error))
        return 1
    headless = chosen.headless or not has_display()
    # Each demonstration starts from nothing: a new profile, a new helper, a new pairing.
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    try:
        console.print("[bold]·[/] Loading the model bundle")
        assessor = Assessor.load(None)
        console.print("[bold]·[/] Starting the helper (it listens on this computer only)")
        with Helper(FOLDER / "helper") as helper, Site() as site:
            console.print(f"[bold]·[/] Opening Chromium with the extension{', without a window' if headless else ''}")
            with Browser(FOLDER / "profile", headless=headless) as browser:
                console.print("[bold]·[/] Pairing the extension with the helper, and adding the chat page to its sites")
                with helper.pairing() as code:
                    browser.pair(code, port=helper.port)
                browser.enable(site.origin)
                browser.tidy()
                show = Show(console, browser, site, assessor, headless=headless)
                if headless:
                    for story in plays:
                        show.play(story, pace=HEADLESS_PACE)
                    console.print()
                    console.print(f"Done: {show.hinted} hints. Pictures are in {FOLDER.relative_to(ROOT)}/.")
                else:
                    console.print("[bold]·[/] Choose stories and languages on the page; close it to end.")
                    show.stay(plays[0])
    except PlaywrightError as error:
        if "closed" in str(error):  # the person closed the window: that is how it ends
            _hush()
            return 0
        console.print(f"[bold]✗[/] The browser failed: {error.message}")
        return 1
    except (BrowserError, HelperError) as error:
        console.print(f"[bold]✗[/] {error}")
        return 1
    except KeyboardInterrupt:
        _hush()
        console.print()
    return 0


def _hush() -> None:
    """Ctrl+C and a closed window end Playwright's own process too; what it leaves unfinished is not worth a line."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


if __name__ == "__main__":
    sys.exit(main())
