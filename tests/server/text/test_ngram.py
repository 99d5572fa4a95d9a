"""N-grams: stable numbers within the table, whatever the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nightlight.text import ngrams, normalise
from nightlight.text.ngram import MOST, ROWS


@given(st.text(max_size=300))
def test_numbers_lie_within_the_table_and_none_stands_twice(text: str) -> None:
    found = ngrams(normalise(text))
    assert 1 <= len(found) <= MOST
    assert len(set(found)) == len(found)
    assert all(1 <= row < ROWS for row in found)


def test_the_numbers_of_a_text_never_change() -> None:
    """A bundle's table is addressed by them: another hash would make every bundle wrong."""
    assert ngrams("ok mum")[:5] == [80_468, 39_269, 18_302, 44_723, 26_757]
