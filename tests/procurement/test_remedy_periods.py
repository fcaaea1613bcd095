"""The rulebook's test vectors and what must hold for every start (R-REMEDY-01…03, R-REMEDY-05)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import RuleBook
from core.workdays import WorkCalendar, seed_calendar
from procurement.remedy_periods import CHANGES_RESULT, MEASURES, Milestones, Reckoner
from procurement.states import ChallengeBasis, Measure, ProcessStep

RECKONER = Reckoner(WorkCalendar(seed_calendar()), RuleBook.load())
DAYS = st.dates(date(2024, 1, 1), date(2026, 10, 1))


def period(facts: Milestones, basis: ChallengeBasis, step: ProcessStep | None = None):
    return next(one for one in RECKONER.challenges(facts) if one.basis is basis and one.step is step)


def test_the_result_is_challenged_from_the_end_of_its_notice_period():
    found = period(Milestones(date(2025, 11, 3), awarded_on=date(2025, 12, 1)), ChallengeBasis.RESULT)
    assert found.starts_on == date(2025, 12, 2)
    assert found.deadline.last_day == date(2025, 12, 11)
    assert found.is_open(date(2025, 12, 10))
    assert found.is_open(date(2025, 12, 11))
    assert not found.is_open(date(2025, 12, 12))


@pytest.mark.parametrize(
    ("rule_id", "name", "start", "last"),
    [
        ("R-REMEDY-03", "review_days", date(2025, 12, 12), date(2025, 12, 19)),
        ("R-REMEDY-03", "refusal_days", date(2025, 11, 3), date(2025, 11, 6)),
        ("R-REMEDY-03", "statement_days", date(2026, 9, 30), date(2026, 10, 13)),  # a make-up working day on 10-10
        ("R-REMEDY-01", "days", date(2026, 9, 30), date(2026, 10, 10)),
    ],
)
def test_vectors_of_the_rule_book(rule_id, name, start, last):
    assert RECKONER.period(rule_id, start, name).last_day == last


def test_documents_are_challenged_from_the_later_of_receipt_and_the_end_of_the_notice():
    # notice Monday 2025-11-03, five working days: until Monday the 10th
    assert period(Milestones(date(2025, 11, 3)), ChallengeBasis.DOCUMENTS).starts_on == date(2025, 11, 10)
    early = Milestones(date(2025, 11, 3), documents_received_on=date(2025, 11, 4))
    assert period(early, ChallengeBasis.DOCUMENTS).starts_on == date(2025, 11, 10)
    late = Milestones(date(2025, 11, 3), documents_received_on=date(2025, 11, 13))
    assert period(late, ChallengeBasis.DOCUMENTS).starts_on == date(2025, 11, 13)


def test_each_step_of_the_process_has_its_own_start():
    facts = Milestones(date(2025, 11, 3), opened_on=date(2025, 11, 26), evaluated_on=date(2025, 11, 28))
    opening = period(facts, ChallengeBasis.PROCESS, ProcessStep.OPENING)
    evaluation = period(facts, ChallengeBasis.PROCESS, ProcessStep.EVALUATION)
    assert (opening.starts_on, evaluation.starts_on) == (date(2025, 11, 26), date(2025, 11, 28))
    assert not [one for one in RECKONER.challenges(facts) if one.basis is ChallengeBasis.RESULT]


def test_what_runs_into_a_year_without_official_calendar_is_provisional():
    assert period(Milestones(None, awarded_on=date(2026, 12, 28)), ChallengeBasis.RESULT).deadline.provisional


def test_nothing_can_be_challenged_before_the_notice():
    assert RECKONER.challenges(Milestones(None)) == []


@given(DAYS)
def test_every_last_day_is_a_working_day_after_its_start(day):
    facts = Milestones(day, opened_on=day, evaluated_on=day, awarded_on=day)
    for one in RECKONER.challenges(facts):
        assert RECKONER.calendar.is_workday(one.deadline.last_day)
        assert RECKONER.calendar.working_days_between(one.starts_on, one.deadline.last_day) == 7
        assert one.is_open(one.starts_on)


@given(DAYS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=3))
def test_days_with_experts_and_laboratories_are_not_counted(day, spans):
    pauses = [(day + timedelta(days=first), day + timedelta(days=first + length)) for first, length in spans]
    plain, paused = RECKONER.decision(day, []), RECKONER.decision(day, pauses)
    assert paused.last_day >= plain.last_day
    counted = [
        one
        for one in (day + timedelta(days=step) for step in range(1, (paused.last_day - day).days + 1))
        if RECKONER.calendar.is_workday(one) and not any(first <= one <= last for first, last in pauses)
    ]
    assert len(counted) == 30
    assert counted[-1] == paused.last_day


def test_without_pauses_the_decision_is_due_in_thirty_working_days():
    assert RECKONER.decision(date(2025, 11, 3), []) == RECKONER.period(
        "R-REMEDY-03", date(2025, 11, 3), "decision_days"
    )


def test_a_complaint_is_counted_from_the_end_of_the_answer_period():
    assert RECKONER.complaint_until(date(2025, 12, 12)).last_day == date(2026, 1, 5)


def test_what_may_follow_fits_what_was_challenged():
    assert Measure.AMEND_DOCUMENTS in MEASURES[ChallengeBasis.DOCUMENTS]
    assert Measure.AMEND_DOCUMENTS not in MEASURES[ChallengeBasis.RESULT]
    assert all(Measure.CONTINUE in allowed for allowed in MEASURES.values())
    assert CHANGES_RESULT.isdisjoint({Measure.CONTINUE, Measure.AMEND_DOCUMENTS})
