"""Evaluation: the same code path as `nightlight score`, over sets that nobody trained on, as one table and one JSON file."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.metrics import roc_auc_score

from nightlight.conversation import Conversation, Speaker, read_conversations
from nightlight.tactic import TACTICS
from nightlight.warning import Assessor, Level
from nightlight_export.corpus import DEV
from nightlight_export.everyday import BENIGN_SETS
from nightlight_export.noise import add_noise, evade, without_accents
from nightlight_export.scoring import GRACE, benign_chats, hidden
from nightlight_export.transcripts import APPROACH, coded_chats, segments_of

#: The latency penalty's rate in F-latency; the value that Vogt et al. (2021) use for PAN12.
PENALTY_RATE: Final = 0.0078
_RESAMPLES: Final = 1000
_BINS: Final = 10


@dataclass(frozen=True)
class Verdict:
    """What the product did with one chat: the first message that warned (None: never), and the risk after each message."""

    chat: Conversation
    warned: int | None
    risks: tuple[float, ...]
    scores: NDArray[np.float64]
    shown: NDArray[np.bool_]

    @property
    def grooming(self) -> bool:
        """The chat's label."""
        return self.chat.label == "grooming"

    @property
    def outcome(self) -> tuple[int, int, int]:
        """(hit, false alarm, miss) at turn level: a warning earlier than two messages before onset is a false alarm."""
        if not self.grooming:
            return 0, int(self.warned is not None), 0
        if self.warned is None:
            return 0, 0, 1
        early = self.chat.onset is not None and self.warned < self.chat.onset - GRACE
        return (0, 1, 1) if early else (1, 0, 0)


def judge(assessor: Assessor, chats: Iterable[Conversation], title: str, longest: int = 2_000) -> list[Verdict]:
    """Run chats through the Assessor as if live; at most `longest` messages each."""
    verdicts = []
    limits = np.array([assessor.bundle.manifest.thresholds.tactic[tactic] for tactic in TACTICS])
    for chat in track(list(chats), description=title, transient=True):
        found = list(assessor.stream(chat.messages[:longest]))
        warned = next((i for i, a in enumerate(found) if a.level is not Level.NONE), None)
        scores = np.array([[a.scores[t] for t in TACTICS] for a in found])
        verdicts.append(Verdict(chat, warned, tuple(a.risk for a in found), scores, scores >= limits))
    return verdicts


def ratio(part: float, whole: float) -> float | None:
    """A share, or None when there is nothing to share."""
    return part / whole if whole else None


