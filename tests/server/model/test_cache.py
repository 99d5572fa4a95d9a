"""The cache of vectors: bounded, and without texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nightlight.model.cache import TextCache


@given(st.lists(st.text(max_size=5), max_size=60))
def test_never_larger_than_its_size_and_never_wrong(texts: list[str]) -> None:
    cache: TextCache[str] = TextCache(8)
    for text in texts:
        cache.put(text, text.upper())
        assert cache.get(text) == text.upper()
    assert len(cache) <= 8


def test_the_one_used_longest_ago_leaves() -> None:
    cache: TextCache[int] = TextCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert cache.get("b") is None
    assert cache.get("a") == 1


def test_holds_no_text() -> None:
    cache: TextCache[int] = TextCache(2)
    cache.put("canary-in-the-cache", 1)
    assert "canary" not in repr(vars(cache))
