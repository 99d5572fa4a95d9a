"""What the end-to-end tests stand on: a helper with a data folder of its own, and Chromium really paired with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.browser import Browser
from demo.helper import Helper
from demo.site import Site

PICTURES = Path(__file__).resolve().parent.parent / "build" / "e2e"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for one module's helper, browser profile and servers."""
    return tmp_path_factory.mktemp("nightlight")


@pytest.fixture(scope="module")
def helper(folder: Path) -> Iterator[Helper]:
    """The real helper with the shipped bundle, on a free port."""
    with Helper(folder / "helper") as running:
        yield running


@pytest.fixture(scope="module")
def browser(folder: Path, helper: Helper) -> Iterator[Browser]:
    """Chromium with the extension, paired through the welcome page with a code of `nightlight pair`."""
    with Browser(folder / "profile") as opened:
        with helper.pairing() as code:
            opened.pair(code, port=helper.port)
        yield opened


@pytest.fixture(scope="module")
def site(browser: Browser) -> Iterator[Site]:
    """The demo's chat page, which Nightlight has been told to read."""
    with Site() as serving:
        browser.enable(serving.origin)
        yield serving


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path:
    """Where a test leaves its screenshots, for a person to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES
