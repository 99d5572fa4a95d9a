"""The promise that nothing leaves the computer: the core of the suite in a network namespace that has only loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OFFLINE = ROOT / "scripts" / "offline.sh"
INSIDE = "NIGHTLIGHT_INSIDE_NAMESPACE"
NO_NAMESPACE = 77  # scripts/offline.sh, when the kernel gives none


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(OFFLINE), *command], cwd=ROOT, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def namespace() -> None:
    if os.environ.get(INSIDE):
        pytest.skip("already inside the namespace")
    looked = run(sys.executable, "-c", "import socket; print([name for _, name in socket.if_nameindex()])")
    if looked.returncode == NO_NAMESPACE:
        pytest.skip(f"the kernel gives no network namespace: {looked.stderr.strip()}")
    assert looked.stdout.strip() == "['lo']", looked.stdout + looked.stderr


def test_the_whole_road_works_with_loopback_alone() -> None:
    """Demo page and The Lounge: `make test-offline` runs every end-to-end test so; here one of each, for the time."""
    done = run(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
        "e2e/test_demo.py", "e2e/test_thelounge.py", "-k", "(brings_a_hint and en) or grooming_story_nudges",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "2 passed" in done.stdout, done.stdout[-2000:]
