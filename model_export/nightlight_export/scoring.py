"""Training of the conversation scorer over encoded chats: windows as the helper sees them, labels from onset on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import Dataset
from transformers import Trainer, TrainingArguments

from nightlight.conversation import Conversation, Speaker
from nightlight.model.scorer import gap_hours, speaker_row
from nightlight.text import ngrams, normalise, segments
from nightlight.warning.assessor import WINDOW
from nightlight_export.encoding import trained_on
from nightlight_export.everyday import BENIGN_SETS, read_rows
from nightlight_export.progress import Progress
from nightlight_export.recipe import Recipe
from nightlight_export.student import ConversationScorerModel, MessageEncoderModel
from nightlight_export.transcripts import APPROACH, GROOMING, coded_chats, offender_chats, segments_of

Floats = NDArray[np.float32]
#: Messages before the onset at which a warning is neither asked for nor punished.
GRACE = 2
_SHOWN = 0.5


@dataclass
class Track:
    """A chat ready for the scorer: per segment the features, per segment label and weight, and whose message it is."""

    vectors: Floats
    tactics: Floats
    speaker: Floats
    gap: Floats
    message: NDArray[np.int64]
    labels: Floats
    weights: Floats


@dataclass(frozen=True)
class Labelled:
    """A conversation with risk labels and weights, one a message."""

    conversation: Conversation
    labels: Floats
    weights: Floats


def label(conversation: Conversation) -> Labelled:
    """Labels by onset: 0 before it, 1 from it on, and nothing asked within the grace before it."""
    count = len(conversation.messages)
    labels = np.zeros(count, dtype=np.float32)
    weights = np.ones(count, dtype=np.float32)
    if conversation.onset is not None:
        labels[conversation.onset :] = 1.0
        weights[max(conversation.onset - GRACE, 0) : conversation.onset] = 0.0
    return Labelled(conversation, labels, weights)


def benign_chats(data: Path, train: bool, most: int, seed: int) -> list[Conversation]:
    """At most `most` chats of each benign set, of the half that may be trained on or of the other one."""
    source = random.Random(seed)
    found: list[Conversation] = []
    for name in BENIGN_SETS:
        rows = [row for row in read_rows(data / "benign" / f"{name}.jsonl.gz") if trained_on(row["id"]) is train]
        for row in source.sample(rows, min(most, len(rows))):
            found.append(Conversation.model_validate(row))
    return found


def told_apart(conversation: Conversation, source: random.Random) -> Conversation:
    """A chat whose speakers are unknown, with speakers that take turns: not knowing who spoke must not tell the source."""
    first = source.choice((Speaker.CONTACT, Speaker.CHILD))
    other = Speaker.CHILD if first is Speaker.CONTACT else Speaker.CONTACT
    messages = tuple(
        message.model_copy(update={"speaker": first if index % 2 == 0 else other})
        for index, message in enumerate(conversation.messages)
    )
    return conversation.model_copy(update={"messages": messages})


def hidden(conversation: Conversation) -> Conversation:
    """The chat without its speakers."""
    return conversation.model_copy(
        update={"messages": tuple(m.model_copy(update={"speaker": Speaker.UNKNOWN}) for m in conversation.messages)}
    )


def transcript_chats(data: Path, seed: int) -> list[Labelled]:
    """Research transcripts as labelled chats. Where no onset is known, later messages count more and the first not at all."""
    source = random.Random(seed)
    found: list[Labelled] = []
    for language in ("en", "nl", "de"):
        for chat in segments_of(data / "real_train" / f"vtpan_{language}.jsonl.gz"):
            count = len(chat.messages)
            grooming = chat.label == "grooming"
            ramp = np.clip((np.arange(count) + 1) / count * 2.0 - 0.6, 0.0, 1.0).astype(np.float32)
            if source.random() < 0.4:
                chat = told_apart(chat, source)  # noqa: PLW2901
            found.append(
                Labelled(chat, np.full(count, float(grooming), np.float32), ramp if grooming else np.ones(count, np.float32))
            )
    for chat, codes in coded_chats(data / "real_train" / "chatcoder2.jsonl.gz"):
        first = next((i for i, told in enumerate(codes) if told & {GROOMING, APPROACH}), None)
        if first is not None:
            found.append(_from(chat, first, source))
    for chat in offender_chats(data):
        if len(chat.messages) > 60:
            found.append(_from(chat, 40, source))
    return found


def _from(chat: Conversation, first: int, source: random.Random) -> Labelled:
    count = len(chat.messages)
    labels = np.ones(count, np.float32)
    weights = np.zeros(count, np.float32)
    weights[first:] = 1.0
    labels[:4] = 0.0
    weights[:4] = 0.5
    return Labelled(hidden(chat) if source.random() < 0.4 else chat, labels, weights)


class Encoder:
    """The trained encoder over many texts, each run once."""

    def __init__(self, model: MessageEncoderModel, tokenizer: Tokenizer, longest: int) -> None:
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.longest = longest
        self.known: dict[str, tuple[Floats, Floats]] = {}

    def learn(self, texts: Sequence[str], tokens: int = 6_000) -> None:
        """Encode the normalised segments not seen yet."""
        fresh = sorted(set(texts) - self.known.keys(), key=lambda text: (len(text), text))
        encodings = [encoding.ids[: self.longest] for encoding in self.tokenizer.encode_batch(fresh)]
        order = sorted(range(len(fresh)), key=lambda i: len(encodings[i]))
        batches: list[list[int]] = [[]]
        for i in order:
            if batches[-1] and len(encodings[i]) * (len(batches[-1]) + 1) > tokens:
                batches.append([])
            batches[-1].append(i)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            for rows in track(batches, description="encoding messages"):
                if not rows:
                    continue
                longest = max(len(encodings[i]) for i in rows)
                ids = np.zeros((len(rows), longest), dtype=np.int64)
                mask = np.zeros_like(ids)
                for line, i in enumerate(rows):
                    ids[line, : len(encodings[i])] = encodings[i]
                    mask[line, : len(encodings[i])] = 1
                grams = [ngrams(fresh[i]) for i in rows]
                most = max(len(gram) for gram in grams)
                padded = np.array([gram + [0] * (most - len(gram)) for gram in grams])
                out = self.model(
                    input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask), ngrams=torch.from_numpy(padded)
                )
                vectors, tactics = out.vector.float().numpy(), out.tactics.float().numpy()
                for line, i in enumerate(rows):
                    self.known[fresh[i]] = (vectors[line], tactics[line])

    def tracks(self, chats: Sequence[Labelled], longest: int = 150) -> list[Track]:
        """Chats as the scorer reads them; only the first `longest` messages of a chat are used."""
        chats = [
            replace(c, conversation=c.conversation.model_copy(update={"messages": c.conversation.messages[:longest]}))
            for c in chats
        ]
        pieces = [[segments(normalise(m.text)) for m in c.conversation.messages] for c in chats]
        self.learn([text for chat in pieces for message in chat for text in message])
        return [self._track(chat, parts) for chat, parts in zip(chats, pieces, strict=True)]

    def _track(self, chat: Labelled, pieces: list[list[str]]) -> Track:
        vectors, tactics, speaker, gap, place = [], [], [], [], []
        before = None
        for index, (message, parts) in enumerate(zip(chat.conversation.messages, pieces, strict=True)):
            for number, text in enumerate(parts):
                vector, tactic = self.known[text]
                vectors.append(vector)
                tactics.append(tactic)
                speaker.append(speaker_row(message.speaker))
                gap.append(gap_hours(before, message) if number == 0 else 0.0)
                place.append(index)
            before = message
        places = np.array(place)
        return Track(
            np.array(vectors, np.float32), np.array(tactics, np.float32), np.array(speaker, np.float32),
            np.log1p(np.array(gap, np.float32)), places, chat.labels[places], chat.weights[places],
        )  # fmt: skip


class Windows(Dataset[dict[str, Floats]]):
    """A window of at most 50 messages of each track, drawn anew each time, with the ledger of what came before it."""

    def __init__(self, tracks: Sequence[Track], seed: int) -> None:
        self.tracks = tracks
        self.random = np.random.default_rng(seed)

    def __len__(self) -> int:
        return len(self.tracks)

    def __getitem__(self, index: int) -> dict[str, Floats]:
        track_ = self.tracks[index]
        last = int(track_.message[-1])
        start = 0
        if last >= WINDOW and self.random.random() < 0.7:
            start = int(self.random.integers(0, last - WINDOW + 2))
        rows = np.flatnonzero((track_.message >= start) & (track_.message < start + WINDOW))[:200]
        before = np.flatnonzero(track_.message < start)
        scores = 1.0 / (1.0 + np.exp(-track_.tactics[before]))
        shown = (scores >= _SHOWN) & (track_.speaker[before, 1:2] < 0.5)
        weights = track_.weights[rows]
        sureness = float(self.random.uniform(0.9, 1.1))
        return {
            # The same chat is never read twice with quite the same sureness.
            "vectors": self._blur(track_.vectors[rows], sureness, 0.1),
            "tactics": self._blur(track_.tactics[rows], sureness, 0.2),
            "speaker": track_.speaker[rows],
            "gap": track_.gap[rows],
            "ledger": np.log1p(shown.sum(axis=0)).astype(np.float32),
            "labels": track_.labels[rows],
            # A long chat must not outweigh a short one by its length.
            "weights": (weights / np.sqrt(max(weights.sum(), 1.0))).astype(np.float32),
        }

    def _blur(self, values: Floats, sureness: float, spread: float) -> Floats:
        return np.asarray(values * sureness + self.random.normal(0, spread, values.shape), dtype=np.float32)


def collate(rows: Sequence[dict[str, Floats]]) -> dict[str, Tensor]:
    """Pad at the end: the scorer is causal, so padding changes nothing before it."""
    longest = max(len(row["labels"]) for row in rows)
    batch: dict[str, Tensor] = {}
    for name in rows[0]:
        if name == "ledger":
            batch[name] = torch.from_numpy(np.stack([row[name] for row in rows]))
            continue
        padded = [np.pad(row[name], [(0, longest - len(row[name]))] + [(0, 0)] * (row[name].ndim - 1)) for row in rows]
        batch[name] = torch.from_numpy(np.stack(padded))
    return batch


def fit_scorer(model: ConversationScorerModel, tracks: Sequence[Track], folder: Path, recipe: Recipe) -> None:
    """Train in place with transformers' Trainer; resumes from a checkpoint in `folder`."""
    Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(folder), num_train_epochs=recipe.scorer_epochs, per_device_train_batch_size=recipe.scorer_batch,
            learning_rate=recipe.scorer_rate, warmup_ratio=0.05, lr_scheduler_type="cosine", weight_decay=0.01,
            save_strategy="epoch", save_total_limit=1, logging_steps=100, seed=recipe.seed,
            use_cpu=not torch.cuda.is_available(), report_to=[], disable_tqdm=True, remove_unused_columns=False,
        ),
        train_dataset=Windows(tracks, recipe.seed),
        data_collator=collate,
        callbacks=[Progress("scorer")],
    ).train(resume_from_checkpoint=any(folder.glob("checkpoint-*")) or None)  # fmt: skip
