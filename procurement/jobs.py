"""Work of the purchase room that waits for nobody."""

from __future__ import annotations

from sqlalchemy import select

from core.jobs.queue import job
from core.unit_of_work import UnitOfWork
from procurement.models import Tender
from procurement.services.publication import publish_process


@job("publish-what-is-due", every="*/10 * * * *")
def publish_what_is_due(uow: UnitOfWork) -> None:
    """Say what became public by time alone, or by a deed that named no purchase."""
    public = select(Tender).where(Tender.published_at.is_not(None)).order_by(Tender.published_at, Tender.id)
    for tender in uow.session.scalars(public).all():
        publish_process(uow, tender)
