"""The tiny recipe from corpus to bundle, through the command line, as `make model` does it with a larger one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nightlight.conversation import Message
from nightlight.model import Bundle
from nightlight.warning import Assessor

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def export(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nightlight_export", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=900)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    done = export("train", "tiny", "--work", str(folder))
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


def test_the_bundle_loads_and_judges(work: Path) -> None:
    assessor = Assessor.load(work / "nightlight-tiny" / "bundle")
    found = assessor.assess([Message(text="hi"), Message(text="do not tell your mum, this is our secret")])
    assert 0 < found.risk < 1


def test_the_card_is_written_from_the_manifest(work: Path) -> None:
    folder = work / "nightlight-tiny" / "bundle"
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    manifest = Bundle.load(folder).manifest
    assert f"# Model card: {manifest.name} {manifest.version}" in card
    assert str(manifest.recipe["seed"]) in card


def test_a_finished_run_is_not_repeated_and_an_interrupted_one_goes_on(work: Path, tmp_path: Path) -> None:
    folder = work / "nightlight-tiny"
    before = (folder / "encoder" / "model.safetensors").stat().st_mtime_ns
    shutil.rmtree(folder / "scorer")
    again = export("train", "tiny", "--work", str(work), "--out", str(tmp_path / "again"))
    assert again.returncode == 0, again.stderr[-2000:]
    assert (folder / "encoder" / "model.safetensors").stat().st_mtime_ns == before
    first = json.loads((folder / "bundle" / "manifest.json").read_text())["files"]
    second = json.loads((tmp_path / "again" / "manifest.json").read_text())["files"]
    assert second["encoder.onnx"] == first["encoder.onnx"]
    assert second["tokenizer.json"] == first["tokenizer.json"]


def test_evaluate_prints_a_table_and_writes_json_and_card_takes_it(work: Path, tmp_path: Path) -> None:
    bundle = Path(shutil.copytree(work / "nightlight-tiny" / "bundle", tmp_path / "bundle"))
    figures = tmp_path / "figures.json"
    done = export("evaluate", str(bundle), "--language", "en", "--data", str(tmp_path), "--json", str(figures))
    assert done.returncode == 0, done.stderr[-2000:]
    assert "dev en" in done.stdout
    assert json.loads(figures.read_text())["dev"]["en"]["grooming"] > 0
    assert export("card", str(bundle), "--figures", str(figures)).returncode == 0
    Bundle.load(bundle)
    assert "Expected calibration error" in (bundle / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_a_missing_folder_and_an_unknown_recipe_are_told_plainly(tmp_path: Path) -> None:
    unknown = export("train", "nothing-like-it", "--work", str(tmp_path))
    assert unknown.returncode == 1
    assert "known recipes: full, open, tiny" in unknown.stderr
    missing = export("train", "open", "--work", str(tmp_path), "--data", str(tmp_path))
    assert missing.returncode == 1
    assert "--data" in missing.stderr
    untrained = export("export", "tiny", "--work", str(tmp_path))
    assert untrained.returncode == 1
    assert "nightlight-export train tiny" in untrained.stderr
