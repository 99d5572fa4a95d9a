"""Research transcripts of offenders writing to adult decoys, read through a path: counted and learnt from, never shown.

Nothing here may print, log or raise with a text. Splits are the data's own (by offender); `real_dev` is for evaluation only.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nightlight.conversation import Conversation, Message, Speaker
from nightlight.tactic import Tactic
from nightlight.text import segments
from nightlight_export.everyday import read_rows

#: ChatCoder2's codes (Kontostathis et al., 2010): personal information, grooming talk, approach.
PERSONAL: Final = 200
GROOMING: Final = 600
APPROACH: Final = 900
CODE_TACTICS: Final = {PERSONAL: Tactic.PERSONAL_PROBING, GROOMING: Tactic.SEXUAL_APPROACH, APPROACH: Tactic.MEETING}


@dataclass(frozen=True)
class Line:
    """A single line with what is known of it."""

    text: str
    language: str
    risky: bool
    tactic: Tactic | None = None


def segments_of(path: Path) -> list[Conversation]:
    """Labelled segments (vtpan): grooming or benign as a whole, speakers unknown, no onset."""
    return [
        Conversation(
            id=row["id"],
            language=row["language"],
            label=row["label"],
            source=row["source"],
            messages=tuple(Message(text=m["text"]) for m in row["messages"]),
        )
        for row in read_rows(path)
    ]


def coded_chats(path: Path) -> list[tuple[Conversation, list[frozenset[int]]]]:
    """Whole offender chats with each message's codes; onset is left open."""
    found = []
    for row in read_rows(path):
        messages = tuple(Message(speaker=Speaker(m["from"]), text=m["text"]) for m in row["messages"])
        codes = [frozenset(int(code) for code in _codes(m.get("codes"))) for m in row["messages"]]
        found.append(
            (
                Conversation(id=row["id"], language=row["language"], label="grooming", source=row["source"], messages=messages),
                codes,
            )
        )
    return found


def _codes(value: list[int] | int | None) -> list[int]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def training_lines(data: Path) -> Iterator[Line]:
    """Lines for the encoder from `real_train`: judged predatory ones, and coded ones with their nearest tactic."""
    folder = data / "real_train"
    for row in read_rows(folder / "gold_lines.jsonl.gz"):
        yield Line(row["text"], row["language"], True)
    for chat, codes in coded_chats(folder / "chatcoder2.jsonl.gz"):
        for message, told in zip(chat.messages, codes, strict=True):
            if message.speaker is Speaker.CONTACT and told:
                code = max(told)
                yield Line(message.text, "en", code != PERSONAL, CODE_TACTICS.get(code))


def offender_chats(data: Path) -> list[Conversation]:
    """Whole chats of offenders with decoys from `real_train`, without codes."""
    return [
        Conversation(
            id=row["id"],
            language=row["language"],
            label="grooming",
            source=row["source"],
            messages=tuple(Message(speaker=Speaker(m["from"]), text=m["text"]) for m in row["messages"] if m["text"].strip()),
        )
        for row in read_rows(data / "real_train" / "offender_lines.jsonl.gz")
    ]


def risk_lines(data: Path, most: int, seed: int) -> list[tuple[str, bool]]:
    """Lines of `real_train` with whether they are risky: judged and coded ones are; uncoded ones of the same chats, of both
    sides, and lines of benign segments are not. At most `most` of each harmless kind.
    """
    source = random.Random(seed)
    lines = [(line.text[:200], True) for line in training_lines(data) if line.risky]
    plain: list[str] = []
    for chat, codes in coded_chats(data / "real_train" / "chatcoder2.jsonl.gz"):
        plain += [m.text for m, told in zip(chat.messages, codes, strict=True) if not told and len(m.text) > 2]
    lines += [(text[:200], False) for text in source.sample(plain, min(most, len(plain)))]
    for language in ("en", "nl", "de"):
        chats = [c for c in segments_of(data / "real_train" / f"vtpan_{language}.jsonl.gz") if c.label == "benign"]
        texts = [piece for chat in chats for m in chat.messages for piece in segments(m.text) if len(piece) > 2]
        lines += [(text[:200], False) for text in source.sample(texts, min(most, len(texts)))]
    return lines
