"""The corpus: complete, readable, without repeats, and within the school-leaflet rules that a test can check."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from nightlight.tactic import TACTICS, Tactic
from nightlight_export.corpus import CORPUS, CorpusError, LanguageCorpus, languages, load_language

ALL = ("de", "el", "en", "fr", "it", "lt", "nl")


@pytest.fixture(scope="module", params=ALL)
def corpus(request: pytest.FixtureRequest) -> LanguageCorpus:
    return load_language(request.param)


def test_all_seven_languages_are_there() -> None:
    assert tuple(languages()) == ALL


def test_each_tactic_has_enough_utterances_and_twins(corpus: LanguageCorpus) -> None:
    least = 40 if corpus.language == "en" else 12
    for tactic in TACTICS:
        assert len(corpus.of(tactic)) >= least, tactic
        assert len(corpus.of(tactic, twin=True)) >= 12, tactic


def test_enough_everyday_topics(corpus: LanguageCorpus) -> None:
    assert len({scene.topic for scene in corpus.scenes}) >= (30 if corpus.language == "en" else 15)
    kinds = Counter(scene.kind for scene in corpus.scenes)
    assert set(kinds) == {"friends", "family", "adult", "game", "online"}


def test_no_utterance_stands_twice(corpus: LanguageCorpus) -> None:
    lines = Counter(utterance.text.casefold() for utterance in corpus.utterances)
    assert [line for line, count in lines.items() if count > 1] == []


def test_every_group_is_an_intent_that_is_described(corpus: LanguageCorpus) -> None:
    intents = tomllib.loads((CORPUS / "intents.toml").read_text(encoding="utf-8"))
    assert {u.group for u in corpus.utterances} <= {group for tactic in Tactic for group in intents[tactic]}


def test_no_links_numbers_or_addresses(corpus: LanguageCorpus) -> None:
    forbidden = re.compile(r"https?://|www\.|\w@\w+\.\w|\+?\d(?:[ /-]?\d){8,}")
    lines = [u.text for u in corpus.utterances] + [text for scene in corpus.scenes for _, text in scene.lines]
    assert [line for line in lines if forbidden.search(line)] == []


def test_a_bad_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "scenes.toml").write_text('[[scene]]\ntopic = "t"\nkind = "friends"\nlines = ["no speaker"]\n')
    with pytest.raises(CorpusError, match=r"scenes\.toml.*'t'"):
        load_language("xx", tmp_path)
