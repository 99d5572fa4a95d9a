"""Chat noise: seeded, and undone by the normaliser where that is its promise."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from nightlight.text import normalise
from nightlight_export.noise import add_noise, evade, greeklish, without_accents


@given(st.text(max_size=80), st.integers(0, 10_000), st.sampled_from(["en", "nl", "fr", "de", "el", "it", "lt"]))
def test_never_fails_and_repeats_itself(text: str, seed: int, language: str) -> None:
    once = add_noise(text, language, random.Random(seed), 2.0)
    assert once == add_noise(text, language, random.Random(seed), 2.0)


def test_no_strength_no_change() -> None:
    assert add_noise("Hello there!", "en", random.Random(1), 0.0) == "Hello there!"


def test_greek_becomes_latin() -> None:
    found = greeklish("μην το πεις στη μαμά σου", random.Random(2))
    assert found.isascii()
    assert "mama" in found


@given(st.integers(0, 500))
def test_evasion_of_a_plain_word_is_mostly_undone(seed: int) -> None:
    evaded = normalise(evade("please keep the secret", random.Random(seed)))
    assert len(evaded.split()) == 4
    assert evaded == "please keep the secret"


def test_accents_do_not_matter_to_the_model() -> None:
    for text in ("niekam nesakyk, čia mūsų paslaptis", "tu es à la maison ?", "Μην το πεις"):
        assert normalise(without_accents(text)) == normalise(text)
