"""Sealed final offers: taken until their deadline, opened in a ceremony of their own (R-NEG-01, R-OPEN-07).

An envelope like a bid's, of the part `final-offer`, with the same paper trail: signed receipt, replaced and withdrawn
until the deadline, a record of the opening. Opened, its price takes the place of the first one in evaluation; the first
stays in the bid's opening sheet. Who makes no final offer has withdrawn.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders, fewest_rule
from procurement.models import Bid, FinalCall, FinalOffer, FinalShare, Keyholder
from procurement.permissions import RoundPermission
from procurement.queries.openings import absent_keyholders
from procurement.queries.rounds import call_of, offers_to_open, standing_offer
from procurement.queries.standings import price_limit
from procurement.sealing import SealingError, open_with_secret
from procurement.services.envelopes import header_of, header_refusals
from procurement.services.final_records import final_record
from procurement.services.receipts import make_receipt
from procurement.services.receiving import Coming, claimed, present
from procurement.services.rounds import talking_with
from procurement.services.unsealing import (
    ALL_TRIED,
    Place,
    Share,
    hopeless,
    keep,
    layers,
    octets_of,
    place_of,
    proof_of,
)
from procurement.states import FailureGround, OfferState
from procurement.workflow import OFFER, TENDER

PART = FinalOffer.part
ENVELOPE = "final-offer-envelope"
RECEIVED = NotificationKind(
    "final.received",
    _l("已收到贵单位密封的最后报价"),
    _l("《%(tender)s》：密封的最后报价已收到，回执可在系统中下载。最后报价截止之前可以替换或者撤回。"),
)
WITHDRAWN = NotificationKind(
    "final.withdrawn",
    _l("贵单位的最后报价已撤回"),
    _l("《%(tender)s》：最后报价已撤回，不会开启。截止之前可以重新递交；不递交的视为退出。"),
)


def final_refusals(uow: UnitOfWork, bid: Bid) -> list[Refusal]:
    """Return why this supplier cannot hand in a final offer now."""
    call = call_of(uow, bid.tender)
    if call is None:
        return [Refusal(_l("尚未通知提交最后报价"), rule_id=fewest_rule(bid.tender))]
    if bid.id not in {one.id for one in talking_with(uow, bid.tender)}:
        return [Refusal(_l("贵单位不参加最后报价"), rule_id=fewest_rule(bid.tender))]
    if call.begun_at is not None or present(uow) >= call.deadline:
        return [Refusal(_l("最后报价截止时间已过"), rule_id=fewest_rule(bid.tender))]
    return []


def submit_final(uow: UnitOfWork, bid: Bid, *, upload_id: uuid.UUID, sha256: str) -> FinalOffer:
    """Take a sealed final offer that was uploaded before; an earlier one of this supplier is superseded.

    Raises `Forbidden` for another's bid, `Refused` when late, incomplete, or sealed for something else.
    """
    decision = policy.decide(uow.actor, RoundPermission.SUBMIT_FINAL, bid)
    if not decision:
        raise Forbidden(decision.reason)
    call = call_of(uow, bid.tender)
    if call is not None:
        uow.lock(call)
    if refusals := final_refusals(uow, bid):
        raise Refused(*refusals)
    if call is None:
        raise Refused(Refusal(_l("尚未通知提交最后报价")))
    offer_id = uow.ids.new()
    document = claimed(uow, upload_id, Coming(FinalOffer, offer_id), purpose=ENVELOPE, sha256=sha256)
    document.name = f"{bid.tender.number}-final.age"
    if refusals := header_refusals(uow, bid.lot, sha256, PART):
        raise Refused(*refusals)
    earlier = standing_offer(uow, bid)
    if earlier is not None:
        OFFER.fire(uow, earlier, "supersede")
        uow.session.flush()
    offer = FinalOffer(
        id=offer_id,
        call_id=call.id,
        bid_id=bid.id,
        state=OfferState.SEALED,
        arrived_at=present(uow),
        submitted_by_id=uow.actor.user_id,
        sha256=sha256,
        size=document.size,
        document_id=document.id,
        receipt={},
    )
    offer.call, offer.bid = call, bid
    offer.receipt = make_receipt(uow, offer, replaces=earlier.sha256 if earlier else None)
    uow.add(offer)
    uow.session.flush()
    uow.record("final_offer.submit", offer, detail={"sha256": sha256, "size": offer.size})
    _tell(uow, RECEIVED, offer)
    return offer


def withdraw_final(uow: UnitOfWork, offer: FinalOffer) -> None:
    """Take a final offer back before the deadline; its envelope is never unwrapped (R-OPEN-02).

    Raises `Forbidden` for another's offer, `Refused` after the deadline.
    """
    uow.lock(offer.call)
    if offer.call.begun_at is not None or present(uow) >= offer.call.deadline:
        raise Refused(Refusal(_l("最后报价截止时间已过，不能再替换或撤回"), rule_id="R-OPEN-02"))
    OFFER.fire(uow, offer, "withdraw")
    _tell(uow, WITHDRAWN, offer)


def begin_final(uow: UnitOfWork, call: FinalCall) -> bool:
    """Begin the ceremony after the deadline; False when too few have offered, so that the purchase ends (R-NEG-01).

    Raises `Forbidden`, or `Refused` before the deadline.
    """
    decision = policy.decide(uow.actor, RoundPermission.OPEN_FINAL, call.tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(call)
    if present(uow) < call.deadline:
        raise Refused(Refusal(_l("最后报价截止时间未到，不能开启"), rule_id="R-OPEN-01"))
    if call.begun_at is not None:
        return True
    if not offers_to_open(uow, call):
        words = f"提交最后报价的供应商不足 {fewest_bidders(uow, call.tender)} 家"
        failed = {"failure_ground": FailureGround.TOO_FEW_VALID, "failure_reason": words}
        TENDER.fire(uow, call.tender, "fail", reason=words, as_system=True, assign=failed)
        return False
    call.begun_at, call.begun_by_id = uow.now, uow.actor.user_id
    uow.record("final.begin", call, about=(call.tender,))
    return True


def final_shares(uow: UnitOfWork, call: FinalCall, holder: Keyholder) -> list[Share[FinalOffer]]:
    """Return what this keyholder can peel now: layers not yet given, whose outer layers others have peeled."""
    if call.begun_at is None or call.finished_at is not None:
        return []
    given = _given(uow, call)
    shares: list[Share[FinalOffer]] = []
    for offer in offers_to_open(uow, call):
        if offer.state is OfferState.SEALED:
            header = header_of(uow, offer.sha256)
            shares += layers(offer, header, place_of(header, holder), given)
    return shares


def turn_final(
    uow: UnitOfWork, call: FinalCall, holder: Keyholder, material: Mapping[tuple[str, str], str | None]
) -> bool:
    """Take what a keyholder peeled, by offer id and subset; True once every offer is opened or known to be corrupt.

    Raises `Forbidden` for anybody but the keyholder, `Refused` with nothing that was asked for.
    """
    decision = policy.decide(uow.actor, RoundPermission.TURN_KEY_FINAL, call)
    if not decision or holder.user_id != uow.actor.user_id:
        raise Forbidden(decision.reason or _l("只能使用本人的密钥"))
    uow.lock(call)
    asked = {(str(one.paper.id), one.subset): one for one in final_shares(uow, call, holder)}
    taken = {key: value for key, value in material.items() if key in asked}
    if not taken:
        raise Refused(Refusal(_l("现在没有需要本密钥解封的内容，请等待前一位密钥持有人")))
    known = _given(uow, call)
    for key, value in taken.items():
        share = asked[key]
        if share.paper.state is OfferState.SEALED:
            _take(uow, holder, share, octets_of(value), known.get((share.paper.id, share.subset, holder.position - 1)))
    uow.session.flush()
    uow.record("final.turn", call, about=(call.tender,), detail={"keyholder": str(holder.id), "layers": len(taken)})
    offers = offers_to_open(uow, call)
    _reject_hopeless(uow, call, offers)
    if any(one.state is OfferState.SEALED for one in offers):
        return False
    call.finished_at = uow.now
    uow.session.flush()
    call.record = final_record(uow, call)
    uow.record("final.finish", call, about=(call.tender,), detail={"offers": len(offers)})
    return True


def _take(uow: UnitOfWork, holder: Keyholder, share: Share[FinalOffer], octets: bytes, row: FinalShare | None) -> None:
    if row is None:
        row = uow.add(FinalShare(offer_id=share.paper.id, keyholder_id=holder.id, subset=share.subset))
    if (secret := keep(uow, row, share, octets)) is not None:
        _open(uow, share.paper, secret, share.subset)


def _open(uow: UnitOfWork, offer: FinalOffer, secret: str, subset: str) -> None:
    bid = offer.bid
    try:
        with uow.house.store.open(offer.sha256) as stream:
            content = open_with_secret(stream, secret)
        content.check(
            tender=str(bid.tender_id),
            lot=str(bid.lot_id),
            notice=bid.tender.record_hash or "",
            bidder=str(bid.bidder_id),
        )
    except SealingError as wrong:
        _reject(uow, offer, (type(wrong).__name__, wrong.zh, wrong.en), [subset])
        return
    price = content.manifest.price
    found = {"price": price, "manifest": json.loads(content.manifest.to_json()), "opened_by": subset}
    OFFER.fire(uow, offer, "open", as_system=True, assign=found)
    before = bid.price
    bid.price = price
    uow.session.flush()
    limit = price_limit(bid.tender, bid.lot)
    detail = {"first": str(before), "final": str(price), "within": price <= limit}
    uow.record("bid.final_price", bid, about=(bid.tender,), detail=detail)


def _reject(uow: UnitOfWork, offer: FinalOffer, failure: tuple[str, str, str], tried: Sequence[str]) -> None:
    proof = proof_of(offer, failure, _given(uow, offer.call), tried)
    OFFER.fire(uow, offer, "reject", as_system=True, assign={"failure": proof})


def _reject_hopeless(uow: UnitOfWork, call: FinalCall, offers: Sequence[FinalOffer]) -> None:
    """Record as corrupt each offer that every subset which can be had failed to open, never earlier."""
    given = _given(uow, call)
    came = {row.keyholder_id for row in given.values()}
    gone = absent_keyholders(uow, call.tender) - came
    absent = {holder.position - 1 for holder in call.tender.keyholders if holder.id in gone}
    for offer in offers:
        if offer.state is OfferState.SEALED and (tried := hopeless(header_of(uow, offer.sha256), offer, given, absent)):
            _reject(uow, offer, ALL_TRIED, tried)


def _given(uow: UnitOfWork, call: FinalCall) -> dict[Place, FinalShare]:
    rows = uow.session.scalars(
        select(FinalShare)
        .join(FinalOffer, FinalOffer.id == FinalShare.offer_id)
        .where(FinalOffer.call_id == call.id)
        .options(joinedload(FinalShare.keyholder))
    )
    return {(row.offer_id, row.subset, row.keyholder.position - 1): row for row in rows}


def _tell(uow: UnitOfWork, kind: NotificationKind, offer: FinalOffer) -> None:
    if uow.actor.user_id is not None:
        params = {"tender": offer.tender.title}
        notify(uow, kind, [uow.actor.user_id], url=f"/bids/{offer.bid_id}/final", params=params)
