"""The course of a year's grades: sent to the agencies, taken back, published by another person (R-GRADE.publish)."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import delete, select

from agencies.services.grades import record_grade
from core.deadlines import DerivedDeadline, derive, end_of
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from grading.events import CycleAnnounced, CyclePublished, GradesLeft
from grading.models import CycleEntry, EntryConsent, GradeAppeal, GradingCycle
from grading.states import AppealState, CycleState
from grading.workflow import APPEAL, CYCLE

AT_ONCE = 200
"""How many grades are recorded in one unit of work: some seconds."""


def appeals_until(uow: UnitOfWork, start: date) -> DerivedDeadline:
    """Return until when agencies may appeal against sheets sent to them on a day: working days (R-GRADE.publish)."""
    return derive("R-GRADE.publish", start, work_calendar(uow), uow.house.rules, overrides=overrides(uow))


def may_still_appeal(uow: UnitOfWork, cycle: GradingCycle) -> bool:
    """Whether the sheets are with the agencies and their time to appeal runs."""
    due = cycle.appeals_due_on
    return cycle.state is CycleState.ANNOUNCED and due is not None and uow.now < end_of(due)


def announce_cycle(uow: UnitOfWork, cycle: GradingCycle) -> None:
    """Send every agency its own sheet; from now on it may appeal, and nothing is computed anew.

    Raises `Refused` for a year without any agency, and where tasks were scored after the computation.
    """
    uow.lock(cycle)
    if uow.session.scalar(select(CycleEntry.id).where(CycleEntry.cycle_id == cycle.id).limit(1)) is None:
        raise Refused(Refusal(_l("本年度没有可以评级的机构"), rule_id="R-GRADE.min"))
    due = appeals_until(uow, uow.today)
    CYCLE.fire(
        uow,
        cycle,
        "announce",
        detail={"appeals_due_on": due.last_day.isoformat()},
        assign={"announced_by_id": uow.actor.user_id, "appeals_due_on": due.last_day},
    )
    uow.session.flush()
    publish(uow, CycleAnnounced(cycle))


def recall_cycle(uow: UnitOfWork, cycle: GradingCycle, reason: str) -> None:
    """Take the sheets back to a preview, with the reason; open appeals lapse, agencies may appeal against the next.

    What upheld appeals put right stays.
    """
    CYCLE.fire(uow, cycle, "recall", reason=reason)
    waiting = uow.session.scalars(
        select(GradeAppeal)
        .join(CycleEntry, CycleEntry.id == GradeAppeal.entry_id)
        .where(CycleEntry.cycle_id == cycle.id, GradeAppeal.state == AppealState.FILED)
        .order_by(GradeAppeal.filed_at)
    ).all()
    for appeal in waiting:
        APPEAL.fire(uow, appeal, "lapse", reason=reason)
    of_cycle = select(CycleEntry.id).where(CycleEntry.cycle_id == cycle.id)
    uow.session.execute(delete(EntryConsent).where(EntryConsent.entry_id.in_(of_cycle)))
    uow.session.flush()
    publish(uow, CycleAnnounced(cycle))


def publish_cycle(uow: UnitOfWork, cycle: GradingCycle) -> None:
    """Publish the year: every agency's grade is recorded with its record, and the agencies are told.

    Of few agencies here and now, of many by jobs; the agencies are told when all are recorded. By somebody else than
    who computed it. Raises `Refused` while agencies may still appeal, while an appeal waits for its decision, and where
    tasks were scored after the computation.
    """
    CYCLE.fire(uow, cycle, "publish", assign={"published_by_id": uow.actor.user_id})
    uow.session.flush()
    if record_next(uow, cycle, None) is None:
        publish(uow, CyclePublished(cycle))
    else:
        publish(uow, GradesLeft(cycle))


def record_next(uow: UnitOfWork, cycle: GradingCycle, after: uuid.UUID | None) -> uuid.UUID | None:
    """Record the grades of the next agencies of a published year; return where to go on, None at the end."""
    query = select(CycleEntry).where(CycleEntry.cycle_id == cycle.id).order_by(CycleEntry.id).limit(AT_ONCE)
    entries = uow.session.scalars(query.where(CycleEntry.id > after) if after else query).all()
    for one in entries:
        record_grade(
            uow,
            one.agency,
            year=cycle.year,
            grade=one.grade,
            score=one.score,
            tasks=one.tasks,
            record=one.record,
        )
    return entries[-1].id if len(entries) == AT_ONCE else None
