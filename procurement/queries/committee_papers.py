"""Reads about how a committee was chosen and where it sits, and who may read the papers of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from core.clock import SHANGHAI
from core.documents.models import Document
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.models import CommitteeDraw, CommitteeSeat, DutyRecord, ReviewSession, Tender
from procurement.permissions import TenderPermission


def draws_of(uow: UnitOfWork, tender: Tender) -> Sequence[CommitteeDraw]:
    """Return the registered draws and selections in their order."""
    rows = select(CommitteeDraw).where(CommitteeDraw.tender_id == tender.id).order_by(CommitteeDraw.registered_at)
    return uow.session.scalars(rows).all()


def session_of(uow: UnitOfWork, tender: Tender) -> ReviewSession | None:
    """Return the session's record, if it is kept already."""
    return uow.session.scalar(select(ReviewSession).where(ReviewSession.tender_id == tender.id))


def duty_records(uow: UnitOfWork, seats: Sequence[CommitteeSeat]) -> dict[object, DutyRecord]:
    """Return the duty records of these members by seat."""
    ids = [seat.id for seat in seats]
    return {row.seat_id: row for row in uow.session.scalars(select(DutyRecord).where(DutyRecord.seat_id.in_(ids)))}


def duty_due(uow: UnitOfWork, tender: Tender) -> date | None:
    """Return until when the experts' duty is recorded: so many working days after the review (R-COMM-13)."""
    if tender.evaluated_at is None:
        return None
    days = uow.house.rules.whole("R-COMM-13", "days", on=uow.today)
    return work_calendar(uow).add_working_days(tender.evaluated_at.astimezone(SHANGHAI).date(), days).date


def may_read_draw(uow: UnitOfWork, document: Document) -> bool:
    """Papers of a draw name the committee, so they are for whoever may read it (R-COMM-12)."""
    row = uow.get(CommitteeDraw, document.owner_id)
    return row is not None and policy.allows(uow.actor, TenderPermission.READ_COMMITTEE, row.tender)


def may_read_session(uow: UnitOfWork, document: Document) -> bool:
    """The authorisation is for the purchaser's side; the written briefing for every member as well (R-COMM-09)."""
    row = uow.get(ReviewSession, document.owner_id)
    if row is None:
        return False
    if policy.allows(uow.actor, TenderPermission.SEAT, row.tender):
        return True
    sits = select(CommitteeSeat.id).where(
        CommitteeSeat.tender_id == row.tender_id, CommitteeSeat.user_id == uow.actor.user_id
    )
    return document.purpose == "briefing" and uow.session.scalar(sits) is not None
