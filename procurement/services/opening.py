"""The opening: begun after the deadline, unsealed by keyholders in turn, read out, recorded (R-OPEN-01…04, R-OPEN-07).

A turn gives what one keyholder could peel from each envelope. What lies between the turns is still encrypted to the
remaining keyholders; the last result opens the envelope at once and is not kept.
"""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders, words_of
from procurement.models import Bid, CommitteeSeat, Keyholder, Lot, Opening, OpeningShare, Tender
from procurement.permissions import TenderPermission
from procurement.sealing import Header, SealingError
from procurement.sealing.opening import is_secret_of
from procurement.services.bidding import present
from procurement.services.envelopes import header_of, keep_files, opened
from procurement.services.opening_records import make_records
from procurement.states import BidState, FailureGround, SeatState
from procurement.workflow import BID, TENDER

BEGUN = NotificationKind(
    "opening.begun",
    _l("开标已经开始"),
    _l("《%(tender)s》已开始开标，请密钥持有人到开标大厅依次解封投标。"),
)
OPENED = NotificationKind(
    "opening.finished",
    _l("投标已经开启"),
    _l("《%(tender)s》已开标，可查看开标一览表。对开标有异议的，请当场提出。"),
)
TOO_FEW = NotificationKind(
    "opening.too-few",
    _l("采购项目已废标：投标人不足法定家数"),
    _l("《%(tender)s》截止时投标人不足 %(fewest)s 家，依法不得开标，投标文件未开启。"),
)


@dataclass(frozen=True)
class Share:
    """What a keyholder can peel now: one bid's secret, wrapped for one subset; `last` yields the envelope's key."""

    bid: Bid
    subset: str
    material: bytes
    last: bool


@dataclass(frozen=True)
class Progress:
    """How far the opening has come."""

    opened: int
    corrupt: int
    total: int

    @property
    def finished(self) -> bool:
        """Whether every envelope is opened or known to be corrupt."""
        return self.opened + self.corrupt == self.total


def ensure_may_attend(uow: UnitOfWork, tender: Tender) -> None:
    """Raise `Forbidden` for a member of the committee: they may not attend the opening (R-OPEN-01)."""
    seat = uow.session.scalar(
        select(CommitteeSeat.id).where(
            CommitteeSeat.tender_id == tender.id,
            CommitteeSeat.user_id == uow.actor.user_id,
            CommitteeSeat.state != SeatState.RECUSED,
        )
    )
    if seat is not None and tender.opened_at is None:
        raise Forbidden(_l("评标委员会成员不得参加开标活动（R-OPEN-01）"))


def opening_of(uow: UnitOfWork, tender: Tender) -> Opening | None:
    """Return the tender's opening, or None before it began."""
    return uow.session.scalar(select(Opening).where(Opening.tender_id == tender.id))


def begin_opening(uow: UnitOfWork, tender: Tender) -> Opening | None:
    """Begin the opening, or let the tender fail when too few have bid; then None is returned and nothing unwrapped.

    The tender's row is locked against those who still bid. Raises `Forbidden` without the permission or for a member
    of the committee, `Refused` before the deadline (R-OPEN-01).
    """
    decision = policy.decide(uow.actor, TenderPermission.OPEN, tender)
    if not decision:
        raise Forbidden(decision.reason)
    ensure_may_attend(uow, tender)
    uow.lock(tender)
    known = opening_of(uow, tender)
    if known is not None:
        return known
    if not tender.awaits_opening_at(present(uow)):
        raise Refused(Refusal(_l("投标截止时间未到，不能开标"), rule_id="R-OPEN-01"))
    if not openable_lots(uow, tender):
        _fail_for_want_of_bids(uow, tender)
        return None
    opening = uow.add(
        Opening(
            tender_id=tender.id,
            begun_at=uow.now,
            begun_by_id=uow.actor.user_id,
            finished_at=None,
            record=None,
            public_record=None,
        )
    )
    opening.tender = tender
    uow.session.flush()
    uow.record("opening.begin", opening, about=(tender,))
    holders = [holder.user_id for holder in tender.keyholders]
    notify(uow, BEGUN, holders, url=f"/tenders/{tender.id}/opening", params={"tender": tender.title})
    return opening


def openable_lots(uow: UnitOfWork, tender: Tender) -> list[Lot]:
    """Return the lots for which enough have bid; the envelopes of the others stay sealed (R-OPEN-04)."""
    fewest = fewest_bidders(uow, tender)
    bids = uow.session.scalars(
        select(Bid.lot_id).where(
            Bid.tender_id == tender.id, Bid.state.in_([BidState.SEALED, BidState.OPENED, BidState.CORRUPT])
        )
    )
    count = Counter(bids)
    return [lot for lot in tender.lots if count[lot.id] >= fewest]


