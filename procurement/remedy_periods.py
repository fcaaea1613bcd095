"""When the periods of inquiry, challenge and complaint begin and end (R-REMEDY-01…03, counted after R-REMEDY-05).

Pure: facts of a purchase in, days out. The first day never counts; the last one moves off a holiday; a letter posted
in time is in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.deadlines import DerivedDeadline, derive, end_of
from core.rules import Overrides, RuleBook
from core.workdays import WorkCalendar
from procurement.states import ChallengeBasis, Measure, ProcessStep

NOTICE, RESULT, CHALLENGE, COMPLAINT, INQUIRY = "R-TENDER-01", "R-AWARD-03", "R-REMEDY-02", "R-REMEDY-03", "R-REMEDY-01"

MEASURES: dict[ChallengeBasis, tuple[Measure, ...]] = {
    ChallengeBasis.DOCUMENTS: (Measure.CONTINUE, Measure.AMEND_DOCUMENTS, Measure.RE_TENDER),
    ChallengeBasis.PROCESS: (Measure.CONTINUE, Measure.RE_EVALUATE, Measure.OTHER_WINNER, Measure.RE_TENDER),
    ChallengeBasis.RESULT: (Measure.CONTINUE, Measure.RE_EVALUATE, Measure.OTHER_WINNER, Measure.RE_TENDER),
}
"""What may follow from an upheld challenge, by what was challenged."""

CHANGES_RESULT = frozenset({Measure.RE_EVALUATE, Measure.OTHER_WINNER, Measure.RE_TENDER})
"""Measures after which the finance authority of the same level is told in writing."""


@dataclass(frozen=True)
class Milestones:
    """The civil dates of a purchase that start periods; None for what has not happened."""

    notice_on: date | None
    documents_received_on: date | None = None
    opened_on: date | None = None
    evaluated_on: date | None = None
    awarded_on: date | None = None


@dataclass(frozen=True)
class ChallengePeriod:
    """One thing that can be challenged: from which day, why that day, until when."""

    basis: ChallengeBasis
    step: ProcessStep | None
    starts_on: date
    deadline: DerivedDeadline

    def is_open(self, on: date) -> bool:
        """Whether a challenge received on this day is in time."""
        return on <= self.deadline.last_day


@dataclass(frozen=True)
class Reckoner:
    """The calendar and the rules by which periods are counted."""

    calendar: WorkCalendar
    book: RuleBook
    overrides: Overrides | None = None

    def period(self, rule_id: str, start: date, name: str) -> DerivedDeadline:
        """Return the deadline that a named value of a rule sets, counted from a civil date."""
        return derive(rule_id, start, self.calendar, self.book, name=name, overrides=self.overrides)

    def challenges(self, facts: Milestones) -> list[ChallengePeriod]:
        """Return everything that may be challenged so far, each with its own first day (条例 art. 53).

        Documents: the day they were received or the end of the notice period, whichever is later, so that neither cuts
        a right short. Process: the end of each step. Result: the end of the result notice period.
        """
        starts: list[tuple[ChallengeBasis, ProcessStep | None, date]] = []
        if facts.notice_on is not None:
            notice_end = self.period(NOTICE, facts.notice_on, "days").last_day
            received = facts.documents_received_on or notice_end
            starts.append((ChallengeBasis.DOCUMENTS, None, max(received, notice_end)))
        if facts.opened_on is not None:
            starts.append((ChallengeBasis.PROCESS, ProcessStep.OPENING, facts.opened_on))
        if facts.evaluated_on is not None:
            starts.append((ChallengeBasis.PROCESS, ProcessStep.EVALUATION, facts.evaluated_on))
        if facts.awarded_on is not None:
            starts.append((ChallengeBasis.RESULT, None, self.period(RESULT, facts.awarded_on, "days").last_day))
        return [
            ChallengePeriod(basis, step, start, self.period(CHALLENGE, start, "file_days"))
            for basis, step, start in starts
        ]

    def complaint_until(self, answer_due: date) -> DerivedDeadline:
        """Return the last day for a complaint, counted from the end of the answer period, answered or not."""
        return self.period(COMPLAINT, answer_due, "file_days")

    def decision(self, received_on: date, pauses: Sequence[tuple[date, date]]) -> DerivedDeadline:
        """Return the last day for deciding a complaint; days spent on experts and laboratories are not counted.

        `pauses` are first and last days, both left out; they may overlap.
        """
        days = self.book.named_value(COMPLAINT, "decision_days", on=received_on, overrides=self.overrides)
        left, day, provisional = int(days.value), received_on, False
        while left:
            day += timedelta(days=1)
            provisional = provisional or not self.calendar.is_official(day)
            if self.calendar.is_workday(day) and not any(first <= day <= last for first, last in pauses):
                left -= 1
        return DerivedDeadline(COMPLAINT, day, end_of(day), provisional)
