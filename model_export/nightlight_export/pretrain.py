"""Pre-training of the message encoder on everyday text: masked tokens in seven languages, English sentence vectors.

Masked language modelling after Devlin et al. (2019); sentence vectors across languages after Reimers and Gurevych (2020):
a translation is drawn to the vector of its English sentence.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import Dataset
from transformers import Trainer, TrainingArguments

from nightlight.tactic import TACTICS
from nightlight.text import normalise
from nightlight_export.everyday import BENIGN_SETS, LANGUAGES, Sentence, read_rows, sentences
from nightlight_export.noise import add_noise, greeklish
from nightlight_export.progress import Progress
from nightlight_export.recipe import Recipe
from nightlight_export.sentence import sentence_vectors
from nightlight_export.student import SENTENCE_WIDTH, EncoderConfig, MessageEncoderModel
from nightlight_export.tokenizer import MASK, PAD, train_tokenizer

IGNORED = -100


@dataclass
class Example:
    """A text with whichever targets are known for it."""

    ids: list[int]
    sentence: NDArray[np.float16] | None = None
    tactics: NDArray[np.float32] | None = None
    line_risk: float | None = None
    masked: bool = False


class Examples(Dataset[Example]):
    """Examples in memory."""

    def __init__(self, rows: Sequence[Example]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Example:
        return self.rows[index]


class Collator:
    """Pads a batch and draws the masked tokens anew each time it is asked."""

    def __init__(self, tokenizer: Tokenizer, share: float = 0.2, seed: int = 0) -> None:
        self.pad = tokenizer.token_to_id(PAD)
        self.mask = tokenizer.token_to_id(MASK)
        self.share = share
        self.random = np.random.default_rng(seed)

    def __call__(self, rows: Sequence[Example]) -> dict[str, Tensor]:
        """Rows -> the encoder's keyword arguments."""
        longest = max(len(row.ids) for row in rows)
        ids = np.full((len(rows), longest), self.pad, dtype=np.int64)
        labels = np.full((len(rows), longest), IGNORED, dtype=np.int64)
        sentence = np.full((len(rows), SENTENCE_WIDTH), np.nan, dtype=np.float32)
        tactics = np.full((len(rows), len(TACTICS)), np.nan, dtype=np.float32)
        risk = np.full(len(rows), np.nan, dtype=np.float32)
        for i, row in enumerate(rows):
            tokens = np.array(row.ids)
            if row.masked:
                drawn = self.random.random(len(tokens)) < self.share
                drawn[0] = False
                labels[i, : len(tokens)][drawn] = tokens[drawn]
                tokens = np.where(drawn, self.mask, tokens)
            ids[i, : len(tokens)] = tokens
            if row.sentence is not None:
                sentence[i] = row.sentence
            if row.tactics is not None:
                tactics[i] = row.tactics
            if row.line_risk is not None:
                risk[i] = row.line_risk
        return {
            "input_ids": torch.from_numpy(ids),
            "attention_mask": torch.from_numpy((ids != self.pad).astype(np.int64)),
            "masked_labels": torch.from_numpy(labels),
            "sentence": torch.from_numpy(sentence),
            "tactic_labels": torch.from_numpy(tactics),
            "line_risk": torch.from_numpy(risk),
        }


class LengthBatches(torch.utils.data.Sampler[list[int]]):
    """Batches of like length in random order: about `tokens` tokens each, so that padding costs little."""

    def __init__(self, lengths: Sequence[int], tokens: int, seed: int) -> None:
        self.lengths = np.array(lengths)
        self.tokens = tokens
        self.seed = seed
        self.epoch = 0
        self.batches = self._draw()

    def _draw(self) -> list[list[int]]:
        source = np.random.default_rng(self.seed + self.epoch)
        order = np.lexsort((source.random(len(self.lengths)), self.lengths + source.random(len(self.lengths)) * 2))
        batches: list[list[int]] = []
        current: list[int] = []
        for index in order:
            if current and self.lengths[index] * (len(current) + 1) > self.tokens:
                batches.append(current)
                current = []
            current.append(int(index))
        if current:
            batches.append(current)
        return [batches[i] for i in source.permutation(len(batches))]

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Any:
        yield from self.batches
        self.epoch += 1
        self.batches = self._draw()

    def set_epoch(self, epoch: int) -> None:
        """Called by accelerate when training resumes within a later epoch."""
        if epoch != self.epoch:
            self.epoch = epoch
            self.batches = self._draw()


