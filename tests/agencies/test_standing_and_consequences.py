"""Pure: how an agency stands on a day, what its grades lead to, and where that acts (R-AGENCY.standing, R-GRADE)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.consequences import (
    Consequence,
    ConsequenceKind,
    Numbers,
    PoorTask,
    Route,
    YearGrade,
    as_decision,
    consequences,
    exit_of,
    is_preferred,
    restrictions,
)
from agencies.honesty import Entry, last_day, months_later, standing_points, weigh
from agencies.library_standing import Decided, StandingOn, standing_on
from agencies.states import Grade, Standing, StandingKind

DAY = date(2026, 11, 26)
RULES = Numbers(lots_a=2, lots_c=1, rounds=1, pause_years=1, poor_years=2, exit_years=1)
K = ConsequenceKind

days = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@st.composite
def decisions(draw):
    kind = draw(st.sampled_from(StandingKind))
    begins = draw(days)
    length = draw(st.one_of(st.none(), st.integers(0, 400)))
    if kind is StandingKind.REMOVAL:
        length = length or 365
    ends = begins + timedelta(days=length) if length is not None else None
    order = draw(st.integers(0, 10**6))
    return Decided(f"d{order}", kind, begins, ends, "R-AGENCY.standing", order=order)


several = st.lists(decisions(), max_size=6, unique_by=lambda one: one.order)


def test_nobody_against_whom_nothing_was_decided_stands_badly():
    assert standing_on([], DAY) == StandingOn(Standing.IN_LIBRARY)


@given(several, days, st.randoms())
def test_standing_does_not_depend_on_the_order_in_which_decisions_are_given(found, day, chance):
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert standing_on(shuffled, day) == standing_on(found, day)


@given(several, days)
def test_what_begins_later_changes_nothing_today(found, day):
    begun = [one for one in found if one.begins_on <= day]
    assert standing_on(found, day) == standing_on(begun, day)


@given(several, days)
def test_a_return_decided_last_makes_everything_good(found, day):
    last = Decided("return", StandingKind.RETURN, day, None, "R-AGENCY.standing", order=10**7)
    assert standing_on([*found, last], day).is_full


@given(days, st.integers(0, 400), st.integers(-30, 460))
def test_a_suspension_holds_from_its_first_to_its_last_day_and_ends_by_itself(begins, length, offset):
    one = Decided("s", StandingKind.SUSPENSION, begins, begins + timedelta(days=length), "R-AGENCY-16")
    held = standing_on([one], begins + timedelta(days=offset))
    assert (held.standing is Standing.SUSPENDED) == (0 <= offset <= length)
    assert held.may_return_from is None


@given(several, decisions(), days)
def test_one_more_decision_against_an_agency_never_improves_its_standing(found, more, day):
    ranks = [Standing.IN_LIBRARY, Standing.SUSPENDED, Standing.LEFT, Standing.REMOVED]
    if more.kind is not StandingKind.RETURN:
        before, after = standing_on(found, day), standing_on([*found, more], day)
        assert ranks.index(after.standing) >= ranks.index(before.standing)


def test_who_was_removed_stays_out_until_a_return_and_may_apply_after_the_period():
    removal = Decided("r", StandingKind.REMOVAL, date(2025, 3, 1), date(2026, 2, 28), "R-AGENCY-05")
    held = standing_on([removal], DAY)
    assert (held.standing, held.may_return_from) == (Standing.REMOVED, date(2026, 3, 1))
    back = Decided("b", StandingKind.RETURN, date(2026, 6, 1), None, "R-AGENCY.standing", order=1)
    assert standing_on([removal, back], DAY).is_full
    assert standing_on([removal, back], date(2026, 5, 31)).standing is Standing.REMOVED


def test_a_suspension_without_a_last_day_ends_on_application_alone():
    one = Decided("s", StandingKind.SUSPENSION, date(2026, 1, 1), None, "R-AGENCY-16")
    assert standing_on([one], date(2030, 1, 1)).may_return_from == date(2026, 1, 1)


def graded(year, grade, published=None):
    return YearGrade(str(year), year, grade, published or date(year + 1, 3, 10))


def kinds(found):
    return {one.kind for one in found}


def test_grade_a_may_take_two_lots_and_is_preferred_r_grade_a():
    found = consequences([graded(2025, Grade.A)], [], RULES, DAY)
    assert kinds(found) == {K.TWO_LOTS, K.PREFERRED}
    assert {one.rule_id for one in found} == {"R-GRADE.A"}
    assert is_preferred(found, Route.DIRECT_SELECTION, running=1)
    assert not is_preferred(found, Route.DIRECT_SELECTION, running=2)
    assert not is_preferred(found, Route.BELOW_LIMIT, running=0)


def test_grade_c_has_one_lot_and_is_coached_until_a_newer_grade_r_grade_c():
    found = consequences([graded(2025, Grade.C)], [], RULES, DAY)
    assert kinds(found) == {K.LOT_LIMIT, K.COACHED}
    barred = restrictions(StandingOn(Standing.IN_LIBRARY), found, Route.BELOW_LIMIT, running=1)
    assert [one.rule_id for one in barred] == ["R-GRADE.C"]
    assert not restrictions(StandingOn(Standing.IN_LIBRARY), found, Route.BELOW_LIMIT, running=0)
    better = [graded(2024, Grade.C), graded(2025, Grade.B)]
    assert consequences(better, [], RULES, DAY) == []


def test_a_task_that_was_d_skips_the_next_round_only_r_grade_d1():
    poor, full = [PoorTask("评委〔2026〕7号", date(2026, 10, 1))], StandingOn(Standing.IN_LIBRARY)
    before = consequences([], poor, RULES, DAY, rounds=[date(2026, 9, 1), date(2026, 10, 1), DAY + timedelta(days=1)])
    first = restrictions(full, before, Route.BELOW_LIMIT, running=0)
    assert [one.rule_id for one in first] == ["R-GRADE.D1"]
    assert consequences([], poor, RULES, DAY, rounds=[date(2026, 10, 20)]) == [], "one round without it is enough"
    assert consequences([], poor, RULES, date(2026, 9, 30)) == []


def test_a_year_that_was_d_pauses_until_the_end_of_the_next_r_grade_dy():
    grades = [graded(2025, Grade.D)]
    pause = next(one for one in consequences(grades, [], RULES, DAY) if one.kind is K.SKIP_YEAR)
    assert (pause.begins_on, pause.ends_on, pause.basis) == (date(2026, 3, 10), date(2026, 12, 31), "2025")
    assert consequences(grades, [], RULES, date(2027, 1, 1)) == []
    assert consequences(grades, [], RULES, date(2026, 3, 9)) == [], "nothing follows from a grade not yet published"


def test_two_yearly_d_leave_the_library_and_may_apply_after_a_year_r_grade_exit():
    grades = [graded(2023, Grade.D), graded(2024, Grade.B), graded(2025, Grade.D)]
    gone = exit_of(grades, RULES, DAY)
    assert (gone.begins_on, gone.ends_on, gone.basis) == (date(2026, 3, 10), date(2027, 3, 10), "2023、2025")
    held = standing_on([as_decision(gone)], DAY)
    assert (held.standing, held.may_return_from) == (Standing.REMOVED, date(2027, 3, 11))
    assert exit_of(grades, RULES, DAY, returned_on=date(2026, 5, 1)) is None, "what led to it does not count again"
    assert exit_of(grades[:2], RULES, DAY) is None


@given(
    st.lists(st.tuples(st.integers(2018, 2026), st.sampled_from(Grade)), unique_by=lambda one: one[0]),
    days,
)
def test_every_consequence_names_its_rule_and_rests_on_what_was_published(given_, day):
    grades = [graded(year, grade) for year, grade in given_]
    for one in consequences(grades, [], RULES, day):
        assert one.rule_id.startswith("R-GRADE.")
        assert one.begins_on <= day
        assert all(part in {str(year) for year, _grade in given_} for part in one.basis.split("、"))


GRAVE = (
    Consequence(K.SKIP_YEAR, "R-GRADE.DY", "2025", date(2026, 1, 1), date(2026, 12, 31)),
    Consequence(K.SKIP_ROUND, "R-GRADE.D1", "7", date(2026, 1, 1), number=1),
    Consequence(K.LOT_LIMIT, "R-GRADE.C", "2025", date(2026, 1, 1), number=1),
    Consequence(K.EXIT, "R-GRADE.exit", "2024、2025", date(2026, 1, 1)),
)


@given(several, days)
def test_nothing_ever_bars_where_grades_have_no_route_r_grade_scope(found, day):
    held = standing_on(found, day)
    assert restrictions(held, GRAVE, None, running=9) == []
    assert len(restrictions(held, GRAVE, Route.BELOW_LIMIT, running=9)) == 3 + (not held.is_full)


def test_points_of_the_ladder_double_while_an_earlier_entry_stands_and_come_back():
    first = Entry("1", Decimal(10), date(2026, 1, 5), date(2026, 4, 4))
    again = Entry("2", Decimal(15), date(2026, 4, 4), date(2026, 10, 3))
    late = Entry("3", Decimal(10), date(2026, 10, 4), date(2027, 1, 3))
    weighed = weigh([late, again, first], Decimal(2), date(2026, 4, 4))
    assert [(one.points, one.repeated, one.stands) for one in weighed] == [
        (Decimal(10), False, True),
        (Decimal(30), True, True),
        (Decimal(10), False, False),
    ]
    assert standing_points(weighed) == Decimal(40)
    assert standing_points(weigh([first, again], Decimal(2), date(2027, 1, 1))) == 0


@pytest.mark.parametrize(
    ("begins", "months", "last"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 27)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_months_are_counted_from_the_first_day(begins, months, last):
    assert last_day(begins, months) == last
    assert months_later(begins, 0) == begins
