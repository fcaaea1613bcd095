"""How many to ask at once, and until when: pure."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experts.answering import AnswerTimes, answer_reminder_due, answer_until, meeting_reminder_due
from experts.waves import History, Prior, acceptance, chance_of, wave

shares = st.floats(0, 1, allow_nan=False)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TIMES = AnswerTimes(hours=24, before_meeting=1, remind_before=4, meeting_before=24)


@given(st.lists(shares, max_size=7), st.integers(0, 8))
def test_the_chance_is_that_of_counting_every_case(chances, seats):
    by_cases = 0.0
    for answers in itertools.product((True, False), repeat=len(chances)):
        if sum(answers) >= seats:
            weight = 1.0
            for accepts, chance in zip(answers, chances, strict=True):
                weight *= chance if accepts else 1 - chance
            by_cases += weight
    assert chance_of(chances, seats) == pytest.approx(by_cases, abs=1e-9)


@given(st.lists(shares, max_size=14), st.integers(1, 6), st.floats(0.05, 1), st.integers(0, 6))
def test_a_wave_is_the_shortest_that_is_sure_enough_and_never_longer_than_allowed(chances, seats, wanted, most):
    found = wave(chances, seats, wanted=wanted, spare_max=most)
    assert min(seats, len(chances)) <= found.size <= min(len(chances), seats + most)
    assert found.chance == pytest.approx(chance_of(chances[: found.size], seats))
    assert found.chance >= found.alone - 1e-12
    if found.size > seats:
        assert chance_of(chances[: found.size - 1], seats) < wanted
    if found.chance < wanted:
        assert found.size == min(len(chances), seats + most)


@pytest.mark.parametrize(("share", "size"), [(0.5, 8), (0.6, 6), (0.7, 5), (0.8, 4)])
def test_two_seats_with_ninety_five_percent_need_the_waves_known_from_the_tables(share, size):
    assert wave([share] * 12, 2, wanted=0.95, spare_max=10).size == size


@given(st.integers(0, 40), st.integers(0, 40), shares, st.floats(0.1, 50))
def test_a_history_counts_the_more_the_longer_it_is(asked, accepted, share, weight):
    accepted = min(asked, accepted)
    chance = acceptance(History(asked, accepted), Prior(share, weight))
    low, high = sorted((share, accepted / asked if asked else share))
    assert low - 1e-9 <= chance <= high + 1e-9
    assert acceptance(History(), Prior(share, weight)) == pytest.approx(share)


@given(st.integers(1, 40_000), st.integers(-3000, 40_000))
def test_there_is_always_time_to_answer_and_it_ends_before_the_meeting(minutes, wish):
    meets = NOW + timedelta(minutes=minutes)
    until = answer_until(NOW, meets, TIMES, wished=NOW + timedelta(minutes=wish))
    assert NOW < until <= meets
    if minutes > 120:
        assert until <= meets - timedelta(hours=TIMES.before_meeting)


def test_a_wish_that_has_passed_gives_the_usual_hours():
    meets = NOW + timedelta(days=9)
    assert answer_until(NOW, meets, TIMES, wished=NOW - timedelta(hours=1)) == NOW + timedelta(hours=24)
    assert answer_until(NOW, meets, TIMES, wished=NOW + timedelta(days=3)) == NOW + timedelta(days=3)
    assert answer_until(NOW, NOW - timedelta(days=1), TIMES) == NOW + timedelta(hours=24)


def test_reminders_come_once_it_is_near_and_not_to_those_who_only_just_answered():
    until = NOW + timedelta(hours=24)
    assert not answer_reminder_due(until - timedelta(hours=5), NOW, until, TIMES)
    assert answer_reminder_due(until - timedelta(hours=3), NOW, until, TIMES)
    assert not answer_reminder_due(until, NOW, until, TIMES)
    short = NOW + timedelta(hours=3)
    assert not answer_reminder_due(NOW + timedelta(minutes=30), NOW, short, TIMES)
    meets = NOW + timedelta(days=3)
    assert meeting_reminder_due(meets - timedelta(hours=20), meets, NOW, TIMES)
    assert not meeting_reminder_due(meets - timedelta(hours=20), meets, meets - timedelta(hours=21), TIMES)
    assert not meeting_reminder_due(meets, meets, NOW, TIMES)
