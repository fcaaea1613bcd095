"""The published intention of a purchase (R-TENDER-20)."""

from __future__ import annotations

from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from procurement.models import Intention, Tender
from procurement.public_process import Intention as PublicIntention


def intention_of(uow: UnitOfWork, tender: Tender) -> PublicIntention | None:
    """Return the first intention that was published for this purchase."""
    row = uow.session.scalars(
        select(Intention).where(Intention.tender_id == tender.id).order_by(Intention.published_at)
    ).first()
    return public_intention(row) if row is not None else None


def public_intention(row: Intention) -> PublicIntention:
    """Return an intention as a public fact."""
    return PublicIntention(
        at=row.published_at,
        title=row.title,
        summary=row.need,
        budget=row.budget,
        month=row.starts_on,
        note=row.note,
    )
