"""The clocks of award and contract against the rulebook's vectors (§12), and as properties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import shanghai
from core.rules import RuleBook
from core.work_calendar import shipped_days
from core.workdays import WorkCalendar
from procurement.contracting import clocks
from procurement.contracting.clocks import CONTRACT_DUTIES, TENDER_DUTIES, falls_to_the_first, reckon

BOOK = RuleBook.load()
CALENDAR = WorkCalendar(shipped_days())


def last_day(duty, start: date) -> date:
    return reckon([duty], {duty.key: start}, done={}, calendar=CALENDAR, book=BOOK)[0].deadline.last_day


@pytest.mark.parametrize(
    ("duty", "start", "last"),
    [
        (clocks.NOTICE_PERIOD, date(2025, 12, 1), date(2025, 12, 2)),  # R-AWARD-03, rulebook §12
        (clocks.CHALLENGE, date(2025, 12, 2), date(2025, 12, 11)),  # R-REMEDY-02, rulebook §12
        (clocks.DECISION, date(2025, 12, 12), date(2025, 12, 19)),  # 5 wd, the vector of R-REMEDY-03's review
        (clocks.NOTICE, date(2025, 8, 12), date(2025, 8, 14)),  # 2 wd, the vector of review to publication
        (clocks.PUBLICATION, date(2025, 8, 12), date(2025, 8, 14)),  # R-CONTRACT-01
        (clocks.FILING, date(2025, 5, 6), date(2025, 5, 15)),  # 7 wd
        (clocks.DECISION, date(2026, 9, 30), date(2026, 10, 13)),  # across National Day with a make-up day
        (clocks.LOSERS_DEPOSITS, date(2026, 9, 30), date(2026, 10, 13)),  # R-TENDER-08
        (clocks.SIGNING, date(2026, 3, 1), date(2026, 3, 31)),  # 30 calendar days
        (clocks.SIGNING, date(2026, 9, 3), date(2026, 10, 8)),  # 3 October is a holiday: the next working day
    ],
)
def test_last_days_agree_with_the_rulebooks_vectors(duty, start, last):
    assert last_day(duty, start) == last


def test_a_deadline_that_runs_into_a_year_without_calendar_is_provisional():
    clock = reckon([clocks.FILING], {"filing": date(2026, 12, 29)}, done={}, calendar=CALENDAR, book=BOOK)[0]
    assert clock.deadline.provisional
    assert clock.deadline.last_day > date(2027, 1, 1)


@given(start=st.dates(date(2024, 1, 1), date(2026, 11, 1)), duty=st.sampled_from([*TENDER_DUTIES, *CONTRACT_DUTIES]))
def test_a_period_ends_on_a_working_day_after_its_start_and_never_too_early(start, duty):
    last = last_day(duty, start)
    length = BOOK.named_value(duty.rule_id, duty.value, on=start)
    assert CALENDAR.is_workday(last)
    if length.unit == "wd":
        assert CALENDAR.working_days_between(start, last) == length.value
    else:
        assert last >= start + timedelta(days=int(length.value))
        assert all(
            not CALENDAR.is_workday(start + timedelta(days=int(length.value) + more))
            for more in range((last - start).days - int(length.value))
        )


@given(start=st.dates(date(2025, 1, 1), date(2026, 10, 1)), hours=st.integers(0, 24 * 20))
def test_overdue_begins_exactly_when_the_last_day_ends(start, hours):
    clock = reckon([clocks.DECISION], {"decision": start}, done={}, calendar=CALENDAR, book=BOOK)[0]
    now = shanghai(start) + timedelta(hours=hours)
    assert clock.is_overdue(now) == (now >= shanghai(clock.deadline.last_day + timedelta(days=1)))
    assert clock.is_overdue(now) != clock.is_running(now)


def test_what_has_not_begun_has_no_clock_and_what_is_done_is_not_overdue():
    begun = {"signing": date(2026, 3, 2), "publication": None}
    done = {"signing": shanghai(date(2026, 6, 1))}
    found = reckon(CONTRACT_DUTIES, begun, done=done, calendar=CALENDAR, book=BOOK)
    assert [one.duty.key for one in found] == ["signing"]
    assert found[0].was_late
    assert not found[0].is_overdue(shanghai(date(2027, 1, 1)))


@pytest.mark.parametrize(
    ("days", "reason", "suspended", "winners", "falls"),
    [
        (6, "", False, 1, False),  # the fifth working day is 12-19, a Friday
        (8, "", False, 1, True),
        (8, "正在核实候选人信用", False, 1, False),
        (8, "", True, 1, False),
        (8, "", False, 2, False),
        (8, "", False, 0, False),
    ],
)
def test_silence_takes_the_first_ranked_only_when_nothing_speaks_against_it(days, reason, suspended, winners, falls):
    """R-AWARD-02."""
    clock = reckon([clocks.DECISION], {"decision": date(2025, 12, 12)}, done={}, calendar=CALENDAR, book=BOOK)[0]
    now = shanghai(date(2025, 12, 12) + timedelta(days=days), 10)
    found = falls_to_the_first(clock, now, delay_reason=reason, is_suspended=suspended, winners=winners)
    assert found is falls


def test_the_numbers_come_from_the_rule_book():
    assert BOOK.number("R-TENDER-09", "max", on=date(2026, 1, 5)) == Decimal(10)
    assert BOOK.number("R-CONTRACT-01", "supplement_max", on=date(2026, 1, 5)) == Decimal(10)
    assert BOOK.whole("R-SUSP-01", "waiting_days", on=date(2026, 1, 5)) == 0
    assert BOOK.whole("R-ARCH-01", "years_min", on=date(2026, 1, 5)) == 15
