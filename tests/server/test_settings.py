"""`nightlight settings`: shown, changed, kept, and refused in plain words."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from nightlight.cli import main


def settings(folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["settings", "--data", str(folder), *arguments])
    return result.exit_code, result.output


def test_defaults_are_shown(tmp_path: Path) -> None:
    code, output = settings(tmp_path / "data")
    assert code == 0
    assert " ".join(output.split()) == "sensitivity medium country not set language automatic cooldown 24 hours"


def test_what_is_changed_is_kept_and_the_rest_stays(tmp_path: Path) -> None:
    assert settings(tmp_path / "data", "--sensitivity", "high", "--country", "lt")[0] == 0
    code, output = settings(tmp_path / "data", "--language", "lt", "--cooldown", "2")
    assert code == 0
    assert " ".join(output.split()) == "sensitivity high country LT language lt cooldown 2 hours"


def test_a_wrong_country_is_told_and_changes_nothing(tmp_path: Path) -> None:
    code, output = settings(tmp_path / "data", "--country", "Belgium", "--sensitivity", "low")
    assert code == 1
    assert "two letters" in output
    assert "medium" in settings(tmp_path / "data")[1]
