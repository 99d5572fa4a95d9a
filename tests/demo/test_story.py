"""The demonstration's stories are text that the model has never been trained on, and they read as conversations."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.story import NoSuchStoryError, find, languages, stories
from nightlight.text import normalise

CORPUS = Path(__file__).resolve().parent.parent.parent / "model_export" / "corpus"
SHORTEST = 5  # words; shorter lines ("see u tomorrow") are anybody's


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


@pytest.mark.parametrize("language", languages())
def test_no_line_of_a_story_is_in_the_training_corpus(language: str) -> None:
    corpus: set[str] = set()
    for path in (CORPUS / language).rglob("*.toml"):
        for text in strings(tomllib.loads(path.read_text(encoding="utf-8"))):
            corpus.add(normalise(text.removeprefix("a: ").removeprefix("b: ")))
    assert corpus
    lines = [
        normalise(m.text) for story in stories(language) for m in story.messages if len(m.text.split()) >= SHORTEST
    ]
    assert lines
    assert [line for line in lines if line in corpus] == []


def test_a_story_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(NoSuchStoryError, match="gift"):
        find("en", "nothing")
    with pytest.raises(NoSuchStoryError, match="nl"):
        stories("xx")
