"""Chromium with the extension loaded as it lies in the repository, driven by Playwright: pairing, sites, hints.

Everything goes through the extension's own pages, as a person would do it; nothing is put into its storage by the back
door. What is read from its storage is the mirror of hints, which pages cannot see.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
EXTENSION = ROOT / "extension"
# The program itself comes before Debian's wrapper: the wrapper loads further extensions of the system.
PROGRAMS = ("/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome")


class BrowserError(RuntimeError):
    """The browser or the extension did not come to the state that was waited for; the message tells which."""


def chromium() -> str:
    """Return the path of the installed Chromium; raises BrowserError when there is none."""
    for program in PROGRAMS:
        path = shutil.which(program)
        if path:
            return path
    raise BrowserError("Chromium is not installed; `make setup` installs it.")


def has_display() -> bool:
    """Whether a window can be shown here."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def wait_until(what: str, truth: Callable[[], Any], page: Page, *, patience: float = 15.0) -> Any:
    """Ask `truth` until it answers with something true and return that; raises BrowserError naming `what`."""
    end = time.monotonic() + patience
    while True:
        answer = truth()
        if answer:
            return answer
        if time.monotonic() > end:
            raise BrowserError(f"waited {patience:.0f} s in vain: {what}")
        page.wait_for_timeout(50)  # lets Playwright handle what the browser says meanwhile


class Browser:
    """A Chromium of its own profile with the extension; `with` opens and closes it."""

    def __init__(self, profile: Path, *, headless: bool = True, width: int = 1180, height: int = 780) -> None:
        self.profile = profile
        self.headless = headless
        self.size = (width, height)

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        arguments = [
            f"--disable-extensions-except={EXTENSION}",
            f"--load-extension={EXTENSION}",
            f"--window-size={self.size[0]},{self.size[1] + 90}",
            "--disable-quic",
            "--no-first-run",
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
        try:
            self.context: BrowserContext = self._playwright.chromium.launch_persistent_context(
                str(self.profile),
                executable_path=chromium(),
                headless=self.headless,
                args=arguments,
                **({"viewport": {"width": self.size[0], "height": self.size[1]}} if self.headless
                   else {"no_viewport": True}),
            )  # fmt: skip
            workers = self.context.service_workers or [self.context.wait_for_event("serviceworker", timeout=20_000)]
            self.extension = workers[0].url.rsplit("/", 2)[0].removesuffix("/background")
            #: A page of the extension that stays open: the only place from which its own state can be read.
            self.inside = self.open_inside("welcome/welcome.html")
        except BaseException:
            self._playwright.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.context.close()
        finally:
            self._playwright.stop()

    def tidy(self) -> None:
        """Close the tabs that came by themselves: the browser's empty one and the welcome page of the first start."""
        for page in self.context.pages:
            if page is not self.inside:
                page.close()

    def open(self, url: str) -> Page:
        """Open `url` in a new tab."""
        page = self.context.new_page()
        page.goto(url)
        return page

    def open_inside(self, path: str) -> Page:
        """Open one of the extension's own pages in a new tab."""
        page = self.open(f"{self.extension}/{path}")
        page.locator("html[data-ready=true]").wait_for(state="attached", timeout=10_000)
        return page

    def pair(self, code: str, *, port: int) -> None:
        """Pair with the helper on `port` by typing its code into the welcome page; raises BrowserError."""
        page = self.open_inside(f"welcome/welcome.html?port={port}")
        page.fill("#code", code)
        page.click("#pair")
        state = page.locator("#pairing-state")
        wait_until("the welcome page says paired", lambda: state.get_attribute("data-state") == "paired", page)
        page.close()

    def enable(self, origin: str) -> None:
        """Add a site to those that Nightlight reads, on the options page."""
        page = self.open_inside("options/options.html")
        page.fill("#origin", origin)
        page.click("#add-site")
        page.get_by_text(origin.removeprefix("http://")).first.wait_for(timeout=10_000)
        page.close()

    def speak(self, language: str, *, country: str | None = None) -> None:
        """Choose the language of the hints, and the country of the help lines, on the options page."""
        page = self.open_inside("options/options.html")
        _choose(page, "#language", language)
        if country is not None:
            _choose(page, "#country", country)
        page.close()

    def hints(self) -> list[dict[str, Any]]:
        """Return the hints shown since the browser started, oldest first (see the extension's HintRecord)."""
        found: list[dict[str, Any]] = self.inside.evaluate("async () => (await chrome.storage.session.get('hints')).hints ?? []")
        return found

    def sign(self, page: Page) -> str:
        """Return the popup's word on a tab: on, resting, unpaired, loading, signed_out, unreadable, off_site or no_chat."""
        tab = self.inside.evaluate("async (url) => (await chrome.tabs.query({})).find((t) => t.url === url)?.id", page.url)
        popup = self.open_inside(f"popup/popup.html?tab={tab}")
        try:
            state = popup.locator("#state[data-state]")
            state.wait_for(timeout=10_000)
            return state.get_attribute("data-state") or ""
        finally:
            popup.close()


def _choose(page: Page, selector: str, value: str) -> None:
    """Choose an option with the keyboard: the extension heeds no event that a script made."""
    select = page.locator(selector)
    if select.input_value() == value:
        return
    values: list[str] = select.evaluate("(element) => [...element.options].map((option) => option.value)")
    if value not in values:
        raise BrowserError(f"{selector} has no '{value}', only {', '.join(values)}")
    place = values.index(value)
    # Stand beside it without an event, then make the last step as a person does.
    select.evaluate("(element, place) => { element.selectedIndex = place; }", place - 1 if place else 1)
    select.focus()
    page.keyboard.press("ArrowDown" if place else "ArrowUp")
    name = selector.removeprefix("#")
    saved = "async (name) => (await chrome.storage.local.get(name))[name]"
    wait_until(f"{name} {value} is saved", lambda: page.evaluate(saved, name) == value, page)


@contextlib.contextmanager
def _hint_card(page: Page) -> Iterator[tuple[CDPSession, dict[str, Any] | None]]:
    """Give a debugger session and the hint's card as a DOM node, None when no hint is shown.

    The page itself cannot reach it: the card is in a closed shadow root, which only the debugger's protocol pierces.
    """
    session = page.context.new_cdp_session(page)
    try:
        waiting = [session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]]
        card: dict[str, Any] | None = None
        while waiting:
            node = waiting.pop()
            if node["nodeName"] == "NIGHTLIGHT-HINT":
                inside = [child for root in node.get("shadowRoots", []) for child in root.get("children", [])]
                card = next((child for child in inside if child["nodeName"] == "DIV"), None)
                break
            waiting += node.get("children", []) + node.get("shadowRoots", [])
        yield session, card
    finally:
        session.detach()


