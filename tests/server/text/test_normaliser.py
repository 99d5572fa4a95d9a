"""The normaliser: what it undoes, and that nothing breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlight.text import normalise, segments
from nightlight.text.segment import MAX_SEGMENTS, SEGMENT_CHARACTERS


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Don't TELL your mum", "don't tell your mum"),
        ("s e c r e t", "secret"),
        ("s.e.c.r.e.t", "secret"),
        ("se\u200bcr\u2060et", "secret"),
        ("ѕесrеt", "secret"),  # Cyrillic look-alikes
        ("d3l3te this", "delete this"),
        ("pleaaaaase!!!!", "pleaase!"),
        ("Μην το πεις στη ΜΑΜΆ", "μην το πεισ στη μαμα"),
        ("niekam nesakyk, čia mūsų paslaptis", "niekam nesakyk, cia musu paslaptis"),
        ("ｓｅｃｒｅｔ", "secret"),
        ("write me at someone@example.org or https://example.org/x", "write me at or"),
        ("<url> look <email>", "look"),
        ("@friend hi", "hi"),
        ("call +32 470 00 00 00 now", "call now"),
        ("i'm 12, see u at 5", "i'm 12, see u at 5"),
    ],
)
def test_writings_of_one_meaning_become_one(written: str, meant: str) -> None:
    assert normalise(written) == meant


@given(st.text(max_size=400))
def test_never_fails_and_is_idempotent_on_what_it_gives(text: str) -> None:
    once = normalise(text)
    assert once == once.strip()
    assert len(once) <= 4 * len(text) + 8  # compatibility forms may unfold, but not without bound
    assert normalise(once).replace(" ", "") == normalise(normalise(once)).replace(" ", "")


@given(st.text(max_size=20_000))
def test_segments_are_short_and_lose_only_spaces(text: str) -> None:
    pieces = segments(text)
    assert 1 <= len(pieces) <= MAX_SEGMENTS
    assert all(len(piece) <= SEGMENT_CHARACTERS for piece in pieces)
    if len(text) < SEGMENT_CHARACTERS * (MAX_SEGMENTS // 3):
        assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_word_is_cut_hard() -> None:
    assert [len(piece) for piece in segments("a" * 300)] == [140, 140, 20]


def test_a_very_long_message_keeps_its_beginning_and_its_end() -> None:
    pieces = segments(" ".join(f"word{number}" for number in range(5000)))
    assert pieces[0].startswith("word0 ")
    assert pieces[-1].endswith("word4999")


@pytest.mark.parametrize("piece", ["_", " .", "a ", "a_", "1 ", "@", "<", "a0", "!a", "-", "o.", "http", "\u200b", "😂", "а"])
def test_no_pattern_takes_time_beyond_the_length(piece: str) -> None:
    """A hostile message must not hold the helper: the patterns are linear, or this test never ends."""
    for text in (piece * 20_000, "a" + piece * 10_000 + "!", piece * 5_000 + "x" * 5_000):
        segments(normalise(text))
