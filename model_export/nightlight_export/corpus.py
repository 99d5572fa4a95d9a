"""The corpus that the project wrote itself: tactics with their benign twins, everyday scenes, small talk; a folder a language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nightlight.tactic import TACTICS, Tactic

CORPUS: Final = Path(__file__).resolve().parent.parent / "corpus"
DEV: Final = Path(__file__).resolve().parent.parent / "dev"

STANCES: Final = ("neutral", "flattered", "curious", "joking", "wary", "refusing", "scared")
TALK: Final = ("openers", "small_talk", "closers", *STANCES)
KINDS: Final = ("friends", "family", "adult", "game", "online")


class CorpusError(ValueError):
    """A corpus file that does not say what it should; the message names the file and the place."""


@dataclass(frozen=True)
class Scene:
    """An everyday dialogue; each line is (from the child?, text)."""

    topic: str
    kind: str
    lines: tuple[tuple[bool, str], ...]


@dataclass(frozen=True)
class Utterance:
    """A line with its tactic and group (the numbered intent); `twin`: the same act, harmless."""

    text: str
    tactic: Tactic
    group: str
    twin: bool


@dataclass(frozen=True)
class LanguageCorpus:
    """All that is written in one language."""

    language: str
    scenes: tuple[Scene, ...]
    talk: Mapping[str, tuple[str, ...]]
    utterances: tuple[Utterance, ...]

    def of(self, tactic: Tactic, twin: bool = False) -> tuple[Utterance, ...]:
        """The utterances of a tactic, or its benign twins."""
        return tuple(u for u in self.utterances if u.tactic is tactic and u.twin is twin)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CorpusError(f"{path}: missing") from None
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: {error}") from None


def _lines(path: Path, where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(line, str) and line.strip() for line in value):
        raise CorpusError(f"{path}: {where} must be a list of texts that are not empty")
    return tuple(value)


def load_language(language: str, folder: Path = CORPUS) -> LanguageCorpus:
    """Read and check one language. Raises CorpusError."""
    base = folder / language
    path = base / "scenes.toml"
    scenes: list[Scene] = []
    for entry in _load(path).get("scene", []):
        topic, kind = entry.get("topic", ""), entry.get("kind", "")
        if kind not in KINDS:
            raise CorpusError(f"{path}: scene {topic!r} has the unknown kind {kind!r}")
        spoken: list[tuple[bool, str]] = []
        for line in _lines(path, f"scene {topic!r}", entry.get("lines")):
            who, _, text = line.partition(":")
            if who.strip() not in ("a", "b") or not text.strip():
                raise CorpusError(f"{path}: scene {topic!r}: a line must begin with 'a:' or 'b:'")
            spoken.append((who.strip() == "b", text.strip()))
        scenes.append(Scene(topic, kind, tuple(spoken)))
    path = base / "talk.toml"
    raw = _load(path)
    talk = {name: _lines(path, name, raw.get(name, {}).get("lines")) for name in TALK}
    utterances: list[Utterance] = []
    for tactic in TACTICS:
        path = base / "tactics" / f"{tactic}.toml"
        tables = _load(path)
        for table in ("twin", "contact"):
            for group, value in tables.get(table, {}).items():
                for text in _lines(path, f"{table}.{group}", value):
                    utterances.append(Utterance(text, tactic, group, table == "twin"))
    return LanguageCorpus(language, tuple(scenes), talk, tuple(utterances))


def languages(folder: Path = CORPUS) -> list[str]:
    """The languages that have a folder, in alphabetical order."""
    return sorted(path.name for path in folder.iterdir() if (path / "scenes.toml").exists())
