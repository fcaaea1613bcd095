"""Starting and stopping the clocks of inquiries, challenges and complaints (R-REMEDY-05)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core.deadlines import DerivedDeadline
from core.unit_of_work import Subject, UnitOfWork
from procurement.models import RemedyClock
from procurement.queries.remedies import case_kind, reckoner


def start_clock(uow: UnitOfWork, case: Subject, rule_id: str, name: str, start: date) -> RemedyClock:
    """Start the period that a rule's value sets, counted from a civil date (that day not counted)."""
    return keep_clock(uow, case, name, start, reckoner(uow).period(rule_id, start, name))


def keep_clock(uow: UnitOfWork, case: Subject, name: str, start: date, deadline: DerivedDeadline) -> RemedyClock:
    """Write a reckoned period as the case's clock of this name; one that runs already is set to it."""
    row = find_clock(uow, case, name)
    if row is None:
        row = uow.add(
            RemedyClock(
                owner_kind=case_kind(case),
                owner_id=case.id,
                rule_id=deadline.rule_id,
                name=name,
                starts_on=start,
                last_day=deadline.last_day,
                ends_at=deadline.ends_at,
                provisional=deadline.provisional,
                stopped_at=None,
            )
        )
    row.starts_on, row.last_day, row.ends_at = start, deadline.last_day, deadline.ends_at
    row.provisional = deadline.provisional
    return row


def stop_clock(uow: UnitOfWork, case: Subject, *names: str) -> None:
    """Note that the deeds were done now; late ones stay visible as late."""
    for name in names:
        row = find_clock(uow, case, name)
        if row is not None and row.stopped_at is None:
            row.stopped_at = uow.now


def find_clock(uow: UnitOfWork, case: Subject, name: str) -> RemedyClock | None:
    """Return the case's clock of this name."""
    if case.id is None:
        uow.session.flush()
    return uow.session.scalar(
        select(RemedyClock).where(
            RemedyClock.owner_kind == case_kind(case), RemedyClock.owner_id == case.id, RemedyClock.name == name
        )
    )
