"""A bundle that does not match its manifest is refused, by the name of the file; no damage gets through."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlight.model import Bundle, BundleError
from nightlight.model.bundle import SHIPPED


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "bundle"))


def test_the_shipped_bundle_is_whole_and_small_enough() -> None:
    loaded = Bundle.load()
    assert loaded.manifest.name.startswith("nightlight-")
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 12 * 1024 * 1024


@pytest.mark.parametrize("name", ["encoder.onnx", "scorer.onnx", "tokenizer.json", "MODEL_CARD.md"])
def test_a_changed_file_is_named(bundle: Path, name: str) -> None:
    path = bundle / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(BundleError, match=name):
        Bundle.load(bundle)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "manifest.json"])
def test_a_missing_file_is_named(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(BundleError, match=name):
        Bundle.load(bundle)


def test_a_manifest_that_leaves_a_graph_out_is_refused(bundle: Path) -> None:
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["files"]["scorer.onnx"]
    path.write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match=r"scorer\.onnx"):
        Bundle.load(bundle)


def test_a_manifest_cannot_point_outside(bundle: Path) -> None:
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"]["../outside"] = "0" * 64
    path.write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="outside the bundle"):
        Bundle.load(bundle)


def test_another_order_of_tactics_is_refused(bundle: Path) -> None:
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["tactics"].reverse()
    path.write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="tactics"):
        Bundle.load(bundle)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(1, 255))
def test_any_byte_changed_in_the_manifest_never_crashes(bundle: Path, place: float, value: int) -> None:
    path = bundle / "manifest.json"
    good = path.read_bytes()
    data = bytearray(good)
    data[int(place * len(data))] ^= value
    path.write_bytes(data)
    try:
        Bundle.load(bundle)  # a changed figure in a metric is harmless
    except BundleError:
        pass
    finally:
        path.write_bytes(good)
