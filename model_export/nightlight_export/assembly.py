"""Assembly of a bundle: graphs, tokenizer, manifest, card, with the hash of every file."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from nightlight.model.manifest import CARD_FILE, MANIFEST_FILE, Calibration, Manifest, Thresholds
from nightlight.tactic import TACTICS
from nightlight_export.card import render_card
from nightlight_export.recipe import Recipe

LARGEST_BUNDLE = 12 * 1024 * 1024


def write_manifest(
    folder: Path,
    recipe: Recipe,
    version: str,
    thresholds: Thresholds,
    calibration: Calibration,
    metrics: dict[str, Any],
) -> None:
    """Write the card, then hash every file of `folder` into its manifest. Raises ValueError over 12 MB."""
    description: dict[str, Any] = {
        "name": recipe.name,
        "version": version,
        "tactics": TACTICS,
        "max_tokens": recipe.max_tokens,
        "vector_width": recipe.vector_width + 1,
        "thresholds": thresholds,
        "calibration": calibration,
        "recipe": recipe.model_dump(mode="json"),
        "metrics": metrics,
    }
    (folder / CARD_FILE).write_text(render_card(Manifest(files={}, **description)), encoding="utf-8")
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != MANIFEST_FILE and path.is_file()
    }
    size = sum((folder / name).stat().st_size for name in files)
    if size > LARGEST_BUNDLE:
        raise ValueError(f"the bundle has {size / 1e6:.1f} MB; at most 12 MB may ship: choose a smaller vocabulary or width")
    manifest = Manifest(files=files, **description)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")


def install(folder: Path, target: Path) -> None:
    """Put a finished bundle in the place of another, file by file; the manifest last, so that a half-done copy is refused."""
    target.mkdir(parents=True, exist_ok=True)
    for path in target.iterdir():
        if path.is_file():
            path.unlink()
    for path in sorted(folder.iterdir(), key=lambda p: p.name == MANIFEST_FILE):
        if path.is_file():
            shutil.copyfile(path, target / path.name)
