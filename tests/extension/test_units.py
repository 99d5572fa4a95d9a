"""Runs the extension's unit tests, which are JavaScript, with Node's own test runner: one `pytest` runs everything."""

from __future__ import annotations

import subprocess
from pathlib import Path

from e2e.node import node_program

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent


def test_the_units_of_the_extension() -> None:
    files = sorted(str(file) for file in FOLDER.glob("*.test.js"))
    assert files
    done = subprocess.run([node_program(), "--test", *files], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout or "fail 0" in done.stdout
