"""Sealed bids: submitting, replacing and withdrawing them until the deadline (R-OPEN-02)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import inspect, select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Organisation
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, Lot, Opening, Tender
from procurement.permissions import BIDDER_SIDE, TenderPermission
from procurement.queries.bidder_conflicts import conflict_refusals
from procurement.services.envelopes import header_refusals
from procurement.services.framework_drafting import returning_refusals
from procurement.services.receipts import make_receipt
from procurement.services.receiving import Coming, claimed, present
from procurement.states import BidState
from procurement.workflow import BID

ENVELOPE = "bid-envelope"
COLUMNS = [column.key for column in inspect(Tender).column_attrs]
RECEIVED = NotificationKind(
    "bid.received",
    _l("已收到贵单位的密封投标"),
    _l("《%(tender)s》：密封投标已收到，回执可在系统中下载。投标截止时间之前可以替换或者撤回。"),
)
WITHDRAWN = NotificationKind(
    "bid.withdrawn",
    _l("贵单位的投标已撤回"),
    _l("《%(tender)s》：投标已撤回，不参加开标。投标截止时间之前可以重新递交。"),
)


def bidders_of(uow: UnitOfWork) -> list[Organisation]:
    """Return the organisations for which the actor may bid, by name."""
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    return list(uow.session.scalars(select(Organisation).where(Organisation.id.in_(own)).order_by(Organisation.name)))


def standing_bid(uow: UnitOfWork, lot: Lot, bidder_id: uuid.UUID) -> Bid | None:
    """Return the bid that counts: the one neither replaced nor withdrawn."""
    return uow.session.scalar(
        select(Bid).where(
            Bid.lot_id == lot.id,
            Bid.bidder_id == bidder_id,
            Bid.state.in_([BidState.SEALED, BidState.OPENED, BidState.CORRUPT]),
        )
    )


def bidding_refusals(uow: UnitOfWork, lot: Lot, bidder_id: uuid.UUID, at: datetime) -> list[Refusal]:
    """Return why this organisation cannot bid for the lot at this instant: a conflict of interest, or too late."""
    refusals = [*conflict_refusals(uow, lot, bidder_id), *returning_refusals(uow, lot.tender, bidder_id)]
    if not lot.tender.is_open_at(at):
        refusals.append(late(lot.tender, at))
    return refusals


def late(tender: Tender, at: datetime) -> Refusal:
    """Return the words for a bid that comes when none may arrive."""
    if tender.awaits_opening_at(at) or tender.opened_at is not None:
        return Refusal(_l("投标截止时间已过，逾期的投标文件不予接收"), rule_id="R-OPEN-02")
    return Refusal(_l("本项目现在不接收投标"), rule_id="R-OPEN-02")


def submit_bid(uow: UnitOfWork, lot: Lot, *, bidder_id: uuid.UUID, upload_id: uuid.UUID, sha256: str) -> Bid:
    """Take a sealed envelope that was uploaded before; an earlier one of this bidder is superseded.

    The instant of arrival is the database's clock after the stored bytes were hashed again, under a shared lock on the
    tender's row; the opening takes that lock exclusively, so a bid is either in time or not there. Raises `Forbidden`
    for somebody else's organisation, `Refused` when late, incomplete, or sealed for another tender, notice or keys.
    """
    tender = lot.tender
    if bidder_id not in uow.actor.organisations_as(*BIDDER_SIDE):
        raise Forbidden(_l("只能以本单位名义投标"))
    decision = policy.decide(uow.actor, TenderPermission.SUBMIT_BID, tender)
    if not decision:
        raise Forbidden(decision.reason)
    share_tender(uow, tender)
    refuse_once_begun(uow, tender)
    refusals = bidding_refusals(uow, lot, bidder_id, uow.now)  # the instant that counts is taken last
    if refusals:
        raise Refused(*refusals)
    earlier = standing_bid(uow, lot, bidder_id)
    bid_id = uow.ids.new()
    document = claimed(uow, upload_id, Coming(Bid, bid_id), purpose=ENVELOPE, sha256=sha256)
    document.name = f"{tender.number}-{lot.position}.age"
    refusals = header_refusals(uow, lot, sha256)
    if refusals:
        raise Refused(*refusals)
    arrived_at = present(uow)
    if not tender.is_open_at(arrived_at):
        raise Refused(late(tender, arrived_at))
    if earlier is not None:
        BID.fire(uow, earlier, "supersede")
        uow.session.flush()
    bid = Bid(
        id=bid_id,
        tender_id=tender.id,
        lot_id=lot.id,
        bidder_id=bidder_id,
        submitted_by_id=uow.actor.user_id,
        state=BidState.SEALED,
        arrived_at=arrived_at,
        sha256=sha256,
        size=document.size,
        document_id=document.id,
        receipt={},
    )
    bid.tender, bid.lot = tender, lot
    bid.bidder = uow.session.get_one(Organisation, bidder_id)
    bid.receipt = make_receipt(uow, bid, replaces=earlier.sha256 if earlier else None)
    uow.add(bid)
    uow.session.flush()
    uow.record("bid.submit", bid, detail={"sha256": sha256, "size": bid.size})
    _tell(uow, RECEIVED, bid)
    return bid


def withdraw_bid(uow: UnitOfWork, bid: Bid) -> None:
    """Take a bid back before the deadline; its envelope is never unwrapped (R-OPEN-02).

    Raises `Forbidden` for another's bid, `Refused` after the deadline.
    """
    share_tender(uow, bid.tender)
    refuse_once_begun(uow, bid.tender)
    now = present(uow)
    if not bid.tender.is_open_at(now):
        raise Refused(Refusal(_l("已过投标截止时间，不能再修改或撤回"), rule_id="R-OPEN-02"))
    BID.fire(uow, bid, "withdraw")
    _tell(uow, WITHDRAWN, bid)


def share_tender(uow: UnitOfWork, tender: Tender) -> None:
    """Lock the tender's row with others who bid, against the one who opens, until the end of the unit of work."""
    uow.session.flush()
    uow.session.refresh(tender, COLUMNS, with_for_update={"read": True, "of": Tender})
    # An amendment that came between may have changed the keyholders; it cannot change lots without changing the hash.
    uow.session.expire(tender, ["keyholders"])


def refuse_once_begun(uow: UnitOfWork, tender: Tender) -> None:
    """Raise `Refused` once the opening has begun: what was counted stays as it is, whatever a clock says."""
    if uow.session.scalar(select(Opening.id).where(Opening.tender_id == tender.id)) is not None:
        raise Refused(late(tender, present(uow)))


def _tell(uow: UnitOfWork, kind: NotificationKind, bid: Bid) -> None:
    if uow.actor.user_id is not None:
        notify(uow, kind, [uow.actor.user_id], url=f"/bids/{bid.id}", params={"tender": bid.tender.title})
