"""Reads about the versions of a tender's record, amendments under way, and how bids stand to them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.models import Amendment, Bid, BidConfirmation, Tender, TenderVersion
from procurement.states import AmendmentState, BidState, Consequence


@dataclass(frozen=True)
class BidAnswer:
    """Which version a bid was sealed for, what later ones ask of it, and its confirmation for the newest.

    `asks` is None when the bid stands as it is: sealed for the newest version, or confirmed for it.
    """

    sealed_for: str
    newest: TenderVersion | None
    asks: Consequence | None = None
    confirmation: BidConfirmation | None = None
    since: tuple[TenderVersion, ...] = ()


def versions_of(uow: UnitOfWork, tender: Tender) -> list[TenderVersion]:
    """Return the versions of the record, the first first; empty only for a tender that was never published."""
    return list(
        uow.session.scalars(
            select(TenderVersion).where(TenderVersion.tender_id == tender.id).order_by(TenderVersion.number)
        )
    )


def version_with(uow: UnitOfWork, tender: Tender, record_hash: str) -> TenderVersion | None:
    """Return the tender's version that has this hash."""
    return uow.session.scalar(
        select(TenderVersion).where(TenderVersion.tender_id == tender.id, TenderVersion.record_hash == record_hash)
    )


def amendments_of(uow: UnitOfWork, tender: Tender) -> list[Amendment]:
    """Return every amendment that was drafted, the newest first."""
    return list(
        uow.session.scalars(
            select(Amendment)
            .where(Amendment.tender_id == tender.id)
            .order_by(Amendment.drafted_at.desc(), Amendment.id)
            .options(joinedload(Amendment.version), joinedload(Amendment.drafted_by))
        )
    )


def under_way(uow: UnitOfWork, tender: Tender) -> Amendment | None:
    """Return the amendment being drafted or approved, of which there is at most one."""
    return uow.session.scalar(
        select(Amendment).where(
            Amendment.tender_id == tender.id,
            Amendment.state.in_((AmendmentState.DRAFT, AmendmentState.IN_APPROVAL)),
        )
    )


def sealed_for(bid: Bid) -> str:
    """Return the hash of the version that a bid was sealed for, as its receipt says."""
    return str(bid.receipt.get("notice_hash") or bid.tender.record_hash or "")


def answer_of(uow: UnitOfWork, bid: Bid) -> BidAnswer:
    """Return how a bid stands to the newest version."""
    versions = versions_of(uow, bid.tender)
    return answers_by(uow, [bid], versions)[bid.id]


def answers_by(uow: UnitOfWork, bids: Sequence[Bid], versions: Sequence[TenderVersion]) -> dict[uuid.UUID, BidAnswer]:
    """Return how the bids of one tender stand to its newest version, in one query for all of them."""
    newest = versions[-1] if versions else None
    confirmed: dict[uuid.UUID, BidConfirmation] = {}
    if newest is not None and len(versions) > 1:
        rows = uow.session.scalars(
            select(BidConfirmation).where(
                BidConfirmation.bid_id.in_([bid.id for bid in bids]), BidConfirmation.version_id == newest.id
            )
        )
        confirmed = {row.bid_id: row for row in rows}
    return {bid.id: _answer(bid, versions, confirmed.get(bid.id)) for bid in bids}


def _answer(bid: Bid, versions: Sequence[TenderVersion], confirmation: BidConfirmation | None) -> BidAnswer:
    own = sealed_for(bid)
    newest = versions[-1] if versions else None
    if newest is None or newest.record_hash == own:
        return BidAnswer(own, newest)
    place = next((number for number, one in enumerate(versions) if one.record_hash == own), -1)
    since = tuple(versions[place + 1 :])
    if place < 0 or any(one.consequence is Consequence.RESEAL for one in since):
        return BidAnswer(own, newest, Consequence.RESEAL, None, since)
    if confirmation is not None:
        return BidAnswer(own, newest, None, confirmation, since)
    return BidAnswer(own, newest, Consequence.CONFIRM, None, since)


def answers_in_record(uow: UnitOfWork, tender: Tender, bids: Sequence[Bid]) -> dict[uuid.UUID, dict[str, Any]]:
    """Return what the opening's record says of each bid: sealed for which version, standing for which, and why.

    A bid confirmed for a version that was amended once more answers that version alone.
    """
    rows = uow.session.execute(
        select(BidConfirmation, TenderVersion.number)
        .join(TenderVersion, TenderVersion.id == BidConfirmation.version_id)
        .where(TenderVersion.tender_id == tender.id)
        .order_by(TenderVersion.number)
    )
    last = {row.bid_id: row.statement for row, _number in rows}
    return {
        bid.id: {
            "sealed_for": sealed_for(bid),
            "answered": last[bid.id]["notice_hash"] if bid.id in last else sealed_for(bid),
            "confirmation": last.get(bid.id),
        }
        for bid in bids
    }


def older_version_refusal(uow: UnitOfWork, tender: Tender, notice: str) -> Refusal | None:
    """Return the words for an envelope that was sealed for a version which was amended meanwhile."""
    if notice == tender.record_hash:
        return None
    older = version_with(uow, tender, notice)
    if older is None:
        return None
    words = _l("采购文件已更正，您密封的是第 %(number)s 版的投标；请刷新页面，按新版重新密封递交", number=older.number)
    return Refusal(words, rule_id="R-TENDER-05", field="sha256")


def standing_bids(uow: UnitOfWork, tender: Tender) -> list[Bid]:
    """Return the tender's bids that are still sealed, in order of arrival."""
    return list(
        uow.session.scalars(
            select(Bid).where(Bid.tender_id == tender.id, Bid.state == BidState.SEALED).order_by(Bid.arrived_at, Bid.id)
        )
    )


def load_amendment(uow: UnitOfWork, amendment_id: uuid.UUID) -> Amendment | None:
    """Return the amendment with this id."""
    return uow.get(Amendment, amendment_id)
