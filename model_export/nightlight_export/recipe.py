"""Recipes: every number that shapes a bundle, read from a TOML file. A recipe and a seed rebuild the same bundle."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Recipe(BaseModel):
    """How a bundle is made. Sizes are counts; rates are learning rates."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Literal["open", "full", "tiny"]
    seed: int = 20261124
    languages: tuple[str, ...] = ("en", "nl", "fr", "de", "el", "it", "lt")
    bf16: bool = True

    # the student's shape
    vocabulary: int = 16_000
    width: int = 256
    layers: int = 4
    vector_width: int = 64
    max_tokens: int = 64

    # pre-training
    sentences_per_language: int = 36_000
    sentence_vectors: int = 90_000
    pretrain_epochs: float = 1.4
    pretrain_rate: float = 6e-4
    batch_tokens: int = 1_600

    # teacher
    teacher: str = "minilm"
    teacher_epochs: float = 1.0
    teacher_rate: float = 5e-5
    teacher_windows: int = 5_000
    teacher_weight: float = 0.1

    # encoder and scorer on the corpus
    encoder_epochs: float = 2.2
    encoder_rate: float = 5e-4
    copies: int = 6
    everyday: int = 2_000
    rehearsal: int = 6_000
    vector_share: int = 0
    chats_per_language: int = 500
    teacher_chats: int = 5
    benign_chats: int = 350
    linear_copies: int = 3
    scorer_epochs: int = 10
    scorer_chats: int = 350
    calibration_chats: int = 120
    scorer_rate: float = 3e-3
    scorer_batch: int = 64


def load_recipe(name: str) -> Recipe:
    """A recipe by name (`open`, `full`, `tiny`) or by the path of a TOML file. Raises FileNotFoundError, ValidationError."""
    path = Path(name)
    if path.suffix != ".toml":
        path = Path(__file__).parent / "recipes" / f"{name}.toml"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in (Path(__file__).parent / "recipes").glob("*.toml")))
        raise FileNotFoundError(f"no recipe {name!r}; known recipes: {known}")
    return Recipe.model_validate(tomllib.loads(path.read_text()))