def bids_to_open(uow: UnitOfWork, tender: Tender) -> list[Bid]:
    """Return the bids that are or were unwrapped, in order of arrival; withdrawn and superseded ones never are."""
    lots = [lot.id for lot in openable_lots(uow, tender)]
    return list(
        uow.session.scalars(
            select(Bid)
            .where(Bid.lot_id.in_(lots), Bid.state.in_([BidState.SEALED, BidState.OPENED, BidState.CORRUPT]))
            .order_by(Bid.arrived_at, Bid.id)
            .options(selectinload(Bid.tender), selectinload(Bid.lot))
        )
    )


def progress_of(bids: Sequence[Bid]) -> Progress:
    """Return how far the opening of these bids has come."""
    states = Counter(bid.state for bid in bids)
    return Progress(states[BidState.OPENED], states[BidState.CORRUPT], len(bids))


def shares_for(uow: UnitOfWork, bids: Sequence[Bid], holder: Keyholder) -> list[Share]:
    """Return what this keyholder can peel now: layers not yet given, whose outer layers others have peeled."""
    given = given_shares(uow, bids)
    shares = []
    for bid in bids:
        if bid.state is not BidState.SEALED:
            continue
        header = header_of(uow, bid.sha256)
        place = place_of(header, holder)
        for wrap in header.wraps:
            if place not in wrap.keyholders or given.get((bid.id, wrap.subset, place)):
                continue
            turn = wrap.keyholders.index(place)
            before = None if turn == 0 else given.get((bid.id, wrap.subset, wrap.keyholders[turn - 1]))
            material = wrap.secret if turn == 0 else base64.b64decode(before or "")
            if material:
                shares.append(Share(bid, wrap.subset, material, last=turn == len(wrap.keyholders) - 1))
    return shares


def given_shares(uow: UnitOfWork, bids: Iterable[Bid]) -> dict[tuple[Any, str, int], str]:
    """Return what was given: by bid, subset and place of the keyholder; empty where a layer would not peel."""
    rows = uow.session.scalars(
        select(OpeningShare)
        .where(OpeningShare.bid_id.in_([bid.id for bid in bids]))
        .options(selectinload(OpeningShare.keyholder))
    )
    places = {}
    for row in rows:
        order = [one.id for one in row.keyholder.tender.keyholders]
        places[(row.bid_id, row.subset, order.index(row.keyholder_id))] = row.material
    return places


def keyholders_who_came(uow: UnitOfWork, tender: Tender) -> frozenset[uuid.UUID]:
    """Return the keyholders who have handed in something at this opening."""
    rows = uow.session.scalars(
        select(OpeningShare.keyholder_id)
        .where(OpeningShare.keyholder_id.in_([holder.id for holder in tender.keyholders]))
        .distinct()
    )
    return frozenset(rows)


def place_of(header: Header, holder: Keyholder) -> int:
    """Return a keyholder's place in an envelope's header, counted from 0."""
    return header.keyholders.index(holder.fingerprint) if holder.fingerprint in header.keyholders else -1


def take_turn(
    uow: UnitOfWork, tender: Tender, holder: Keyholder, material: Mapping[tuple[str, str], str | None]
) -> Progress:
    """Take what a keyholder peeled: by bid id and subset, base64, None for a layer that would not peel.

    Opens each envelope whose last layer is off, records each that no subset can open, and ends the opening with the
    last of them. Raises `Forbidden` for anybody but the keyholder, `Refused` before the opening began or with nothing
    that was asked for.
    """
    decision = policy.decide(uow.actor, TenderPermission.TURN_KEY, tender)
    if not decision or holder.user_id != uow.actor.user_id:
        raise Forbidden(decision.reason or _l("只能使用本人的密钥"))
    ensure_may_attend(uow, tender)
    uow.lock(tender)
    opening = opening_of(uow, tender)
    if opening is None or not tender.awaits_opening_at(present(uow)):
        raise Refused(Refusal(_l("开标尚未开始或者已经结束"), rule_id="R-OPEN-01"))
    bids = bids_to_open(uow, tender)
    asked = {(str(share.bid.id), share.subset): share for share in shares_for(uow, bids, holder)}
    taken = {key: value for key, value in material.items() if key in asked}
    if not taken:
        raise Refused(Refusal(_l("现在没有需要本密钥解封的内容，请等待前一位密钥持有人")))
    for key, value in taken.items():
        if asked[key].bid.state is BidState.SEALED:
            _take(uow, holder, asked[key], _octets(value))
    uow.session.flush()
    uow.record("opening.turn", opening, about=(tender,), detail={"keyholder": str(holder.id), "layers": len(taken)})
    _reject_hopeless(uow, bids)
    progress = progress_of(bids)
    if progress.finished:
        _finish(uow, opening, tender, bids)
    return progress


