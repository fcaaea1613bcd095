"""Sealed final offers: taken until their deadline, opened in a ceremony of their own (R-NEG-01, R-OPEN-07).

An envelope like a bid's, of the part `final-offer`. Opened, its price takes the place of the first one in evaluation;
the first stays in the bid's opening sheet. Who makes no final offer has withdrawn.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.documents.store import chunks
from core.documents.uploads import claim_upload
from core.errors import Forbidden, NotVisible, Refusal, Refused
from core.i18n import Text, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders, fewest_rule
from procurement.models import Bid, FinalCall, FinalOffer, FinalShare, Keyholder
from procurement.permissions import RoundPermission
from procurement.queries.rounds import call_of, offers_of_call, standing_offer
from procurement.queries.standings import price_limit
from procurement.sealing import SealingError, open_with_secret
from procurement.sealing.opening import is_secret_of
from procurement.services.bidding import present
from procurement.services.envelopes import header_of, recipients, worded
from procurement.services.rounds import talking_with
from procurement.states import FailureGround, OfferState
from procurement.workflow import OFFER, TENDER

PART = "final-offer"
ENVELOPE = "final-offer-envelope"


@dataclass(frozen=True)
class OfferShare:
    """What a keyholder can peel now: one offer's secret, wrapped for one subset; `last` yields the envelope's key."""

    offer: FinalOffer
    subset: str
    material: bytes
    last: bool


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
    try:
        document = claim_upload(
            uow, upload_id, owner=FinalOffer(id=offer_id), purpose=ENVELOPE, sha256=sha256, field="sha256"
        )
    except NotVisible as unknown:
        raise Refused(Refusal(_l("没有收到密封文件，请重新密封并递交"), field="sha256")) from unknown
    document.name = f"{bid.tender.number}-final.age"
    if wrong := _wrong_envelope(uow, bid, sha256):
        raise Refused(Refusal(wrong, rule_id="R-OPEN-02", field="sha256"))
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
        document_id=document.id,
        opened_at=None,
        price=None,
        failure=None,
    )
    offer.call, offer.bid = call, bid
    uow.add(offer)
    uow.session.flush()
    uow.record("final_offer.submit", offer, detail={"sha256": sha256})
    return offer


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
    offers = offers_of_call(uow, call)
    fewest = fewest_bidders(uow, call.tender)
    if len(offers) < fewest:
        words = f"提交最后报价的供应商不足 {fewest} 家"
        failed = {"failure_ground": FailureGround.TOO_FEW_VALID, "failure_reason": words}
        TENDER.fire(uow, call.tender, "fail", reason=words, as_system=True, assign=failed)
        return False
    call.begun_at = uow.now
    uow.record("final.begin", call, about=(call.tender,))
    return True


def final_shares(uow: UnitOfWork, call: FinalCall, holder: Keyholder) -> list[OfferShare]:
    """Return what this keyholder can peel now: layers not yet given, whose outer layers others have peeled."""
    if call.begun_at is None or call.finished_at is not None:
        return []
    given = _given(uow, call)
    shares = []
    for offer in offers_of_call(uow, call):
        if offer.state is not OfferState.SEALED:
            continue
        header = header_of(uow, offer.sha256)
        place = header.keyholders.index(holder.fingerprint) if holder.fingerprint in header.keyholders else -1
        for wrap in header.wraps:
            if place not in wrap.keyholders or given.get((offer.id, wrap.subset, place)):
                continue
            turn = wrap.keyholders.index(place)
            before = None if turn == 0 else given.get((offer.id, wrap.subset, wrap.keyholders[turn - 1]))
            material = wrap.secret if turn == 0 else base64.b64decode(before or "")
            if material:
                shares.append(OfferShare(offer, wrap.subset, material, turn == len(wrap.keyholders) - 1))
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
    asked = {(str(one.offer.id), one.subset): one for one in final_shares(uow, call, holder)}
    taken = {key: value for key, value in material.items() if key in asked}
    if not taken:
        raise Refused(Refusal(_l("现在没有需要本密钥解封的内容，请等待前一位密钥持有人")))
    for key, value in taken.items():
        if asked[key].offer.state is OfferState.SEALED:
            _take(uow, holder, asked[key], _octets(value))
    uow.session.flush()
    uow.record("final.turn", call, about=(call.tender,), detail={"keyholder": str(holder.id), "layers": len(taken)})
    offers = offers_of_call(uow, call)
    _reject_hopeless(uow, call, offers)
    if any(one.state is OfferState.SEALED for one in offers):
        return False
    call.finished_at = uow.now
    uow.record("final.finish", call, about=(call.tender,), detail={"offers": len(offers)})
    return True


def _take(uow: UnitOfWork, holder: Keyholder, share: OfferShare, octets: bytes) -> None:
    secret = octets if share.last else b""
    if secret and is_secret_of(secret, header_of(uow, share.offer.sha256)):
        _open(uow, share.offer, secret.decode())
    kept = "" if share.last else base64.b64encode(octets).decode()
    where = (
        FinalShare.offer_id == share.offer.id,
        FinalShare.subset == share.subset,
        FinalShare.keyholder_id == holder.id,
    )
    row = uow.session.scalar(select(FinalShare).where(*where))
    if row is None:
        row = uow.add(
            FinalShare(
                offer_id=share.offer.id, keyholder_id=holder.id, subset=share.subset, material=kept, given_at=uow.now
            )
        )
    row.material, row.given_at = kept, uow.now


def _open(uow: UnitOfWork, offer: FinalOffer, secret: str) -> None:
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
        _reject(uow, offer, wrong.zh, wrong.en)
        return
    price = content.manifest.price
    OFFER.fire(uow, offer, "open", as_system=True, assign={"price": price})
    before = bid.price
    bid.price = price
    uow.session.flush()
    limit = price_limit(bid.tender, bid.lot)
    detail = {"first": str(before), "final": str(price), "within": price <= limit}
    uow.record("bid.final_price", bid, about=(bid.tender,), detail=detail)


def _reject(uow: UnitOfWork, offer: FinalOffer, zh: str, en: str) -> None:
    OFFER.fire(uow, offer, "reject", as_system=True, assign={"failure": {"zh": zh, "en": en, "sha256": offer.sha256}})


def _reject_hopeless(uow: UnitOfWork, call: FinalCall, offers: Sequence[FinalOffer]) -> None:
    """Record as corrupt each offer that every subset of keyholders failed to open, never earlier."""
    given = _given(uow, call)
    for offer in offers:
        if offer.state is not OfferState.SEALED:
            continue
        wraps = header_of(uow, offer.sha256).wraps
        failed = [one for one in wraps if any(given.get((offer.id, one.subset, at)) == "" for at in one.keyholders)]
        if len(failed) == len(wraps):
            _reject(uow, offer, "所有密钥组合都打不开这份最后报价", "no combination of keys opens this final offer")


def _given(uow: UnitOfWork, call: FinalCall) -> dict[tuple[uuid.UUID, str, int], str]:
    order = [one.id for one in call.tender.keyholders]
    rows = uow.session.scalars(
        select(FinalShare).join(FinalOffer, FinalOffer.id == FinalShare.offer_id).where(FinalOffer.call_id == call.id)
    )
    return {(row.offer_id, row.subset, order.index(row.keyholder_id)): row.material for row in rows}


def _wrong_envelope(uow: UnitOfWork, bid: Bid, sha256: str) -> Text | None:
    digest = hashlib.sha256()
    for piece in chunks(uow.house.store.open(sha256)):
        digest.update(piece)
    if digest.hexdigest() != sha256:
        return _l("收到的文件与密封时的校验值不一致，请重新上传")
    tender = bid.tender
    try:
        header = header_of(uow, sha256)
        header.check(
            tender=str(tender.id),
            lot=str(bid.lot_id),
            notice=tender.record_hash or "",
            keyholders=recipients(tender),
            needed=tender.keyholders_needed,
        )
    except SealingError as wrong:
        return worded(wrong)
    return None if header.part == PART else _l("这不是最后报价的密封文件")


def _octets(value: str | None) -> bytes:
    try:
        return base64.b64decode(value or "", validate=True)
    except (binascii.Error, ValueError):
        return b""
