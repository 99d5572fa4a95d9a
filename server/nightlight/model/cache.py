"""The cache of message vectors: in memory, bounded, under a keyed hash of the text. It never holds a text."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from typing import Generic, TypeVar

Value = TypeVar("Value")


class TextCache(Generic[Value]):
    """Least recently used first out; the key is a BLAKE2b keyed with a random secret of this process."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._secret = secrets.token_bytes(32)
        self._values: OrderedDict[bytes, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._secret, digest_size=16).digest()

    def get(self, text: str) -> Value | None:
        """The value kept for `text`, or None."""
        key = self._key(text)
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, text: str, value: Value) -> None:
        """Keep `value`; the oldest one leaves when there are too many."""
        self._values[self._key(text)] = value
        if len(self._values) > self._size:
            self._values.popitem(last=False)
