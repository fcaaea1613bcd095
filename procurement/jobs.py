"""What tendering does by itself as time passes."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from core.jobs import defer, job
from core.unit_of_work import UnitOfWork
from core.wording import spoken
from procurement.models import DirectPurchase, Tender
from procurement.queries.public_notices import unpublished_decisions, unpublished_intentions
from procurement.services.award_procedure import silent_tenders, take_first_ranked
from procurement.services.pool_invitations import lapse_overdue_invitations
from procurement.services.public_notices import publish_complaint, publish_intention
from procurement.services.publication import publish_process
from procurement.wordings import wording_of


@job("award.take-first-ranked")
def take_one(uow: UnitOfWork, tender_id: str) -> None:
    """Take the first-ranked as the winner of one tender, if its purchaser is still silent (R-AWARD-02)."""
    tender = uow.get(Tender, uuid.UUID(tender_id))
    if tender is not None:
        with spoken(wording_of(tender)):
            take_first_ranked(uow, tender)


@job("award.look-for-silence", every="20 * * * *")
def look_for_silence(uow: UnitOfWork) -> None:
    """Look every hour for purchasers who let the time pass; each tender is a unit of work of its own."""
    for tender in silent_tenders(uow):
        defer(uow, take_one, lock=f"award:{tender.id}", tender_id=str(tender.id))


@job("publish-what-is-due", every="*/10 * * * *")
def publish_what_is_due(uow: UnitOfWork) -> None:
    """Say what became public by time alone, or by a deed that named no purchase."""
    announced = Tender.id.in_(select(DirectPurchase.tender_id).where(DirectPurchase.announced_on.is_not(None)))
    known = Tender.published_at.is_not(None) | Tender.awarded_at.is_not(None) | announced
    public = select(Tender).where(known).order_by(Tender.created_at, Tender.id)
    for tender in uow.session.scalars(public).all():
        publish_process(uow, tender)
    for intention in unpublished_intentions(uow):
        publish_intention(uow, intention)
    for complaint in unpublished_decisions(uow):
        publish_complaint(uow, complaint)


@job("committee.lapse-invitations", every="*/10 * * * *")
def lapse_invitations(uow: UnitOfWork) -> None:
    """Let invitations to committees lapse whose time has passed (R-EXP-02); doing it twice does nothing more."""
    lapse_overdue_invitations(uow)


def known() -> None:
    """Be imported: the registration of the jobs above is what counts."""
