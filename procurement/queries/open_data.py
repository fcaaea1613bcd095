"""Reads of what was published as open data, in the order in which it was stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, select

from core.unit_of_work import UnitOfWork
from procurement.models import OcdsRelease, Tender

WATERMARK = timedelta(seconds=5)
"""Who reads page after page must not miss what another transaction stored a moment earlier and made durable later."""
RELEASES_A_PAGE, PROCESSES_A_PAGE = 100, 25


def releases_page(uow: UnitOfWork, page: int) -> tuple[list[OcdsRelease], int]:
    """Return one page of all releases, the oldest first, and how many pages there are."""
    settled = OcdsRelease.stored_at <= uow.now - WATERMARK
    total = uow.session.scalar(select(func.count()).select_from(OcdsRelease).where(settled)) or 0
    pages = max(1, -(-total // RELEASES_A_PAGE))
    rows = uow.session.scalars(
        select(OcdsRelease)
        .where(settled)
        .order_by(OcdsRelease.stored_at, OcdsRelease.tender_id, OcdsRelease.position)
        .limit(RELEASES_A_PAGE)
        .offset((page - 1) * RELEASES_A_PAGE)
    )
    return list(rows), pages


def processes_page(uow: UnitOfWork, page: int) -> tuple[list[list[OcdsRelease]], int]:
    """Return one page of purchases, each with all its releases, and how many pages there are: three queries."""
    first = (
        select(OcdsRelease.ocid)
        .where(OcdsRelease.position == 1, OcdsRelease.stored_at <= uow.now - WATERMARK)
        .order_by(OcdsRelease.stored_at, OcdsRelease.ocid)
    )
    total = uow.session.scalar(select(func.count()).select_from(first.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PROCESSES_A_PAGE))
    ocids = uow.session.scalars(first.limit(PROCESSES_A_PAGE).offset((page - 1) * PROCESSES_A_PAGE)).all()
    return by_process(uow, ocids), pages


def by_process(uow: UnitOfWork, ocids: Sequence[str]) -> list[list[OcdsRelease]]:
    """Return the releases of these purchases, purchase by purchase in the order given: one query."""
    found: dict[str, list[OcdsRelease]] = {ocid: [] for ocid in ocids}
    rows = uow.session.scalars(
        select(OcdsRelease).where(OcdsRelease.ocid.in_(ocids)).order_by(OcdsRelease.ocid, OcdsRelease.position)
    )
    for row in rows:
        found[row.ocid].append(row)
    return [one for one in found.values() if one]


def every_process(uow: UnitOfWork, number: str | None = None) -> list[list[OcdsRelease]]:
    """Return all purchases that were published, or the one with this number, each with its releases."""
    query = select(OcdsRelease.ocid).where(OcdsRelease.position == 1).order_by(OcdsRelease.ocid)
    if number is not None:
        query = query.join(Tender, Tender.id == OcdsRelease.tender_id).where(Tender.number == number)
    return by_process(uow, uow.session.scalars(query).all())


def published_processes(*, text: str = "") -> Select[Tender]:
    """Select the purchases of which something was published, for the page that lists them."""
    released = select(OcdsRelease.tender_id).where(OcdsRelease.position == 1)
    query = select(Tender).where(Tender.id.in_(released))
    if text:
        query = query.where(Tender.title.ilike(f"%{text}%") | Tender.number.ilike(f"%{text}%"))
    return query
