"""The extension's own unit tests run under Node; here each of their files is one test of the whole suite."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from e2e.node import node_program

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(path for path in (ROOT / "tests" / "extension").rglob("*.test.*js"))


def test_there_are_node_tests() -> None:
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_node(file: Path) -> None:
    done = subprocess.run(
        [node_program(), "--test", "--test-reporter=spec", str(file)], cwd=ROOT, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
