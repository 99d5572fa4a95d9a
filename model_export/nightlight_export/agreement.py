"""Agreement of the two readers of the hand-written chats: labels, onset, tactics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score

from nightlight.conversation import Conversation, Speaker
from nightlight.tactic import TACTICS
from nightlight_export.corpus import DEV
from nightlight_export.evaluate import read_dev


def read_second(language: str, folder: Path = DEV) -> dict[str, dict[str, Any]]:
    """The second reader's marks by conversation id: `label`, `onset`, `tactics` by message index; empty if there are none."""
    path = folder / "second" / f"{language}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def agreement(chats: Sequence[Conversation], second: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Cohen's kappa of labels and of tactics (over the contact's messages), and how far the two onsets lie apart."""
    chats = [chat for chat in chats if chat.id in second]
    labels = [(chat.label or "", second[chat.id]["label"]) for chat in chats]
    gaps: list[int] = []
    marks: list[tuple[bool, bool]] = []
    for chat in chats:
        other = second[chat.id]
        if chat.onset is None or other["label"] != "grooming":
            continue
        gaps.append(int(other["onset"]) - chat.onset)
        for index, message in enumerate(chat.messages):
            if message.speaker is not Speaker.CHILD:
                told = other.get("tactics", {}).get(str(index), [])
                marks += [(tactic in message.tactics, tactic.value in told) for tactic in TACTICS]
    first, other_labels = zip(*labels, strict=True) if labels else ((), ())
    return {
        "chats": len(chats),
        "label_kappa": float(cohen_kappa_score(first, other_labels)) if labels else None,
        "onset_within_2": float(np.mean(np.abs(gaps) <= 2)) if gaps else None,
        "onset_median_difference": float(np.median(gaps)) if gaps else None,
        "tactic_kappa": float(cohen_kappa_score(*zip(*marks, strict=True))) if marks else None,
    }


def all_agreement(languages: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Agreement per language, where a second reader has marked the chats."""
    return {language: agreement(read_dev(language), second) for language in languages if (second := read_second(language))}
