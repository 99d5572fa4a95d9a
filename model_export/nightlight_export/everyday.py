"""Everyday text that the project reads through a path: sentences in seven languages and benign chats. Read, never copied."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "nl", "fr", "de", "el", "it", "lt")
BENIGN_SETS = ("self_dialogue", "conda_dota2_game_chat", "topical_chat", "ubuntu_irc", "xpersona", "bcontrast_wmt20")


@dataclass(frozen=True)
class Sentence:
    """An everyday sentence; `english` is its translation where the source gives one (or itself, when English)."""

    text: str
    language: str
    english: str | None = None


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a JSON Lines file, gzip or plain."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def sentences(data: Path, language: str, longest: int = 200) -> list[Sentence]:
    """The language's everyday sentences of at most `longest` characters, in file order, without repeats."""
    path = data / "text" / f"{language}.jsonl.gz"
    if not path.exists():
        return []
    english_by_id = {row["parallel"]: row["text"] for row in read_rows(data / "text" / "en.jsonl.gz") if row.get("parallel")}
    seen: set[str] = set()
    found: list[Sentence] = []
    for row in read_rows(path):
        text = str(row["text"]).strip()
        if not text or len(text) > longest or text in seen:
            continue
        seen.add(text)
        english = text if language == "en" else row.get("en") or english_by_id.get(row.get("parallel"))
        found.append(Sentence(text, language, english))
    return found
