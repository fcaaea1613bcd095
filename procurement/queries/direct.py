"""Reads about purchases without sealed bids."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from agencies.models import Agency, Engagement
from core.clock import shanghai
from core.documents.models import Document
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.models import AskedSupplier, DirectPurchase, Tender
from procurement.permissions import BIDDER_SIDE
from procurement.states import Method

USUAL_DAYS = 5
FILES = ("proposal", "price-sheet")
"""Purposes of an answer's files, in the order they are shown."""


def own_plan_requests(actor: Actor, *, text: str = "") -> Select[AskedSupplier]:
    """Select the requests that reached the actor's organisations; the same rule as `DirectPermission.REPLY`."""
    query = (
        select(AskedSupplier)
        .join(Tender, Tender.id == AskedSupplier.tender_id)
        .where(AskedSupplier.supplier_id.in_(actor.organisations_as(*BIDDER_SIDE)), AskedSupplier.asked_at.is_not(None))
        .options(joinedload(AskedSupplier.tender))
    )
    if text:
        query = query.where(or_(Tender.title.ilike(f"%{text}%"), Tender.number.ilike(f"%{text}%")))
    return query


def announced_sources(*, text: str = "") -> Select[DirectPurchase]:
    """Select the announced single sources, for anybody."""
    query = (
        select(DirectPurchase)
        .join(Tender, Tender.id == DirectPurchase.tender_id)
        .where(Tender.method == Method.SINGLE_SOURCE, DirectPurchase.announced_on.is_not(None))
        .options(joinedload(DirectPurchase.tender))
    )
    if text:
        query = query.where(or_(Tender.title.ilike(f"%{text}%"), Tender.number.ilike(f"%{text}%")))
    return query


def possible_suppliers(uow: UnitOfWork) -> list[Organisation]:
    """Return whom one may ask: every active supplier, those of the agency library first."""
    in_library = select(Agency.organisation_id)
    return list(
        uow.session.scalars(
            select(Organisation)
            .where(Organisation.kind == OrganisationKind.AGENCY, Organisation.is_active)
            .order_by(Organisation.id.not_in(in_library), Organisation.name, Organisation.id)
        )
    )


def usual_deadline(uow: UnitOfWork) -> datetime:
    """Return until when suppliers usually answer: the afternoon of the fifth working day from today."""
    return shanghai(work_calendar(uow).add_working_days(uow.today, USUAL_DAYS).date, 17)


def last_telephone(uow: UnitOfWork) -> str:
    """Return the telephone number of the actor's last purchase, so that it is not typed again."""
    own = select(Tender.contact_telephone).where(
        Tender.drafted_by_id == uow.actor.user_id, Tender.contact_telephone != ""
    )
    return uow.session.scalar(own.order_by(Tender.created_at.desc()).limit(1)) or ""


def possible_originals(uow: UnitOfWork) -> list[Engagement]:
    """Return the engagements to which something may be added."""
    query = select(Engagement).options(joinedload(Engagement.project)).order_by(Engagement.number.desc())
    return list(uow.session.scalars(query))


def answer_files(uow: UnitOfWork, asked: Sequence[AskedSupplier]) -> dict[uuid.UUID, list[Document]]:
    """Return the files of these answers by supplier asked, of each purpose the newest: one query."""
    found: dict[uuid.UUID, dict[str, Document]] = {one.id: {} for one in asked}
    rows = select(Document).where(
        Document.owner_kind == AskedSupplier.__tablename__, Document.owner_id.in_(found), Document.purpose.in_(FILES)
    )
    for row in uow.session.scalars(rows.order_by(Document.version)):
        found[row.owner_id][row.purpose] = row
    return {key: [files[name] for name in FILES if name in files] for key, files in found.items()}


def load_asked(uow: UnitOfWork, asked_id: uuid.UUID) -> AskedSupplier | None:
    """Return the asked supplier with this id."""
    return uow.get(AskedSupplier, asked_id)


def load_purchase(uow: UnitOfWork, purchase_id: uuid.UUID) -> DirectPurchase | None:
    """Return the direct purchase with this id."""
    return uow.get(DirectPurchase, purchase_id)
