"""The decision of a purchase without sealed bids: recorded, told to everybody asked, commissioned (R-SEC-02)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.documents.accept import keep_bytes
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Organisation
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.records import written
from core.unit_of_work import Subject, UnitOfWork
from procurement.drafting.direct_lawfulness import asked_suppliers, must_announce, purchase_of
from procurement.methods import fewest_bidders, fewest_rule
from procurement.models import AskedSupplier, Award, Bid, DirectPurchase, Tender
from procurement.permissions import DirectPermission
from procurement.queries.direct import answer_files
from procurement.scoring.selection_record import Answer, Selection, public_selection_record, selection_record
from procurement.services.awarding import commission
from procurement.states import BidState, TenderState
from procurement.workflow import BID, TENDER

CHOSEN = NotificationKind(
    "direct.chosen", _l("成交通知：%(tender)s"), _l("贵单位承担《%(tender)s》，请在规定期限内签订合同。")
)
NOT_CHOSEN = NotificationKind(
    "direct.not-chosen", _l("选定结果：%(tender)s"), _l("《%(tender)s》已选定供应商。感谢贵单位答复征询。")
)
ANSWER = "inquiry-answer"


def select(uow: UnitOfWork, tender: Tender) -> Award:
    """Confirm what was proposed: the award is recorded and noticed, and the engagement opened.

    Raises `Forbidden` for whoever drafted it or may not decide, `Refused` when nothing is proposed or the announcement
    of a single source has not run its time (R-NEG-03).
    """
    decision = policy.decide(uow.actor, DirectPermission.DECIDE, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    purchase, asked = purchase_of(uow, tender), asked_suppliers(uow, tender)
    if tender.state is not TenderState.EVALUATED or purchase.proposed is None:
        raise Refused(Refusal(_l("还没有提出选定意见")))
    if must_announce(uow, tender, purchase) and purchase.announced_until is None:
        raise Refused(Refusal(_l("单一来源采购尚未公示"), rule_id="R-NEG-03"))
    TENDER.fire(uow, tender, "select", assign={"approved_by_id": uow.actor.user_id})
    for one in asked:
        if one.price is not None:
            one.bid_id = _as_bid(uow, one).id
    uow.session.flush()
    row = _award(uow, tender, purchase, asked)
    commission(uow, tender, row)
    for one in asked:
        if one.replied_by_id is not None:
            kind = CHOSEN if one.id == purchase.proposed_id else NOT_CHOSEN
            told = [one.replied_by_id] if one.replied_by_id != tender.drafted_by_id else []
            notify(uow, kind, told, url=f"/plan-requests/{one.id}", params={"tender": tender.title})
    return row


def _as_bid(uow: UnitOfWork, asked: AskedSupplier) -> Bid:
    """Put an answer into the one form that award and contract know; its written answer is the document."""
    files = [
        {"purpose": one.purpose, "name": one.name, "size": one.size, "sha256": one.sha256}
        for one in answer_files(uow, [asked])[asked.id]
    ]
    if asked.replied_by_id is None or asked.price is None or asked.replied_at is None:
        raise RuntimeError("only an answer with a price becomes a bid")
    answer = WrittenAnswer(asked.supplier, asked.replied_by_id, asked.price, asked.plan, asked.replied_at, files)
    return written_bid(uow, asked.tender, answer, owner=asked)


@dataclass(frozen=True)
class WrittenAnswer:
    """What a supplier answered in writing: by whom, at what price (yuan), how, when, and with which files."""

    supplier: Organisation
    by_id: uuid.UUID
    price: Decimal
    plan: str
    at: datetime
    files: Sequence[Mapping[str, Any]] = ()


def written_bid(uow: UnitOfWork, tender: Tender, answer: WrittenAnswer, *, owner: Subject) -> Bid:
    """Put a written answer into the one form that award and contract know; the answer is the document."""
    said = {
        "supplier": answer.supplier.name,
        "price": f"{answer.price:.2f}",
        "plan": answer.plan,
        "replied_at": answer.at.isoformat(),
        "files": list(answer.files),
    }
    bid_id = uow.ids.new()
    document = keep_bytes(
        uow,
        written(said),
        owner=owner,
        purpose=ANSWER,
        name=f"答复-{answer.supplier.name}.json",
        media_type="application/json",
    )
    uow.session.flush()
    bid = Bid(
        id=bid_id,
        tender_id=tender.id,
        lot_id=tender.lots[0].id,
        bidder_id=answer.supplier.id,
        submitted_by_id=answer.by_id,
        state=BidState.SEALED,
        arrived_at=answer.at,
        sha256=document.sha256,
        size=document.size,
        document_id=document.id,
        receipt={},
    )
    bid.tender, bid.lot, bid.bidder = tender, tender.lots[0], answer.supplier
    uow.add(bid)
    uow.session.flush()
    sheet = {"price": said["price"], "terms": answer.plan}
    BID.fire(
        uow,
        bid,
        "open",
        as_system=True,
        assign={"price": answer.price, "opening_sheet": sheet, "manifest": {"opening_sheet": sheet}, "opened_by": ""},
    )
    return bid


def _award(uow: UnitOfWork, tender: Tender, purchase: DirectPurchase, asked: Sequence[AskedSupplier]) -> Award:
    chosen = purchase.proposed
    assert chosen is not None
    facts = Selection(
        tender=tender.number,
        method=tender.method.value,
        rule_id=fewest_rule(tender),
        fewest=fewest_bidders(uow, tender),
        few_reason=purchase.few_reason,
        budget=tender.budget,
        answers=[Answer(one.supplier.name, one.price, one.remark) for one in asked],
        chosen=chosen.supplier.name,
        amount=purchase.agreed_price or chosen.price,  # type: ignore[arg-type]  # a proposed supplier has offered a price
        reason=purchase.reason,
        decided_at=uow.now.isoformat(),
    )
    return selection_award(uow, tender, facts, uow.session.get_one(Bid, chosen.bid_id))


def selection_award(uow: UnitOfWork, tender: Tender, facts: Selection, bid: Bid) -> Award:
    """Write the award of a selection with its full and public record."""
    record = selection_record(facts, secrets.token_hex(32))
    lot = tender.lots[0]
    row = uow.add(
        Award(
            tender_id=tender.id,
            lot_id=lot.id,
            bid_id=bid.id,
            amount=facts.amount,
            decided_by_id=uow.actor.user_id,
            decided_at=uow.now,
            record=record,
            public_record=public_selection_record(record),
        )
    )
    row.tender, row.lot, row.bid = tender, lot, bid
    uow.session.flush()
    uow.record("award.decide", row, about=(tender, bid), after={"amount": str(row.amount)}, reason=facts.reason)
    return row