def chat_figures(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Chat-level and turn-level precision, recall, F1 with bootstrap intervals; latency; false warnings; AUC."""
    outcomes = np.array([v.outcome for v in verdicts])
    flags = np.array([[v.grooming, v.warned is not None] for v in verdicts], dtype=bool)
    benign = [v for v in verdicts if not v.grooming]
    figures: dict[str, Any] = {"chats": len(verdicts), "grooming": int(flags[:, 0].sum())}
    if flags[:, 0].any():
        figures |= {"chat": _prf(*_flag_counts(flags)), "turn": _prf(*outcomes.sum(axis=0).tolist())}
        figures["turn"]["f1_interval"] = _interval(outcomes)
        latency = [
            v.warned - v.chat.onset for v in verdicts if v.outcome[0] and v.chat.onset is not None and v.warned is not None
        ]
        figures["latency_median"] = float(np.median(latency)) if latency else None
        warned_at = [v.warned + 1 for v in verdicts if v.grooming and v.warned is not None]
        if warned_at and figures["chat"]["f1"] is not None:
            penalties = [-1 + 2 / (1 + np.exp(-PENALTY_RATE * (at - 1))) for at in warned_at]
            figures["f_latency"] = float(figures["chat"]["f1"] * (1 - np.median(penalties)))
    if benign:
        false = sum(v.warned is not None for v in benign)
        figures["false_warnings"] = {
            "count": false,
            "per_1000_chats": 1000 * false / len(benign),
            "per_10000_messages": 10_000 * false / max(sum(len(v.risks) for v in benign), 1),
        }
    if flags[:, 0].any() and benign:
        figures["auc"] = float(roc_auc_score(flags[:, 0], [max(v.risks) for v in verdicts]))
    return figures


def _flag_counts(flags: NDArray[np.bool_]) -> tuple[int, int, int]:
    truth, guess = flags[:, 0], flags[:, 1]
    return int((truth & guess).sum()), int((~truth & guess).sum()), int((truth & ~guess).sum())


def _prf(hit: int, false: int, missed: int) -> dict[str, Any]:
    return {
        "precision": ratio(hit, hit + false),
        "recall": ratio(hit, hit + missed),
        "f1": ratio(2 * hit, 2 * hit + false + missed),
    }


def _interval(outcomes: NDArray[np.int64]) -> list[float]:
    """95% bootstrap interval of turn-level F1 over chats."""
    source = np.random.default_rng(0)
    values = []
    for _ in range(_RESAMPLES):
        hit, false, missed = outcomes[source.integers(0, len(outcomes), len(outcomes))].sum(axis=0)
        values.append(2 * hit / max(2 * hit + false + missed, 1))
    return [float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))]


def calibration_error(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Expected calibration error over messages in ten bins, with the reliability of each bin; the grace is left out."""
    pairs: list[tuple[float, float]] = []
    for v in verdicts:
        for index, risk in enumerate(v.risks):
            if v.chat.onset is not None and v.chat.onset - GRACE <= index < v.chat.onset:
                continue
            pairs.append((risk, float(v.chat.onset is not None and index >= v.chat.onset)))
    values = np.array(pairs)
    place = np.minimum((values[:, 0] * _BINS).astype(int), _BINS - 1)
    bins = []
    error = 0.0
    for number in range(_BINS):
        rows = values[place == number]
        if len(rows):
            said, was = float(rows[:, 0].mean()), float(rows[:, 1].mean())
            error += len(rows) / len(values) * abs(said - was)
            bins.append({"risk": said, "share": was, "messages": len(rows)})
    return {"ece": error, "bins": bins}


def tactic_figures(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Precision, recall, F1 of each tactic over the contact's messages of grooming chats, and their mean."""
    counts = np.zeros((len(TACTICS), 3))
    for v in verdicts:
        for index, message in enumerate(v.chat.messages[: len(v.risks)]):
            if message.speaker is Speaker.CHILD:
                continue
            for column, tactic in enumerate(TACTICS):
                truth, guess = tactic in message.tactics, bool(v.shown[index, column])
                counts[column] += (truth and guess, guess and not truth, truth and not guess)
    rows: dict[str, Any] = {
        tactic.value: _prf(*counts[column].tolist()) | {"lines": int(counts[column, 0] + counts[column, 2])}
        for column, tactic in enumerate(TACTICS)
    }
    known = [row["f1"] or 0.0 for row in rows.values() if row["lines"]]
    return {"each": rows, "macro_f1": float(np.mean(known)) if known else None}


def read_dev(language: str, folder: Path = DEV) -> list[Conversation]:
    """The hand-written chats of a language; a line that cannot be read is an error here."""
    path = folder / f"{language}.jsonl"
    if not path.exists():
        return []
    found = []
    with path.open(encoding="utf-8") as lines:
        for _, chat in read_conversations(lines):
            if isinstance(chat, Exception):
                raise chat
            found.append(chat)
    return found


def changed(chats: Sequence[Conversation], how: str) -> list[Conversation]:
    """The chats after an evasion or a loss: `typos`, `accents`, `evasion`, `hidden` speakers."""
    source = random.Random(7)
    if how == "hidden":
        return [hidden(chat) for chat in chats]

    def change(text: str, language: str) -> str:
        if how == "accents":
            return without_accents(text)
        if how == "evasion":
            return evade(text, source)
        return add_noise(text, language, source, 2.0)

    return [
        chat.model_copy(
            update={
                "messages": tuple(m.model_copy(update={"text": change(m.text, chat.language or "en")}) for m in chat.messages)
            }
        )
        for chat in chats
    ]


def approach_figures(assessor: Assessor, path: Path) -> dict[str, Any]:
    """ChatCoder2: in how many chats the warning comes before the first line coded as approach."""
    before = warned = coded = 0
    positions: list[float] = []
    for chat, codes in coded_chats(path):
        first = next((i for i, told in enumerate(codes) if APPROACH in told), None)
        if first is None:
            continue
        coded += 1
        (verdict,) = judge(assessor, [chat], "chatcoder2", longest=first + 200)
        if verdict.warned is not None:
            warned += 1
            before += verdict.warned < first
            positions.append(verdict.warned / max(first, 1))
    return {
        "chats": coded,
        "warned": ratio(warned, coded),
        "warned_before_first_approach": ratio(before, coded),
        "median_position_relative_to_approach": float(np.median(positions)) if positions else None,
    }


def evaluate(assessor: Assessor, data: Path | None, languages: Sequence[str], benign_most: int = 400) -> dict[str, Any]:
    """All figures as one nested dictionary; sets whose data is not there are left out."""
    manifest = assessor.bundle.manifest
    figures: dict[str, Any] = {"bundle": f"{manifest.name} {manifest.version}", "dev": {}, "evasion": {}}
    dev: list[Verdict] = []
    for language in languages:
        verdicts = judge(assessor, read_dev(language), f"dev {language}")
        if verdicts:
            figures["dev"][language] = chat_figures(verdicts)
            dev += verdicts
    if dev:
        figures["dev"]["all"] = chat_figures(dev)
        figures["calibration"] = calibration_error(dev)
        figures["tactics"] = tactic_figures([v for v in dev if v.grooming])
        for how in ("hidden", "typos", "accents", "evasion"):
            chats = changed([v.chat for v in dev], how)
            figures["evasion"][how] = chat_figures(judge(assessor, chats, how))
    if data is None:
        return figures
    figures["transcripts"] = {}
    for language in ("en", "nl", "de"):
        path = data / "real_dev" / f"vtpan_{language}.jsonl.gz"
        if path.exists():
            figures["transcripts"][language] = chat_figures(judge(assessor, segments_of(path), f"vtpan {language}"))
    path = data / "real_dev" / "chatcoder2.jsonl.gz"
    if path.exists():
        figures["chatcoder2"] = approach_figures(assessor, path)
    if (data / "benign").is_dir():
        figures["benign"] = {}
        chats = benign_chats(data, train=False, most=benign_most, seed=5)
        for name in BENIGN_SETS:
            part = [chat for chat in chats if chat.source == name]
            if part:
                figures["benign"][name] = chat_figures(judge(assessor, part, name))
    return figures


def print_figures(figures: dict[str, Any], console: Console) -> None:
    """The figures as a table on the terminal."""
    table = Table(title=f"Nightlight evaluation: {figures['bundle']}")
    for name in (
        "set",
        "chats",
        "grooming",
        "chat P",
        "chat R",
        "chat F1",
        "turn F1",
        "95%",
        "latency",
        "F-lat.",
        "AUC",
        "false/1,000 chats",
    ):
        table.add_column(name, justify="left" if name == "set" else "right")
    for group in ("dev", "evasion", "transcripts", "benign"):
        for name, row in figures.get(group, {}).items():
            chat, turn = row.get("chat", {}), row.get("turn", {})
            table.add_row(
                f"{group} {name}", str(row["chats"]), str(row["grooming"]),
                _show(chat.get("precision")), _show(chat.get("recall")),
                _show(chat.get("f1")), _show(turn.get("f1")), " to ".join(_show(v) for v in turn.get("f1_interval", [])),
                _show(row.get("latency_median"), 0), _show(row.get("f_latency")), _show(row.get("auc")),
                _show(row.get("false_warnings", {}).get("per_1000_chats"), 1),
            )  # fmt: skip
    console.print(table)
    if "calibration" in figures:
        console.print(f"expected calibration error (dev, messages): {figures['calibration']['ece']:.3f}")
        console.print(f"tactics, macro F1 (dev): {_show(figures['tactics']['macro_f1'])}")
        for tactic, row in figures["tactics"]["each"].items():
            console.print(
                f"  {tactic:18} P {_show(row['precision'])}  R {_show(row['recall'])}  F1 {_show(row['f1'])}"
                f"  ({row['lines']} lines)"
            )
    if "chatcoder2" in figures:
        row = figures["chatcoder2"]
        console.print(
            f"chatcoder2: {row['chats']} chats, warned in {_show(row['warned'])}, before the first approach line in "
            f"{_show(row['warned_before_first_approach'])}"
        )


def _show(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