def hint_box(page: Page) -> tuple[float, float, float, float] | None:
    """Return left, top, right and bottom of the hint's card in the page; None when no hint is shown."""
    with _hint_card(page) as (session, card):
        if card is None:
            return None
        corners = session.send("DOM.getBoxModel", {"nodeId": card["nodeId"]})["model"]["border"]
        return corners[0], corners[1], corners[4], corners[5]


def hint_spoken(page: Page) -> list[tuple[str, str]]:
    """Return (role, name) of all that a screen reader is told about the hint, in its order; empty without a hint."""
    with _hint_card(page) as (session, card):
        if card is None:
            return []
        nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    start = next(name for name, node in nodes.items() if node.get("backendDOMNodeId") == card["backendNodeId"])
    told: list[tuple[str, str]] = []
    waiting = [start]
    while waiting:
        node = nodes[waiting.pop()]
        if not node.get("ignored"):
            told.append(_told(node))
        waiting += reversed([child for child in node.get("childIds", []) if child in nodes])
    return told


def spoken_tree(page: Page) -> list[tuple[str, str]]:
    """Return (role, name) of all that a screen reader is told about a page, closed shadow roots included."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        session.detach()
    return [_told(node) for node in nodes if not node.get("ignored")]


def _told(node: dict[str, Any]) -> tuple[str, str]:
    return node["role"]["value"], node.get("name", {}).get("value", "")
