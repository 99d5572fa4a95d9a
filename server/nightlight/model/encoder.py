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
from nightlight.text import normalise, segments

Floats = NDArray[np.float32]


class EncodedMessage(NamedTuple):
    """A message's segments: `vectors` (segments, width) and `tactics` (segments, 14), logits."""

    vectors: Floats
    tactics: Floats


class MessageEncoder:
    """Encodes texts with the bundle's encoder graph; at most `cache_size` messages stay in memory, as vectors only."""

    def __init__(self, bundle: Bundle, cache_size: int = 20_000) -> None:
        self._tokenizer: Tokenizer = Tokenizer.from_str(bundle.contents[TOKENIZER_FILE].decode("utf-8"))
        self._tokenizer.enable_truncation(bundle.manifest.max_tokens)
        self._session = open_session(bundle.contents[ENCODER_FILE])
        self._cache: TextCache[EncodedMessage] = TextCache(cache_size)

    def encode(self, texts: Sequence[str], batch: int = 16) -> list[EncodedMessage]:
        """One EncodedMessage a text, in order. Only texts not in the cache are run, `batch` segments of like length at a time."""
        found = [self._cache.get(text) for text in texts]
        fresh = {text: segments(normalise(text)) for text, known in zip(texts, found, strict=True) if known is None}
        if fresh:
            vectors, tactics = self._run([piece for pieces in fresh.values() for piece in pieces], batch)
            start = 0
            for text, pieces in fresh.items():
                end = start + len(pieces)
                self._cache.put(text, EncodedMessage(vectors[start:end].copy(), tactics[start:end].copy()))
                start = end
            found = [known or self._cache.get(text) for text, known in zip(texts, found, strict=True)]
        # The cache may be smaller than the request; then the rest is encoded again, in parts that fit.
        return [
            known if known is not None else self.encode([text])[0] for text, known in zip(texts, found, strict=True)
        ]

    def _run(self, pieces: Sequence[str], batch: int) -> tuple[Floats, Floats]:
        encodings = [encoding.ids for encoding in self._tokenizer.encode_batch(list(pieces))]
        order = sorted(range(len(encodings)), key=lambda index: len(encodings[index]))
        vectors: list[Floats] = []
        tactics: list[Floats] = []
        for start in range(0, len(order), batch):
            rows = [encodings[index] for index in order[start : start + batch]]
            longest = len(rows[-1])
            ids = np.zeros((len(rows), longest), dtype=np.int64)
            mask = np.zeros((len(rows), longest), dtype=np.int64)
            for line, row in enumerate(rows):
                ids[line, : len(row)] = row
                mask[line, : len(row)] = 1
            vector, tactic = self._session.run(["vector", "tactics"], {"input_ids": ids, "attention_mask": mask})
            vectors.append(vector)
            tactics.append(tactic)
        back = np.argsort(np.array(order))
        return np.concatenate(vectors)[back], np.concatenate(tactics)[back]
