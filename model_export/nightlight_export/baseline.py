"""Baselines: what simpler methods reach on the same chats. They judge a chat as a whole, so they are compared at chat level.

Each is fitted on what the shipped recipe may see of the project's own corpus and of the benign halves, and its threshold is
set on held-out composed chats to the same rate of false warnings as the product's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import FeatureUnion, Pipeline

from nightlight.conversation import Conversation, Speaker
from nightlight.text import normalise
from nightlight_export import encoding
from nightlight_export.calibration import ALLOWED
from nightlight_export.corpus import LanguageCorpus, load_language
from nightlight_export.evaluate import read_dev
from nightlight_export.generator import Generator
from nightlight_export.recipe import load_recipe
from nightlight_export.scoring import benign_chats
from nightlight_export.sentence import sentence_vectors
from nightlight_export.transcripts import segments_of

Array = NDArray[np.float64]


class Baseline(Protocol):
    """Scores whole chats; higher is riskier."""

    name: str

    def score(self, chats: Sequence[Conversation]) -> Array:
        """One score a chat."""


def _text(chat: Conversation) -> str:
    """All that the contact (or an unknown speaker) wrote."""
    return " \n ".join(normalise(m.text) for m in chat.messages if m.speaker is not Speaker.CHILD)


class BagOfWords:
    """TF-IDF over words and character n-grams, logistic regression."""

    name = "TF-IDF + logistic regression"

    def __init__(self, chats: Sequence[Conversation]) -> None:
        features = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), min_df=3, max_features=60_000, sublinear_tf=True)),
                (
                    "letters",
                    TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), min_df=5, max_features=60_000, sublinear_tf=True),
                ),
            ]
        )
        self._model = Pipeline([("features", features), ("logistic", LogisticRegression(C=10, max_iter=500))])
        self._model.fit([_text(chat) for chat in chats], [chat.label == "grooming" for chat in chats])

    def score(self, chats: Sequence[Conversation]) -> Array:
        """Probability of grooming."""
        return np.asarray(self._model.predict_proba([_text(chat) for chat in chats])[:, 1])


class Keywords:
    """A keyword list: the words that stand out in the corpus's tactics against their twins and scenes, counted."""

    name = "keyword list"

    def __init__(self, corpora: Sequence[LanguageCorpus], words: int = 120) -> None:
        self._words: dict[str, set[str]] = {}
        for corpus in corpora:
            risky = [normalise(u.text) for u in corpus.utterances if not u.twin]
            plain = [normalise(u.text) for u in corpus.utterances if u.twin]
            plain += [normalise(text) for scene in corpus.scenes for _, text in scene.lines]
            counter = TfidfVectorizer(min_df=4, binary=True, use_idf=False, norm=None)
            table = counter.fit_transform([*risky, *plain])
            share = (np.asarray(table[: len(risky)].mean(0)) + 1e-3) / (np.asarray(table[len(risky) :].mean(0)) + 1e-3)
            best = np.argsort(-share.ravel())[:words]
            self._words[corpus.language] = set(counter.get_feature_names_out()[best])

    def score(self, chats: Sequence[Conversation]) -> Array:
        """How many different keywords of the chat's language stand in it."""
        return np.array([float(len(set(_text(chat).split()) & self._words.get(chat.language or "en", set()))) for chat in chats])


