"""Text on its way to the model: normalising and cutting into segments. The same code in training and in serving."""

from __future__ import annotations

from nightlight.text.ngram import ngrams
from nightlight.text.normaliser import normalise
from nightlight.text.segment import segments

__all__ = ["ngrams", "normalise", "segments"]