class EncoderTrainer(Trainer):  # type: ignore[misc]
    """transformers' Trainer with batches of like length."""

    def __init__(self, *args: Any, tokens: int, seed: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tokens = tokens
        self.batch_seed = seed

    def get_train_dataloader(self) -> torch.utils.data.DataLoader[Any]:
        """One loader over the examples, batched by tokens."""
        rows = self.train_dataset.rows
        sampler = LengthBatches([len(row.ids) for row in rows], self.tokens, self.batch_seed)
        return torch.utils.data.DataLoader(self.train_dataset, batch_sampler=sampler, collate_fn=self.data_collator)


def encode(tokenizer: Tokenizer, text: str, longest: int) -> list[int]:
    """Token ids of a text as the helper would see it: normalised, cut at `longest` tokens."""
    return list(tokenizer.encode(normalise(text)).ids[:longest])


def everyday_sentences(data: Path, recipe: Recipe) -> list[Sentence]:
    """The text for pre-training: each language's sentences, Greek ones in Latin letters too, and lines of benign chats."""
    source = random.Random(recipe.seed)
    found: list[Sentence] = []
    for language in LANGUAGES:
        rows = sentences(data, language)
        source.shuffle(rows)
        rows.sort(key=lambda row: row.english is None)
        rows = rows[: recipe.sentences_per_language]
        found += rows
        if language == "el":
            found += [Sentence(greeklish(row.text, source), "el", row.english) for row in rows[: len(rows) // 2]]
    for name in BENIGN_SETS:
        path = data / "benign" / f"{name}.jsonl.gz"
        if not path.exists():
            continue
        lines = [m["text"] for row in read_rows(path) for m in row["messages"] if 3 < len(m["text"]) <= 160]
        source.shuffle(lines)
        found += [Sentence(line, "en", line) for line in lines[: recipe.sentences_per_language // 6]]
    return found


def pretrain_examples(rows: Sequence[Sentence], tokenizer: Tokenizer, recipe: Recipe, cache: Path) -> list[Example]:
    """One example a sentence: half of those with an English side learn its vector, all others learn masked tokens."""
    source = random.Random(recipe.seed + 1)
    english = sorted({row.english for row in rows if row.english})
    source.shuffle(english)
    english = english[: recipe.sentence_vectors]
    place = {text: i for i, text in enumerate(english)}
    vectors = sentence_vectors(english, cache)
    examples: list[Example] = []
    for row in rows:
        text = add_noise(row.text, row.language if row.language != "el" else "", source, 0.5)
        ids = encode(tokenizer, text, recipe.max_tokens)
        if len(ids) < 2:
            continue
        at = place.get(row.english) if row.english else None
        if at is not None and (row.language != "en" or source.random() < 0.8):
            examples.append(Example(ids, sentence=vectors[at]))
            if row.language == "en" and source.random() < 0.5:
                continue
        if len(ids) > 4:
            examples.append(Example(ids, masked=True))
    return examples


def pretrain(data: Path, work: Path, recipe: Recipe) -> None:
    """Write `work/tokenizer.json` and `work/pretrained/`; resumes from the last checkpoint and does nothing when done."""
    done = work / "pretrained"
    if (done / "model.safetensors").exists():
        return
    rows = everyday_sentences(data, recipe)
    tokenizer = load_or_train_tokenizer(rows, work, recipe)
    examples = pretrain_examples(rows, tokenizer, recipe, work / "cache")
    print(
        f"pre-training on {len(examples):,} examples, {sum(len(e.ids) for e in examples):,} tokens,"
        f" {recipe.pretrain_epochs} epochs",
        flush=True,
    )
    torch.manual_seed(recipe.seed)
    model = MessageEncoderModel(encoder_config(tokenizer, recipe))
    fit_encoder(model, examples, tokenizer, work / "pretrain-checkpoints", recipe, recipe.pretrain_epochs, recipe.pretrain_rate)
    model.save_pretrained(done)


def load_or_train_tokenizer(rows: Sequence[Sentence], work: Path, recipe: Recipe) -> Tokenizer:
    """The tokenizer of this work folder, trained on first use."""
    path = work / "tokenizer.json"
    if path.exists():
        return Tokenizer.from_file(str(path))
    tokenizer = train_tokenizer((normalise(row.text) for row in rows), recipe.vocabulary)
    work.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(path))
    return tokenizer


def encoder_config(tokenizer: Tokenizer, recipe: Recipe) -> EncoderConfig:
    """The encoder's shape by the recipe."""
    return EncoderConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=recipe.width,
        num_hidden_layers=recipe.layers,
        num_attention_heads=max(1, recipe.width // 64),
        intermediate_size=3 * recipe.width,
        max_position_embeddings=recipe.max_tokens,
        pad_token_id=tokenizer.token_to_id(PAD),
        type_vocab_size=1,
        hidden_dropout_prob=0.1,
        attention_probs_dropout_prob=0.1,
        vector_width=recipe.vector_width,
    )


def fit_encoder(
    model: MessageEncoderModel,
    examples: Sequence[Example],
    tokenizer: Tokenizer,
    folder: Path,
    recipe: Recipe,
    epochs: float,
    rate: float,
) -> None:
    """Train in place with checkpoints in `folder`; goes on from the last one found there."""
    arguments = TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=epochs,
        learning_rate=rate,
        warmup_ratio=0.06,
        weight_decay=0.01,
        lr_scheduler_type="cosine",
        save_steps=400,
        save_total_limit=1,
        logging_steps=50,
        seed=recipe.seed,
        use_cpu=not torch.cuda.is_available(),
        bf16=recipe.bf16,
        report_to=[],
        remove_unused_columns=False,
        disable_tqdm=True,
        max_grad_norm=5.0,
        accelerator_config={"dispatch_batches": False, "even_batches": False},
    )
    trainer = EncoderTrainer(
        model=model,
        args=arguments,
        train_dataset=Examples(examples),
        data_collator=Collator(tokenizer, seed=recipe.seed),
        tokens=recipe.batch_tokens,
        seed=recipe.seed,
        callbacks=[Progress()],
    )
    trainer.train(resume_from_checkpoint=any(folder.glob("checkpoint-*")) or None)