class NearestNeighbour:
    """Contrast of nearest neighbours among sentence vectors, the method of Roblox's Sentinel (2025).

    Each message scores the similarity to its nearest risky lines less that to its nearest harmless ones; the chat's score is
    the mean of its highest tenth, because most of a chat is ordinary.
    """

    name = "all-MiniLM-L6-v2, nearest-neighbour contrast"

    def __init__(self, corpora: Sequence[LanguageCorpus], cache: Path, neighbours: int = 5) -> None:
        risky = [u.text for c in corpora for u in c.utterances if not u.twin]
        plain = [u.text for c in corpora for u in c.utterances if u.twin]
        plain += [text for c in corpora for scene in c.scenes for _, text in scene.lines]
        self._cache = cache
        self._neighbours = neighbours
        self._risky = sentence_vectors(risky, cache).astype(np.float32)
        self._plain = sentence_vectors(plain, cache).astype(np.float32)

    def score(self, chats: Sequence[Conversation]) -> Array:
        """The contrast of the chat's most telling messages."""
        lines = [[m.text[:300] for m in chat.messages if m.speaker is not Speaker.CHILD] for chat in chats]
        vectors = sentence_vectors([line for chat in lines for line in chat], self._cache).astype(np.float32)
        contrast = self._nearest(vectors, self._risky) - self._nearest(vectors, self._plain)
        scores = []
        start = 0
        for chat in lines:
            part = np.sort(contrast[start : start + len(chat)])
            start += len(chat)
            scores.append(float(part[-max(1, len(part) // 10) :].mean()) if len(part) else -1.0)
        return np.array(scores)

    def _nearest(self, vectors: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
        found = np.empty(len(vectors), dtype=np.float32)
        for start in range(0, len(vectors), 2_000):
            similar = vectors[start : start + 2_000] @ others.T
            found[start : start + 2_000] = np.partition(similar, -self._neighbours, axis=1)[:, -self._neighbours :].mean(1)
        return found


def figures(
    baselines: Sequence[Baseline], held: Sequence[Conversation], sets: dict[str, Sequence[Conversation]]
) -> dict[str, dict[str, Any]]:
    """For each baseline and set: precision, recall, F1 at its threshold, AUC, false warnings per 1,000 benign chats."""
    found: dict[str, dict[str, Any]] = {}
    benign = [chat for chat in held if chat.label == "benign"]
    for baseline in baselines:
        threshold = float(np.quantile(baseline.score(benign), 1 - ALLOWED["medium"][0]))
        rows: dict[str, Any] = {}
        for name, chats in sets.items():
            scores = baseline.score(chats)
            truth = np.array([chat.label == "grooming" for chat in chats])
            guess = scores > threshold
            hit, false, missed = int((guess & truth).sum()), int((guess & ~truth).sum()), int((~guess & truth).sum())
            rows[name] = {
                "chats": len(chats),
                "f1": 2 * hit / max(2 * hit + false + missed, 1) if truth.any() else None,
                "auc": float(roc_auc_score(truth, scores)) if truth.any() and not truth.all() else None,
                "false_per_1000": 1000 * false / int((~truth).sum()) if not truth.all() else None,
            }
        found[baseline.name] = rows
    return found


def measure(data: Path | None, cache: Path, benign: int) -> dict[str, dict[str, Any]]:
    """Fit all three on the project's corpus (and the benign halves that may be trained on) and measure them.

    Without `data` only the hand-written chats are measured.
    """
    recipe = load_recipe("open")
    corpora = [load_language(language) for language in recipe.languages]
    trained = [encoding.split(corpus, held=False) for corpus in corpora]
    held_lines = [encoding.split(corpus, held=True) for corpus in corpora]
    chats = [chat for corpus in trained for chat in Generator(corpus, recipe.seed + 20).conversations(recipe.chats_per_language)]
    held = [chat for corpus in held_lines for chat in Generator(corpus, recipe.seed + 30).conversations(60)]
    sets: dict[str, Sequence[Conversation]] = {f"dev {corpus.language}": read_dev(corpus.language) for corpus in corpora}
    sets["dev all"] = [chat for part in sets.values() for chat in part]
    if data is not None:
        chats += benign_chats(data, True, benign, recipe.seed)
        for language in ("en", "nl", "de"):
            path = data / "real_dev" / f"vtpan_{language}.jsonl.gz"
            if path.exists():
                sets[f"transcripts {language}"] = segments_of(path)
        sets["benign sets"] = benign_chats(data, False, benign, 5)
    fitted: list[Baseline] = [BagOfWords(chats), Keywords(trained), NearestNeighbour(trained, cache)]
    return figures(fitted, held, sets)


def print_figures(found: dict[str, dict[str, Any]], console: Console) -> None:
    """The baselines as a table."""
    table = Table(title="Baselines, chat level")
    for name in ("method", "set", "chats", "F1", "AUC", "false/1,000 benign chats"):
        table.add_column(name, justify="left" if name in {"method", "set"} else "right")
    for method, rows in found.items():
        for name, row in rows.items():
            values = (row["f1"], row["auc"], row["false_per_1000"])
            shown = ["-" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.1f}" for value in values]
            table.add_row(method, name, str(row["chats"]), *shown)
    console.print(table)
