"""The dates of milestones (R-PERF-09, R-AGENCY.dates): from the contract, in order, moved with consent."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agencies.schedule import SHARED, DateRules, due_dates, postponed
from agencies.states import MilestoneKind
from core.workdays import WorkCalendar

K = MilestoneKind
CALENDAR = WorkCalendar({})
RULES = DateRules(dict(zip(SHARED, (15, 45, 60, 75, 85, 92), strict=True)), 30)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def test_the_dates_of_a_contract():
    found = due_dates(date(2026, 9, 1), date(2026, 12, 10), RULES, CALENDAR)
    assert found[K.PLAN] == date(2026, 9, 16)
    assert found[K.DRAFT] == date(2026, 11, 13), "a Sunday is moved to the working day before"
    assert found[K.FINAL] == date(2026, 12, 10)
    assert found[K.ARCHIVE] == date(2027, 1, 11), "thirty days after the end, on a working day"


@given(days, st.integers(0, 400), st.lists(st.integers(0, 100), min_size=6, max_size=6))
def test_dates_keep_their_order_and_stay_in_the_contract(begins, length, shares):
    ends = begins + timedelta(days=length)
    found = due_dates(begins, ends, DateRules(dict(zip(SHARED, shares, strict=True)), 30), CALENDAR)
    in_order = [found[kind] for kind in MilestoneKind]
    assert in_order == sorted(in_order)
    assert all(begins <= found[kind] <= ends for kind in (*SHARED, K.FINAL))


@given(st.sampled_from(MilestoneKind), st.integers(1, 90), st.sets(st.sampled_from(MilestoneKind)))
def test_a_postponed_step_moves_what_follows_and_nothing_done(kind, by, done):
    before = due_dates(date(2026, 9, 1), date(2026, 12, 10), RULES, CALENDAR)
    after = postponed(before, kind, before[kind] + timedelta(days=by), done=done)
    order = list(MilestoneKind)
    for one in MilestoneKind:
        moves = order.index(one) >= order.index(kind) and one not in done
        assert after[one] - before[one] == timedelta(days=by if moves else 0)
