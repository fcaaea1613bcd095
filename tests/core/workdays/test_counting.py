from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deadlines import NotATimeLimit, derive
from core.rules import RuleBook
from core.workdays import CalendarDay, OutOfRange, WorkCalendar, seed_calendar

CALENDAR = WorkCalendar(seed_calendar())
BOOK = RuleBook.load()
DAYS = st.dates(date(2020, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2025-12-01", 1, "2025-12-02"),
        ("2025-12-02", 7, "2025-12-11"),
        ("2025-12-12", 5, "2025-12-19"),
        ("2025-11-03", 3, "2025-11-06"),
        ("2025-05-06", 7, "2025-05-15"),
        ("2025-08-12", 2, "2025-08-14"),
        ("2026-09-30", 5, "2026-10-13"),
    ],
)
def test_the_rulebooks_vectors(start, count, last):
    deadline = CALENDAR.add_working_days(date.fromisoformat(start), count)
    assert deadline.date == date.fromisoformat(last)
    assert not deadline.provisional


@pytest.mark.parametrize(
    ("rule_id", "name", "start", "last"),
    [
        ("R-AWARD-03", None, "2025-12-01", "2025-12-02"),
        ("R-REMEDY-02", "file_days", "2025-12-02", "2025-12-11"),
        ("R-REMEDY-03", "review_days", "2025-12-12", "2025-12-19"),
        ("R-REMEDY-03", "refusal_days", "2025-11-03", "2025-11-06"),
        ("R-TENDER-04", None, "2026-09-14", "2026-10-04"),
        ("R-CONTRACT-01", "sign_days", "2026-09-03", "2026-10-08"),
    ],
)
def test_rules_derive_their_deadline(rule_id, name, start, last):
    deadline = derive(rule_id, date.fromisoformat(start), CALENDAR, BOOK, name=name)
    assert (deadline.last_day, deadline.provisional, deadline.rule_id) == (date.fromisoformat(last), False, rule_id)


def test_a_challenge_on_the_tenth_is_in_time_and_the_period_ends_at_midnight_in_shanghai():
    deadline = derive("R-REMEDY-02", date(2025, 12, 2), CALENDAR, BOOK, name="file_days")
    assert deadline.ends_at == datetime(2025, 12, 11, 16, tzinfo=UTC)
    assert not deadline.passed(datetime(2025, 12, 10, 9, tzinfo=UTC))
    assert deadline.passed(deadline.ends_at)


def test_what_runs_into_2027_is_provisional():
    assert CALENDAR.add_working_days(date(2026, 12, 28), 7).provisional
    assert derive("R-CONTRACT-01", date(2026, 12, 20), CALENDAR, BOOK, name="sign_days").provisional
    assert not CALENDAR.is_workday(date(2027, 1, 1))


def test_an_administrators_rows_make_a_year_final():
    rows = seed_calendar() | {
        date(2027, 1, 1) + timedelta(days=day): CalendarDay(day % 7 < 5, official=True) for day in range(365)
    }
    assert not WorkCalendar(rows).add_working_days(date(2026, 12, 28), 7).provisional


def test_make_up_days_of_2026_are_working_days():
    for month, day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]:
        assert CALENDAR.is_workday(date(2026, month, day))


def test_a_rule_with_several_periods_asks_which():
    with pytest.raises(NotATimeLimit):
        derive("R-AWARD-01", date(2026, 1, 5), CALENDAR, BOOK)
    with pytest.raises(NotATimeLimit):
        derive("R-TENDER-08", date(2026, 1, 5), CALENDAR, BOOK, name="max")


def test_nobody_counts_negative_days():
    with pytest.raises(OutOfRange):
        CALENDAR.add_working_days(date(2026, 1, 1), -1)
    with pytest.raises(OutOfRange):
        CALENDAR.add_days(date(2026, 1, 1), -1)


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_are_inverse(start, count):
    last = CALENDAR.add_working_days(start, count).date
    assert CALENDAR.is_workday(last)
    assert CALENDAR.working_days_between(start, last) == count
    assert CALENDAR.working_days_between(last, start) == -count


@given(DAYS, st.integers(1, 60))
def test_stepping_back_from_a_working_day_reaches_it_again(start, count):
    start = CALENDAR.roll(start)
    last = CALENDAR.add_working_days(start, count).date
    assert CALENDAR.subtract_working_days(last, count).date == start


@given(DAYS, DAYS, st.integers(0, 60))
def test_a_later_start_never_ends_earlier(one, other, count):
    first, second = sorted((one, other))
    assert CALENDAR.add_working_days(first, count).date <= CALENDAR.add_working_days(second, count).date
    assert CALENDAR.add_days(first, count).date <= CALENDAR.add_days(second, count).date


@given(DAYS, st.integers(0, 100))
def test_calendar_days_roll_to_a_working_day_only_when_asked(start, count):
    assert CALENDAR.is_workday(CALENDAR.add_days(start, count).date)
    assert CALENDAR.add_days(start, count, roll=False).date == start + timedelta(days=count)
