"""Letter and word n-grams of a text as numbers: what the model's linear part reads. No words are kept, only hashes."""

from __future__ import annotations

from typing import Final
from zlib import crc32

#: Rows of the table that the numbers point into; row 0 is left empty, for padding.
ROWS: Final = 131_072
#: Lengths of letter n-grams, within words and their edges.
LETTERS: Final = (2, 3, 4, 5)
#: At most so many different n-grams of a text are read.
MOST: Final = 1_024


def ngrams(text: str) -> list[int]:
    """The different n-grams of normalised `text`, each as a row from 1 to ROWS - 1, in order; never empty."""
    found: dict[int, None] = {}
    words = text.split()
    for index, word in enumerate(words):
        found[_row(f"w {word}")] = None
        if index:
            found[_row(f"p {words[index - 1]} {word}")] = None
        edged = f" {word} "
        for length in LETTERS:
            for start in range(len(edged) - length + 1):
                found[_row(f"l {edged[start : start + length]}")] = None
        if len(found) > MOST:
            break
    return list(found)[:MOST] or [_row("empty")]


def _row(ngram: str) -> int:
    return 1 + crc32(ngram.encode("utf-8", "surrogatepass")) % (ROWS - 1)
