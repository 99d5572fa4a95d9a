"""Fitting of the encoder's linear part: logistic regressions over n-grams, and the mixture with the transformer.

Few lines a tactic and seven languages: letters and words generalise to another writer where the transformer, trained from
scratch, does not yet. The mixture (stacking, Wolpert 1992) is fitted on held-out lines.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nightlight.tactic import TACTICS, Tactic
from nightlight.text import ngrams, normalise
from nightlight.text.ngram import ROWS
from nightlight_export.corpus import LanguageCorpus
from nightlight_export.noise import add_noise
from nightlight_export.student import MessageEncoderModel

#: A line that shows a tactic weighs more than one that does not: there are twenty times as many of these.
_POSITIVE_WEIGHT = 3.0
_REGULARISATION = 20.0


def corpus_lines(corpora: Sequence[LanguageCorpus], seed: int, copies: int) -> list[tuple[str, Tactic | None]]:
    """Every line of the corpora with its tactic (None for twins, scenes, small talk), and noisy copies of it."""
    source = random.Random(seed)
    lines: list[tuple[str, Tactic | None]] = []
    for corpus in corpora:
        own = [(u.text, None if u.twin else u.tactic) for u in corpus.utterances]
        own += [(text, None) for scene in corpus.scenes for _, text in scene.lines]
        own += [(text, None) for texts in corpus.talk.values() for text in texts]
        for text, tactic in own:
            lines.append((text, tactic))
            lines += [(add_noise(text, corpus.language, source, 1.5), tactic) for _ in range(copies - 1)]
    return lines


def rows_of(texts: Sequence[str]) -> csr_matrix:
    """Which n-grams each text has, (texts, ROWS) of ones."""
    found = [ngrams(normalise(text)) for text in texts]
    ends = np.cumsum([0, *(len(each) for each in found)])
    columns = np.concatenate([np.array(each, dtype=np.int64) for each in found])
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(texts), ROWS))


def _regression() -> LogisticRegression:
    return LogisticRegression(C=_REGULARISATION, solver="liblinear", class_weight={0: 1.0, 1: _POSITIVE_WEIGHT})


def fit_linear(
    model: MessageEncoderModel,
    lines: Sequence[tuple[str, Tactic | None]],
    everyday: Sequence[str],
    transcripts: Sequence[tuple[str, bool]] = (),
) -> None:
    """Fit the regressions and put them into the model. `everyday` texts show no tactic and no risk; `transcripts` are lines
    with their risk alone, harmless ones of the same chats among them, so that their style is no sign.
    """
    tactics_rows = len(lines) + len(everyday)
    ones = rows_of([text for text, _ in lines] + list(everyday) + [text for text, _ in transcripts])
    count = np.asarray(ones.sum(axis=0)).ravel()
    frequency = np.log((1 + ones.shape[0]) / (1 + count)) + 1
    weighted = ones.multiply(frequency[np.newaxis]).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    features = csr_matrix(weighted.multiply(1 / np.maximum(lengths, 1e-9)[:, np.newaxis]))
    table = np.zeros((ROWS, len(TACTICS) + 1), dtype=np.float32)
    offset = np.zeros(len(TACTICS) + 1, dtype=np.float32)
    for column, tactic in track(list(enumerate(TACTICS)), description="regressions"):
        truth = np.array([each is tactic for _, each in lines] + [False] * len(everyday))
        fit = _regression().fit(features[:tactics_rows], truth)
        table[:, column] = fit.coef_[0] * frequency
        offset[column] = fit.intercept_[0]
    risky = [tactic is not None for _, tactic in lines] + [False] * len(everyday) + [risk for _, risk in transcripts]
    fit = _regression().fit(features, np.array(risky))
    table[:, -1] = fit.coef_[0] * frequency
    offset[-1] = fit.intercept_[0]
    table[count == 0] = 0.0
    with torch.no_grad():
        model.linear.table.copy_(torch.from_numpy(table))
        model.linear.square.copy_(torch.from_numpy((frequency**2).astype(np.float32)).unsqueeze(-1))
        model.linear.square[0] = 0.0
        model.linear.offset.copy_(torch.from_numpy(offset))


def fit_mixture(model: MessageEncoderModel, deep: NDArray[np.float32], texts: Sequence[str], truth: NDArray[np.float32]) -> None:
    """Weigh the two halves per tactic on held-out lines. `deep` (texts, 14): the transformer's logits; `truth` likewise."""
    with torch.no_grad():
        linear = np.stack([model.linear.alone(torch.tensor([ngrams(normalise(text))])).numpy()[0, :-1] for text in texts])
        for column in range(len(TACTICS)):
            features = np.stack([deep[:, column], linear[:, column]], axis=1)
            fit = LogisticRegression(C=1.0).fit(features, truth[:, column] > 0.5)
            shares = np.maximum(fit.coef_[0], 0.05)
            model.linear.deep_share[column] = float(shares[0])
            model.linear.linear_share[column] = float(shares[1])
            model.linear.mixed_offset[column] = float(fit.intercept_[0])
