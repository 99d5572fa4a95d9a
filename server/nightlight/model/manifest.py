"""The manifest: what a bundle's `manifest.json` must say. Pure data."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from nightlight.tactic import Tactic

Sensitivity = Literal["low", "medium", "high"]

ENCODER_FILE = "encoder.onnx"
SCORER_FILE = "scorer.onnx"
TOKENIZER_FILE = "tokenizer.json"
CARD_FILE = "MODEL_CARD.md"
MANIFEST_FILE = "manifest.json"


class Calibration(BaseModel):
    """Platt scaling (Platt, 1999): probability = sigmoid(slope * logit + offset)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["platt"] = "platt"
    slope: float = Field(gt=0)
    offset: float


class Thresholds(BaseModel):
    """At which calibrated risk a warning is due for each sensitivity, and from which score on a tactic counts as shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nudge: dict[Sensitivity, float]
    tactic: dict[Tactic, float]


class Manifest(BaseModel):
    """The bundle's description; `files` gives the SHA-256 of every other file, in hex."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    name: str
    version: str
    files: dict[str, str]
    tactics: tuple[Tactic, ...]
    max_tokens: int = Field(gt=0, le=512)
    vector_width: int = Field(gt=0, le=1024)
    thresholds: Thresholds
    calibration: Calibration
    recipe: dict[str, Any]
    metrics: dict[str, Any]
