"""Reads of public notices: the portal's list, a purchase's notices, and when a notice's periods begin to run."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from core.unit_of_work import UnitOfWork
from procurement.models import Complaint, DirectPurchase, Intention, PublicNotice, Tender
from procurement.queries.complaints import DECIDED
from procurement.states import Method, NoticeKind, TenderState

ENDED = (TenderState.FAILED, TenderState.CANCELLED)


def notices_matching(
    uow: UnitOfWork,
    *,
    text: str = "",
    kind: str = "",
    method: str = "",
    state: str = "",
    year: str = "",
    purchaser: str = "",
) -> Select[PublicNotice]:
    """Select public notices for anybody; a word that no filter knows selects everything.

    `state` is that of the purchase: `open` for bids, `waiting` for its result, `awarded` or `ended` without a winner.
    """
    query = (
        select(PublicNotice)
        .outerjoin(Tender, Tender.id == PublicNotice.tender_id)
        .options(joinedload(PublicNotice.tender))
    )
    if text:
        query = query.where(or_(PublicNotice.title.ilike(f"%{text}%"), PublicNotice.number.ilike(f"%{text}%")))
    if kind in {one.value for one in NoticeKind}:
        query = query.where(PublicNotice.kind == NoticeKind(kind))
    if method in {one.value for one in Method}:
        query = query.where(Tender.method == Method(method))
    if year.isdecimal() and len(year) == 4:
        local = func.timezone("Asia/Shanghai", PublicNotice.published_at)
        query = query.where(func.extract("year", local) == int(year))
    if purchaser:
        query = query.where(PublicNotice.purchaser_id == _uuid(purchaser))
    if state == "open":
        query = query.where(Tender.is_open_at(uow.now))
    elif state == "waiting":
        over = [TenderState.AWARDED, *ENDED]
        query = query.where(~Tender.is_open_at(uow.now), Tender.state.not_in(over))
    elif state == "awarded":
        query = query.where(Tender.state == TenderState.AWARDED)
    elif state == "ended":
        query = query.where(Tender.state.in_(ENDED))
    return query


def notice_years(uow: UnitOfWork) -> list[int]:
    """Return the years in which notices were published, the latest first."""
    local = func.timezone("Asia/Shanghai", PublicNotice.published_at)
    years = select(func.distinct(func.extract("year", local)))
    return sorted((int(one) for one in uow.session.scalars(years)), reverse=True)


def notices_of(uow: UnitOfWork, tender: Tender) -> list[PublicNotice]:
    """Return the notices of one purchase, the oldest first."""
    return list(
        uow.session.scalars(
            select(PublicNotice)
            .where(PublicNotice.tender_id == tender.id)
            .order_by(PublicNotice.published_at, PublicNotice.id)
        )
    )


def unregistered(uow: UnitOfWork, kinds: Sequence[NoticeKind]) -> list[PublicNotice]:
    """Return the notices of these kinds whose place in the designated medium nobody told yet (R-NOTICE-01)."""
    return list(
        uow.session.scalars(
            select(PublicNotice)
            .outerjoin(Tender, Tender.id == PublicNotice.tender_id)
            .where(
                PublicNotice.external_at.is_(None),
                PublicNotice.kind.in_(kinds),
                or_(Tender.id.is_(None), Tender.method != Method.BELOW_LIMIT),
            )
            .order_by(PublicNotice.published_at, PublicNotice.id)
            .options(joinedload(PublicNotice.tender))
        )
    )


def runs_from(uow: UnitOfWork, tender: Tender, kind: NoticeKind) -> datetime | None:
    """Return the instant from which the periods of a purchase's newest notice of this kind run (R-NOTICE-01).

    It is when the notice first stood in the designated medium where that was registered, else when it stood here.
    """
    newest = [one for one in notices_of(uow, tender) if one.kind is kind]
    return newest[-1].runs_from if newest else None


def unpublished_intentions(uow: UnitOfWork) -> list[Intention]:
    """Return the intentions that have no notice yet."""
    known = select(PublicNotice.source)
    source = func.concat("intention:", Intention.id)
    return list(uow.session.scalars(select(Intention).where(source.not_in(known)).order_by(Intention.published_at)))


def unpublished_decisions(uow: UnitOfWork) -> list[Complaint]:
    """Return the decided complaints that have no notice yet."""
    known = select(PublicNotice.source)
    source = func.concat("complaint:", Complaint.id)
    decided = select(Complaint).where(Complaint.state.in_(DECIDED), source.not_in(known))
    return list(uow.session.scalars(decided.order_by(Complaint.decided_at)))


def result_notices(uow: UnitOfWork, tender: Tender) -> list[PublicNotice]:
    """Return the result notices of a purchase, the newest first."""
    return [one for one in reversed(notices_of(uow, tender)) if one.kind is NoticeKind.RESULT]


def announcement_notice(uow: UnitOfWork, purchase: DirectPurchase) -> PublicNotice | None:
    """Return the notice that announced a single source (R-NEG-03)."""
    source = f"tender:{purchase.tender_id}/single-source"
    return uow.session.scalar(select(PublicNotice).where(PublicNotice.source == source))


def load_notice(uow: UnitOfWork, notice_id: uuid.UUID) -> PublicNotice | None:
    """Return the notice with this id."""
    return uow.get(PublicNotice, notice_id)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
