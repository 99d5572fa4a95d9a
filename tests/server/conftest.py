"""The fixtures of the server's tests: one helper for all, and helpers of a test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.running import Extension, Helper


@pytest.fixture(scope="session")
def helper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helper]:
    """One helper for all tests that leave it as it was."""
    running = Helper(tmp_path_factory.mktemp("helper"))
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session")
def extension(helper: Helper) -> Extension:
    """An extension paired with the shared helper."""
    return helper.pair()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Helper]]:
    """Starts helpers of a test's own, all in the same data folder, and stops those that still run."""
    started: list[Helper] = []

    def go(**options: int) -> Helper:
        started.append(Helper(tmp_path, **options))
        return started[-1]

    yield go
    for running in started:
        if running.process.poll() is None:
            running.stop()
