"""`nightlight doctor`, and the command line as a whole: what it says, and that it says what to do."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import nightlight as package
from nightlight.cli import COMMANDS
from nightlight.model.bundle import SHIPPED
from tests.server.running import CHROME, Helper, environment, nightlight


def findings(*arguments: str | Path) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Exit code and findings by the name of their check."""
    done = nightlight("doctor", "--json", *arguments)
    assert done.stderr == b""
    report = json.loads(done.stdout)
    assert report["version"] == package.__version__
    assert report["ok"] == (done.returncode == 0)
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        assert set(finding) == {"check", "state", "found", "to_do"}
        assert (finding["state"] == "do") <= bool(finding["to_do"])
        found.setdefault(finding["check"], []).append(finding)
    return done.returncode, found


def test_all_is_well(helper: Helper) -> None:
    paired = helper.pair()
    paired.post("status")
    code, found = findings("--data", helper.data)
    assert code == 0
    assert {each["state"] for each in found["bundle"] + found["data"] + found["helper"]} == {"ok"}
    assert f"running on port {helper.port}" in found["helper"][0]["found"]
    mine = [each for each in found["pairing"] if paired.credentials.pairing in each["found"]]
    assert mine[0]["state"] == "ok"
    assert "just now" in mine[0]["found"]
    done = nightlight("doctor", "--data", helper.data)
    assert done.returncode == 0
    assert "All is well." in done.stdout.decode()
    assert CHROME in done.stdout.decode()
    paired.post("unpair")


def test_nothing_was_started_yet(tmp_path: Path) -> None:
    code, found = findings("--data", tmp_path / "data", "--port", "1")
    assert code == 1
    assert "nightlight serve" in found["data"][0]["to_do"]
    assert found["helper"][0]["state"] == "do"
    assert not (tmp_path / "data").exists()
    done = nightlight("doctor", "--data", tmp_path / "data", "--port", "1")
    assert done.returncode == 1
    assert "2 thing(s) to do" in done.stdout.decode()
    assert "nightlight serve" in done.stdout.decode()


def test_the_helper_was_cut_off(start: Callable[..., Helper]) -> None:
    helper = start()
    helper.process.kill()
    helper.process.wait()
    code, found = findings("--data", helper.data)
    assert code == 1
    assert found["helper"][0]["to_do"] == "Start it: nightlight serve"
    assert str(helper.port) in found["helper"][0]["found"]
    assert "nightlight pair" in found["pairing"][0]["to_do"]


def test_a_changed_bundle(tmp_path: Path, helper: Helper) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(os.environ.get("NIGHTLIGHT_BUNDLE", SHIPPED), bundle)
    (bundle / "tokenizer.json").write_text("{}")
    code, found = findings("--data", helper.data, "--bundle", bundle)
    assert code == 1
    assert "tokenizer.json" in found["bundle"][0]["found"]


@pytest.mark.skipif(os.name == "nt", reason="mode bits")
def test_a_folder_that_others_can_read(start: Callable[..., Helper]) -> None:
    helper = start()
    helper.data.chmod(0o755)
    code, found = findings("--data", helper.data)
    assert code == 1
    to_do = found["data"][0]["to_do"]
    assert to_do.startswith("Close it: chmod")
    subprocess.run(to_do.removeprefix("Close it: "), shell=True, check=True)
    assert findings("--data", helper.data)[1]["data"][0]["state"] == "ok"


def test_a_damaged_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "nightlight.sqlite3").write_bytes(b"no database at all" * 100)
    code, found = findings("--data", data, "--port", "1")
    assert code == 1
    assert "cannot be read" in found["data"][0]["found"]


def test_quiet_browsers_and_unreadable_sites(start: Callable[..., Helper]) -> None:
    helper = start()
    paired = helper.pair()
    now = datetime.now(UTC)
    with helper.storage() as storage:
        storage.adapters.count("changed.example", "ok", now - timedelta(days=2))
        storage.adapters.count("changed.example", "broken", now - timedelta(hours=3))
        storage.adapters.count("mended.example", "broken", now - timedelta(hours=2))
        storage.adapters.count("mended.example", "ok", now - timedelta(hours=1))
        storage.adapters.count("long-ago.example", "broken", now - timedelta(days=20))
    with closing(sqlite3.connect(helper.data / "nightlight.sqlite3")) as database, database:
        old = (now - timedelta(days=9)).replace(tzinfo=None).isoformat(" ")
        database.execute("UPDATE pairing SET contacted_at = ?", (old,))
    code, found = findings("--data", helper.data)
    assert code == 0
    assert found["pairing"][0]["state"] == "note"
    assert "9 days ago" in found["pairing"][0]["found"]
    assert [each["found"].split()[0] for each in found["site"]] == ["changed.example"]
    assert "3 hours ago" in found["site"][0]["found"]
    paired.post("status")
    assert "just now" in findings("--data", helper.data)[1]["pairing"][0]["found"]


# The command line


def test_version() -> None:
    done = nightlight("--version")
    assert done.stdout.decode().strip() == f"nightlight {package.__version__}"


def test_help_names_each_command() -> None:
    said = nightlight("--help").stdout.decode()
    for command in COMMANDS:
        assert f"\n  {command} " in said
        own = nightlight(command, "--help")
        assert own.returncode == 0
        assert own.stdout.decode().startswith("Usage:")


def test_what_a_command_does_not_need_is_not_imported() -> None:
    """The start must stay short: a command brings only what it needs, and no command brings training's libraries."""
    script = "import sys; from nightlight.cli import main; import nightlight.cli.{0}; print('\\n'.join(sys.modules))"
    heavy = {
        "rich",
        "litestar",
        "sqlalchemy",
        "numpy",
        "onnxruntime",
        "torch",
        "transformers",
        "uvicorn",
        "platformdirs",
    }
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-c", script.format(command)],
            capture_output=True,
            text=True,
            env=environment(),
            check=True,
        )
        assert not heavy & set(done.stdout.split()), command


def test_the_running_helper_has_no_training_libraries() -> None:
    script = (
        "import sys, nightlight.api.app, nightlight.api.server, nightlight.storage, nightlight.warning;"
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment(), check=True)
    assert not {"torch", "transformers", "scipy", "pandas", "rich", "httpx", "requests"} & set(done.stdout.split())
