"""What the rules say of people's service, many at once (R-EXP.score, R-EXP.exit, R-EXP.suspension)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, or_, select

from core.unit_of_work import UnitOfWork
from experts.appraisal import Mark, Verdict, YearScore, average, verdict, year_scores
from experts.models import Expert, ExpertDuty, Seat
from experts.pool_rules import pool_rules
from experts.states import Attendance, SeatState


@dataclass(frozen=True)
class Appraisal:
    """Somebody's marks and their averages, absences and silences since the last suspension, and what follows."""

    marks: Sequence[Mark]
    average: Decimal | None
    years: Sequence[YearScore]
    absences: int
    silences: int
    verdict: Verdict


def appraisals(uow: UnitOfWork, experts: Sequence[Expert]) -> dict[uuid.UUID, Appraisal]:
    """Return everybody's appraisal by id, in three queries."""
    ids = [one.id for one in experts]
    limits = pool_rules(uow).thresholds
    marks: dict[uuid.UUID, list[Mark]] = defaultdict(list)
    absences: dict[uuid.UUID, int] = defaultdict(int)
    restored = {one.id: one.restored_at for one in experts}
    rows = select(ExpertDuty).where(ExpertDuty.expert_id.in_(ids)).order_by(ExpertDuty.held_on)
    for duty in uow.session.scalars(rows):
        if duty.points is not None:
            marks[duty.expert_id].append(Mark(duty.held_on, duty.points))
        lifted = restored[duty.expert_id]
        absences[duty.expert_id] += duty.attendance is Attendance.ABSENT and (
            lifted is None or duty.recorded_at > lifted
        )
    silent = (
        select(Seat.expert_id, func.count())
        .join(Expert, Expert.id == Seat.expert_id)
        .where(
            Seat.expert_id.in_(ids),
            Seat.state == SeatState.LAPSED,
            or_(Expert.restored_at.is_(None), Seat.invited_at > Expert.restored_at),
        )
        .group_by(Seat.expert_id)
    )
    silences = {row[0]: row[1] for row in uow.session.execute(silent)}
    return {
        one: Appraisal(
            marks[one],
            average(marks[one]),
            year_scores(marks[one]),
            absences[one],
            silences.get(one, 0),
            verdict(marks[one], absences[one], silences.get(one, 0), limits, uow.today),
        )
        for one in ids
    }
