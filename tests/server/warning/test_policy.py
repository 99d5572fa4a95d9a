"""The policy: persistence, levels, cooldown, "I know this person"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlight.model.manifest import Thresholds
from nightlight.tactic import URGENT, Tactic
from nightlight.warning import ContactState, Level, WarningPolicy

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
POLICY = WarningPolicy(Thresholds(nudge={"low": 0.9, "medium": 0.6, "high": 0.4}, tactic={}))
risks = st.lists(st.floats(0, 1), min_size=1, max_size=80)


def test_one_message_above_the_threshold_is_not_enough() -> None:
    assert POLICY.level([0.1, 0.1, 0.65], set()) is Level.NONE


def test_two_of_the_last_four_are() -> None:
    assert POLICY.level([0.1, 0.65, 0.3, 0.65], set()) is Level.NUDGE


def test_a_message_far_above_it_is_enough_alone() -> None:
    assert POLICY.level([0.1, 0.1, 0.95], set()) is Level.NUDGE


@pytest.mark.parametrize("tactic", sorted(URGENT))
def test_an_urgent_tactic_makes_it_urgent(tactic: Tactic) -> None:
    assert POLICY.level([0.95], {tactic}) is Level.URGENT
    assert POLICY.level([0.1], {tactic}) is Level.NONE


@given(risks)
def test_a_higher_sensitivity_never_warns_less(values: list[float]) -> None:
    order = [POLICY.level(values, set(), name) is not Level.NONE for name in ("low", "medium", "high")]  # type: ignore[arg-type]
    assert order == sorted(order)


@given(risks)
def test_only_the_last_messages_count(values: list[float]) -> None:
    assert POLICY.level(values, set()) is POLICY.level(values[-POLICY.span :], set())


def test_cooldown_is_kept_and_ends() -> None:
    warned = ContactState(warned_at=NOW, warned_level=Level.NUDGE)
    assert not POLICY.shows(Level.NUDGE, warned, NOW + timedelta(hours=23))
    assert POLICY.shows(Level.NUDGE, warned, NOW + timedelta(hours=24))


def test_an_urgent_hint_follows_a_gentle_one_at_once() -> None:
    warned = ContactState(warned_at=NOW, warned_level=Level.NUDGE)
    assert POLICY.shows(Level.URGENT, warned, NOW + timedelta(minutes=1))
    again = ContactState(warned_at=NOW, warned_level=Level.URGENT)
    assert not POLICY.shows(Level.URGENT, again, NOW + timedelta(minutes=1))


def test_a_known_person_causes_no_gentle_hint_but_urgent_ones() -> None:
    known = ContactState(known=True)
    assert not POLICY.shows(Level.NUDGE, known, NOW)
    assert POLICY.shows(Level.URGENT, known, NOW)


def test_a_clock_set_back_silences_nothing_for_longer_than_the_cooldown() -> None:
    warned = ContactState(warned_at=NOW, warned_level=Level.NUDGE)
    assert POLICY.shows(Level.NUDGE, warned, NOW - timedelta(days=30))
