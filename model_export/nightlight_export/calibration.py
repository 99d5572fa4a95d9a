"""Calibration on chats that training never saw: Platt scaling, tactic thresholds, warning thresholds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from nightlight.model.manifest import Calibration, Thresholds
from nightlight.tactic import TACTICS
from nightlight.warning.policy import Level, WarningPolicy

Array = NDArray[np.float64]

#: False warnings allowed when thresholds are chosen: of composed benign chats, and of real ones.
ALLOWED = {"low": (0.02, 0.0003), "medium": (0.06, 0.001), "high": (0.12, 0.004)}


def platt(logits: Array, labels: Array, weights: Array) -> Calibration:
    """Slope and offset by weighted logistic regression (Platt, 1999) over logits (n,) and labels (n,) in {0, 1}."""
    fit = LogisticRegression(C=1e4).fit(logits[:, np.newaxis], labels.astype(int), sample_weight=weights)
    return Calibration(slope=max(float(fit.coef_[0, 0]), 1e-3), offset=float(fit.intercept_[0]))


def tactic_thresholds(scores: Array, truth: Array) -> dict[str, float]:
    """Per tactic the threshold with the best F1 over lines; `scores` and `truth` are (lines, 14). Kept within 0.3 to 0.9."""
    grid = np.linspace(0.3, 0.9, 25)
    found: dict[str, float] = {}
    for column, tactic in enumerate(TACTICS):
        best = [f1(scores[:, column] >= at, truth[:, column] > 0.5) for at in grid]
        found[tactic.value] = float(np.round(grid[int(np.argmax(best))], 3))
    return found


def f1(guess: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Harmonic mean of precision and recall; 0 when nothing is found."""
    hit = float((guess & truth).sum())
    return 2 * hit / max(float(guess.sum() + truth.sum()), 1.0)


def first_warning(risks: Sequence[float], threshold: float) -> int | None:
    """Index of the first message at which the policy would warn at `threshold`; None if it never does."""
    levels = {"low": threshold, "medium": threshold, "high": threshold}
    policy = WarningPolicy(Thresholds(nudge=levels, tactic={}))
    for index in range(len(risks)):
        if policy.level(risks[max(index - policy.span + 1, 0) : index + 1], ()) is not Level.NONE:
            return index
    return None


def nudge_thresholds(composed: Sequence[Sequence[float]], real: Sequence[Sequence[float]]) -> dict[str, float]:
    """For each sensitivity the lowest threshold that keeps false warnings in benign chats (risks a message) within ALLOWED."""
    grid = [round(0.30 + 0.01 * step, 2) for step in range(69)]
    false: dict[float, tuple[float, float]] = {}

    def rate(chats: Sequence[Sequence[float]], threshold: float) -> float:
        return sum(first_warning(risks, threshold) is not None for risks in chats if max(risks) >= threshold) / max(len(chats), 1)

    found: dict[str, float] = {}
    for sensitivity, (most_composed, most_real) in ALLOWED.items():
        for threshold in grid:
            if threshold not in false:
                false[threshold] = (rate(composed, threshold), rate(real, threshold))
            if false[threshold][0] <= most_composed and false[threshold][1] <= most_real:
                found[sensitivity] = threshold
                break
        else:
            found[sensitivity] = grid[-1]
    return found
