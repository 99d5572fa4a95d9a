"""The model on the ground floor: a verified bundle, the message encoder and the conversation scorer. No web, no disk layout."""

from __future__ import annotations

from nightlight.model.bundle import Bundle, BundleError
from nightlight.model.encoder import EncodedMessage, MessageEncoder
from nightlight.model.scorer import ConversationScorer

__all__ = ["Bundle", "BundleError", "ConversationScorer", "EncodedMessage", "MessageEncoder"]