def _octets(value: str | None) -> bytes:
    try:
        return base64.b64decode(value or "", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _take(uow: UnitOfWork, holder: Keyholder, share: Share, octets: bytes) -> None:
    secret = octets if share.last else b""
    header = header_of(uow, share.bid.sha256)
    if secret and is_secret_of(secret, header):
        _open(uow, share.bid, secret.decode(), share.subset)
    kept = "" if share.last else base64.b64encode(octets).decode()
    row = uow.session.scalar(
        select(OpeningShare).where(
            OpeningShare.bid_id == share.bid.id,
            OpeningShare.subset == share.subset,
            OpeningShare.keyholder_id == holder.id,
        )
    )
    if row is None:
        row = uow.add(
            OpeningShare(
                bid_id=share.bid.id, keyholder_id=holder.id, subset=share.subset, material=kept, given_at=uow.now
            )
        )
    row.material, row.given_at = kept, uow.now


def _open(uow: UnitOfWork, bid: Bid, secret: str, subset: str) -> None:
    """Open a bid, or record why what is inside cannot count: then no other subset could change it."""
    try:
        content = opened(uow, bid, secret)
        manifest = json.loads(content.manifest.to_json())
    except SealingError as wrong:
        _reject(uow, bid, type(wrong).__name__, wrong.zh, wrong.en)
        return
    found = {
        "price": content.manifest.price,
        "opening_sheet": manifest["opening_sheet"],
        "manifest": manifest,
        "opened_by": subset,
    }
    BID.fire(uow, bid, "open", as_system=True, assign=found)
    keep_files(uow, bid, content)


def _reject(uow: UnitOfWork, bid: Bid, error: str, zh: str, en: str) -> None:
    proof = {"error": error, "zh": zh, "en": en, "sha256": bid.sha256}
    BID.fire(uow, bid, "reject", as_system=True, assign={"failure": proof})


def _reject_hopeless(uow: UnitOfWork, bids: Sequence[Bid]) -> None:
    """Record as corrupt each envelope that every subset of keyholders failed to open, never earlier."""
    given = given_shares(uow, bids)
    for bid in bids:
        if bid.state is not BidState.SEALED:
            continue
        wraps = header_of(uow, bid.sha256).wraps
        failed = [
            wrap.subset
            for wrap in wraps
            if any(given.get((bid.id, wrap.subset, place)) == "" for place in wrap.keyholders)
        ]
        if len(failed) == len(wraps):
            words = "所有密钥组合都打不开这份投标", "no combination of keys opens this bid"
            _reject(uow, bid, "AllSubsetsFailed", *words)


def _finish(uow: UnitOfWork, opening: Opening, tender: Tender, bids: Sequence[Bid]) -> None:
    opening.finished_at = uow.now
    TENDER.fire(uow, tender, "open")
    make_records(uow, opening, tender, bids)
    uow.session.flush()
    uow.record("opening.finish", opening, about=(tender,), detail={"bids": len(bids)})
    for bid in bids:
        notify(uow, OPENED, [bid.submitted_by_id], url=f"/bids/{bid.id}", params={"tender": tender.title})


def _fail_for_want_of_bids(uow: UnitOfWork, tender: Tender) -> None:
    fewest = fewest_bidders(uow, tender)
    with force_locale("zh"):
        words = f"截止时{words_of(tender).bidder}不足 {fewest} 家，不得开启"
    TENDER.fire(
        uow,
        tender,
        "fail",
        reason=words,
        as_system=True,
        assign={"failure_ground": FailureGround.TOO_FEW_BIDS, "failure_reason": words},
    )
    bidders = uow.session.scalars(
        select(Bid.submitted_by_id).where(Bid.tender_id == tender.id, Bid.state == BidState.SEALED)
    ).all()
    told = {*bidders, tender.drafted_by_id}
    notify(uow, TOO_FEW, told, url=f"/notices/{tender.id}", params={"tender": tender.title, "fewest": str(fewest)})
