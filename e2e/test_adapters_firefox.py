"""The same folder in Firefox: it loads, pairs, reads a chat and shows the hint. Skipped where Firefox is not installed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from demo.browser import EXTENSION
from e2e.fixtures.marionette import Firefox, firefox
from e2e.fixtures.recorder import Recorder
from e2e.fixtures.site import FixtureSite

pytestmark = pytest.mark.skipif(firefox() is None, reason="Firefox is not installed")


def test_firefox_loads_pairs_reads_and_hints(tmp_path: Path) -> None:
    with Recorder() as recorder, FixtureSite("the_lounge") as site, Firefox(tmp_path / "profile") as browser:
        recorder.judge = lambda window: {
            "risk": 0.9, "level": "nudge", "nudge": True, "known": False,
            "tactics": [{"tactic": "secrecy", "score": 0.9, "messages": [window["messages"][-1]["id"]]}],
        }  # fmt: skip
        browser.install(EXTENSION)
        inside = browser.switch_to("/welcome/welcome.html")
        browser.run(f"location.search = '?port={recorder.port}'")
        browser.wait("the welcome page", "document.documentElement.dataset.ready && location.search")
        browser.type("#code", "123456")
        browser.click("#pair")
        browser.wait("paired", "document.querySelector('#pairing-state[data-state=paired]') !== null")
        assert all(headers["origin"].startswith("moz-extension://") for _, headers, _ in recorder.requests)

        browser.run("location.href = '../options/options.html'")
        browser.wait("the options page", "document.documentElement.dataset.ready && document.querySelector('#origin')")
        browser.type("#origin", site.origin)
        browser.click("#add-site")
        browser.wait("the site is added", "document.querySelector('#sites li') !== null")
        assert browser.run("return document.querySelector('#origin-note').textContent") == ""

        handles = browser.command("WebDriver:GetWindowHandles")
        browser.command("WebDriver:SwitchToWindow", handle=next(handle for handle in handles if handle != inside))
        browser.command("WebDriver:Navigate", url=site.origin)
        browser.run("openChat('tom', []); say('tom', 'hi'); say('mia', 'hello'); say('tom', 'keep it secret')")
        browser.wait("the hint", "document.querySelector('nightlight-hint')?.getBoundingClientRect().height > 100")
        read = [(message["from"], message["text"]) for message in recorder.windows(site.host)[-1]["messages"]]
        assert read == [("contact", "hi"), ("child", "hello"), ("contact", "keep it secret")]
        end = time.monotonic() + 5
        while recorder.states(site.host)[-1:] != ["ok"] and time.monotonic() < end:
            time.sleep(0.1)
        assert recorder.states(site.host)[-1] == "ok"
        assert browser.run("return document.querySelector('nightlight-hint').shadowRoot") is None
