"""Segments: a long message is judged in pieces of about one sentence, because the encoder reads short texts."""

from __future__ import annotations

import re
from typing import Final

#: Characters a segment holds at most; about the encoder's 48 tokens.
SEGMENT_CHARACTERS: Final = 140
#: Segments of one message at most: beyond it the first and the last are kept, the middle is dropped.
MAX_SEGMENTS: Final = 48

_BREAK: Final = re.compile(r"(?<=[.!?;…\n])\s+|\n+")


def segments(text: str) -> list[str]:
    """Cut normalised `text` into at least one segment, at sentence ends first and at spaces where a sentence is long."""
    if len(text) <= SEGMENT_CHARACTERS:
        return [text]
    pieces: list[str] = []
    current = ""
    for sentence in _BREAK.split(text):
        for part in _wrap(sentence):
            if current and len(current) + 1 + len(part) > SEGMENT_CHARACTERS:
                pieces.append(current)
                current = part
            else:
                current = f"{current} {part}" if current else part
    pieces.append(current)
    if len(pieces) > MAX_SEGMENTS:
        half = MAX_SEGMENTS // 2
        pieces = pieces[:half] + pieces[-half:]
    return pieces


def _wrap(sentence: str) -> list[str]:
    """Break a sentence at spaces; a run without spaces is cut hard, so that no input makes a long segment."""
    parts: list[str] = []
    current = ""
    for word in sentence.split(" "):
        rest = word
        while len(rest) > SEGMENT_CHARACTERS:
            if current:
                parts.append(current)
                current = ""
            parts.append(rest[:SEGMENT_CHARACTERS])
            rest = rest[SEGMENT_CHARACTERS:]
        if current and len(current) + 1 + len(rest) > SEGMENT_CHARACTERS:
            parts.append(current)
            current = rest
        else:
            current = f"{current} {rest}".strip()
    return [*parts, current] if current else parts
