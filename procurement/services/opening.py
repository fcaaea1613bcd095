"""The opening: begun after the deadline, unsealed by keyholders in turn, read out, recorded (R-OPEN-01…04, R-OPEN-07).

How layers are handed out and judged is `unsealing.py`, the same for bids and final offers.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence

from flask_babel import force_locale
from sqlalchemy import select

from core.clock import SHANGHAI
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders, words_of
from procurement.models import Bid, CommitteeSeat, Keyholder, Opening, OpeningShare, Tender
from procurement.permissions import TenderPermission
from procurement.queries.openings import (
    Progress,
    absent_keyholders,
    bids_to_open,
    given_shares,
    openable_lots,
    opening_of,
    postponed_until,
)
from procurement.sealing import BidManifest, SealingError
from procurement.services.confirming import lapse_unconfirmed
from procurement.services.envelopes import header_of, keep_files, open_in_turn
from procurement.services.questions import refuse_while_unanswered
from procurement.services.receiving import present
from procurement.services.settling import reject, settle
from procurement.services.unsealing import Share, keep, layers, octets_of, place_of
from procurement.states import GONE, BidState, FailureGround
from procurement.workflow import BID, TENDER

BEGUN = NotificationKind(
    "opening.begun",
    _l("开标已经开始"),
    _l("《%(tender)s》已开始开标，请密钥持有人到开标大厅依次解封投标。"),
)
TOO_FEW = NotificationKind(
    "opening.too-few",
    _l("采购项目已废标：投标人不足法定家数"),
    _l("《%(tender)s》截止时投标人不足 %(fewest)s 家，依法不得开标，投标文件未开启。"),
)


def ensure_may_attend(uow: UnitOfWork, tender: Tender) -> None:
    """Raise `Forbidden` for a member of the committee: they may not attend the opening (R-OPEN-01)."""
    seat = uow.session.scalar(
        select(CommitteeSeat.id).where(
            CommitteeSeat.tender_id == tender.id,
            CommitteeSeat.user_id == uow.actor.user_id,
            CommitteeSeat.state.not_in(GONE),
        )
    )
    if seat is not None and tender.opened_at is None:
        raise Forbidden(_l("评标委员会成员不得参加开标活动（R-OPEN-01）"))


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
    _refuse_while_postponed(uow, tender)
    refuse_while_unanswered(uow, tender)
    lapse_unconfirmed(uow, tender)
    if not openable_lots(uow, tender):
        _fail_for_want_of_bids(uow, tender)
        return None
    opening = uow.add(
        Opening(
            tender_id=tender.id,
            begun_at=uow.now,
            begun_by_id=uow.actor.user_id,
            finished_at=None,
            closed_at=None,
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


def shares_for(uow: UnitOfWork, bids: Sequence[Bid], holder: Keyholder) -> list[Share[Bid]]:
    """Return what this keyholder can peel now: layers not yet peeled, whose outer layers others have peeled."""
    return all_shares(uow, bids, [holder])[holder.id]


def all_shares(uow: UnitOfWork, bids: Sequence[Bid], holders: Sequence[Keyholder]) -> dict[uuid.UUID, list[Share[Bid]]]:
    """Return what each of these keyholders can peel now; one confirmed as absent nothing. Reads each envelope once."""
    shares: dict[uuid.UUID, list[Share[Bid]]] = {holder.id: [] for holder in holders}
    waiting = [bid for bid in bids if bid.state is BidState.SEALED]
    if not waiting:
        return shares
    given, absent = given_shares(uow, waiting), absent_keyholders(uow, waiting[0].tender)
    for bid in waiting:
        header = header_of(uow, bid.sha256)
        for holder in holders:
            if holder.id not in absent:
                shares[holder.id] += layers(bid, header, place_of(header, holder), given)
    return shares


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
    _refuse_while_postponed(uow, tender)
    if holder.id in absent_keyholders(uow, tender):
        raise Refused(Refusal(_l("您已被登记为不能到场。请采购经办人先撤销登记，再使用密钥"), rule_id="R-KEY-01"))
    bids = bids_to_open(uow, tender)
    asked = {(str(share.paper.id), share.subset): share for share in shares_for(uow, bids, holder)}
    taken = {key: value for key, value in material.items() if key in asked}
    if not taken:
        raise Refused(Refusal(_l("现在没有需要本密钥解封的内容，请等待前一位密钥持有人")))
    known = given_shares(uow, [bid for bid in bids if bid.state is BidState.SEALED])
    open_now: dict[uuid.UUID, tuple[Share[Bid], str]] = {}
    for key, value in taken.items():
        share = asked[key]
        if share.paper.id in open_now:
            continue  # another subset has given the key of this one
        row = known.get((share.paper.id, share.subset, holder.position - 1))
        if (secret := _take(uow, holder, share, octets_of(value), row)) is not None:
            open_now[share.paper.id] = (share, secret)
    keys = [(share.paper, secret) for share, secret in open_now.values()]
    for bid, content in open_in_turn(uow, keys):
        _open(uow, bid, content, open_now[bid.id][0].subset)
    uow.session.flush()
    uow.record("opening.turn", opening, about=(tender,), detail={"keyholder": str(holder.id), "layers": len(taken)})
    return settle(uow, opening, tender)


def _refuse_while_postponed(uow: UnitOfWork, tender: Tender) -> None:
    until = postponed_until(uow, tender)
    if until is not None:
        local = until.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        raise Refused(Refusal(_l("开标已延期至 %(until)s，在此之前不解封任何投标", until=local), rule_id="R-KEY-01"))


def _take(uow: UnitOfWork, holder: Keyholder, share: Share[Bid], octets: bytes, row: OpeningShare | None) -> str | None:
    """Keep what was peeled; return the last layer's key, which is not kept."""
    if row is None:
        row = uow.add(OpeningShare(bid_id=share.paper.id, keyholder_id=holder.id, subset=share.subset))
    return keep(uow, row, share, octets)


def _open(uow: UnitOfWork, bid: Bid, content: BidManifest | SealingError, subset: str) -> None:
    """Open a bid, or record why what is inside cannot count: then no other subset could change it."""
    if isinstance(content, SealingError):
        reject(uow, bid, (type(content).__name__, content.zh, content.en), tried=[subset])
        return
    manifest = json.loads(content.to_json())
    found = {
        "price": content.price,
        "opening_sheet": manifest["opening_sheet"],
        "manifest": manifest,
        "opened_by": subset,
    }
    BID.fire(uow, bid, "open", as_system=True, assign=found)
    keep_files(uow, bid, content)


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
