"""Reads for appeals against yearly grades and what agencies said to their sheets."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from core.unit_of_work import UnitOfWork
from grading.corrections import OTHER
from grading.models import AppealLine, CycleEntry, EntryConsent, GradeAppeal, GradingCycle
from grading.states import AppealState


def load_appeal(uow: UnitOfWork, appeal_id: uuid.UUID) -> GradeAppeal | None:
    """Return the appeal with this id."""
    return uow.get(GradeAppeal, appeal_id)


def appeals_of(uow: UnitOfWork, entry: CycleEntry) -> list[GradeAppeal]:
    """Return an entry's appeals, the newest first."""
    return list(
        uow.session.scalars(
            select(GradeAppeal)
            .where(GradeAppeal.entry_id == entry.id)
            .options(joinedload(GradeAppeal.decided_by), joinedload(GradeAppeal.stated_by))
            .order_by(GradeAppeal.filed_at.desc())
        )
    )


def appeals_in(cycle: GradingCycle, *, state: str = "") -> Select[GradeAppeal]:
    """Select a cycle's appeals, by state if one is asked for."""
    query = (
        select(GradeAppeal)
        .join(CycleEntry, CycleEntry.id == GradeAppeal.entry_id)
        .where(CycleEntry.cycle_id == cycle.id)
        .options(joinedload(GradeAppeal.entry), joinedload(GradeAppeal.decided_by), selectinload(GradeAppeal.lines))
    )
    if state in {member.value for member in AppealState}:
        query = query.where(GradeAppeal.state == AppealState(state))
    return query


def appeal_counts(uow: UnitOfWork, cycle: GradingCycle) -> tuple[int, int]:
    """Return how many appeals a cycle has, and how many of them wait for their decision."""
    rows = uow.session.execute(
        select(GradeAppeal.state, func.count())
        .join(CycleEntry, CycleEntry.id == GradeAppeal.entry_id)
        .where(CycleEntry.cycle_id == cycle.id)
        .group_by(GradeAppeal.state)
    )
    found = {row[0]: row[1] for row in rows}
    return sum(found.values()), found.get(AppealState.FILED, 0)


def open_appeal(uow: UnitOfWork, entry: CycleEntry) -> GradeAppeal | None:
    """Return the appeal that waits for its decision."""
    return uow.session.scalar(
        select(GradeAppeal).where(GradeAppeal.entry_id == entry.id, GradeAppeal.state == AppealState.FILED)
    )


def decided_targets(uow: UnitOfWork, entry: CycleEntry) -> set[str]:
    """Return what of an entry's present sheet was contested and decided: it is not decided twice."""
    since = entry.cycle.announced_at
    if since is None:
        return set()
    query = (
        select(AppealLine.target)
        .join(GradeAppeal, GradeAppeal.id == AppealLine.appeal_id)
        .where(
            GradeAppeal.entry_id == entry.id,
            GradeAppeal.decided_at.is_not(None),
            GradeAppeal.filed_at >= since,
            AppealLine.target != OTHER,
        )
    )
    return set(uow.session.scalars(query))


def waiting_appeals(uow: UnitOfWork) -> list[GradeAppeal]:
    """Return every appeal that waits for its decision, the oldest first."""
    query = (
        select(GradeAppeal)
        .where(GradeAppeal.state == AppealState.FILED)
        .options(joinedload(GradeAppeal.entry).joinedload(CycleEntry.cycle))
        .order_by(GradeAppeal.filed_at)
    )
    return list(uow.session.scalars(query))


def consent_to(uow: UnitOfWork, entry: CycleEntry) -> EntryConsent | None:
    """Return the agency's word that it holds nothing against its sheet."""
    return uow.session.scalar(select(EntryConsent).where(EntryConsent.entry_id == entry.id))


def consents_in(uow: UnitOfWork, cycle: GradingCycle) -> int:
    """Return how many agencies of a cycle hold nothing against their sheets."""
    query = (
        select(func.count())
        .select_from(EntryConsent)
        .join(CycleEntry, CycleEntry.id == EntryConsent.entry_id)
        .where(CycleEntry.cycle_id == cycle.id)
    )
    return uow.session.scalar(query) or 0


def open_appeals_among(uow: UnitOfWork, entries: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these entries have an appeal that waits."""
    query = select(GradeAppeal.entry_id).where(
        GradeAppeal.entry_id.in_(entries), GradeAppeal.state == AppealState.FILED
    )
    return set(uow.session.scalars(query))
