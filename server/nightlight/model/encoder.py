"""The message encoder: a text -> one vector and its tactics, once; afterwards from the cache."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nightlight.model.bundle import Bundle
from nightlight.model.cache import TextCache
from nightlight.model.manifest import ENCODER_FILE, TOKENIZER_FILE
from nightlight.model.session import open_session
from nightlight.text import ngrams, normalise, segments

Floats = NDArray[np.float32]


class EncodedMessage(NamedTuple):
    """A message's segments: `vectors` (segments, width) and `tactics` (segments, 14), logits."""

    vectors: Floats
    tactics: Floats


class MessageEncoder:
    """Encodes texts with the bundle's encoder graph; at most `cache_size` messages stay in memory, as vectors only."""

    def __init__(self, bundle: Bundle, cache_size: int = 8_000) -> None:
        self._tokenizer: Tokenizer = Tokenizer.from_str(bundle.contents[TOKENIZER_FILE].decode("utf-8"))
        self._tokenizer.enable_truncation(bundle.manifest.max_tokens)
        self._session = open_session(bundle.contents[ENCODER_FILE])
        self._cache: TextCache[EncodedMessage] = TextCache(cache_size)

    def encode(self, texts: Sequence[str]) -> list[EncodedMessage]:
        """One EncodedMessage a text, in order. Only texts that are not in the cache are run."""
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> EncodedMessage:
        known = self._cache.get(text)
        if known is None:
            rows = [self._run(piece) for piece in segments(normalise(text))]
            known = EncodedMessage(np.stack([vector for vector, _ in rows]), np.stack([tactics for _, tactics in rows]))
            self._cache.put(text, known)
        return known

    def _run(self, piece: str) -> tuple[Floats, Floats]:
        """One segment alone: int8 takes its scale from the whole batch, and a message must not depend on its neighbours."""
        ids = np.array([self._tokenizer.encode(piece).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "ngrams": np.array([ngrams(piece)], dtype=np.int64)}
        vector, tactics = self._session.run(["vector", "tactics"], inputs)
        return vector[0], tactics[0]
