"""Bids sealed for an older version: confirmed by a signed statement, replaced, or never opened (R-TENDER-05)."""

from __future__ import annotations

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.records import canonical, plain
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, BidConfirmation, Tender
from procurement.permissions import ClarificationPermission
from procurement.queries.amendments import BidAnswer, answer_of, answers_by, standing_bids, versions_of
from procurement.queries.clarifications import people_of
from procurement.services.bidding import refuse_once_begun, share_tender
from procurement.services.receiving import present
from procurement.states import BidState, Consequence
from procurement.workflow import BID

LAPSED = NotificationKind(
    "bid.lapsed",
    _l("投标未确认更正，不予开启：%(tender)s"),
    _l("《%(tender)s》投标截止时，贵单位的密封投标仍对应旧版采购文件，没有确认或者替换，依约不予开启。"),
)


def confirm_bid(uow: UnitOfWork, bid: Bid) -> BidConfirmation:
    """State that a sealed bid stands for the newest version; the statement binds its hash to the version's.

    Raises `Forbidden` for another's bid, `Refused` after the deadline and where the bid must be sealed again.
    """
    decision = policy.decide(uow.actor, ClarificationPermission.CONFIRM_BID, bid)
    if not decision or uow.actor.user_id is None:
        raise Forbidden(decision.reason)
    share_tender(uow, bid.tender)
    refuse_once_begun(uow, bid.tender)
    uow.lock(bid)
    now = present(uow)
    if not bid.tender.is_open_at(now):
        raise Refused(Refusal(_l("投标截止时间已过，不能再确认"), rule_id="R-OPEN-02"))
    if bid.state is not BidState.SEALED:
        raise Refused(Refusal(_l("这份投标已经撤回或者被替换，不必确认")))
    found = answer_of(uow, bid)
    if found.confirmation is not None:
        return found.confirmation
    if found.asks is Consequence.RESEAL:
        words = _l("更正要求按新版重新密封，确认不能代替；请替换投标")
        raise Refused(Refusal(words, rule_id="R-TENDER-05"))
    if found.asks is None or found.newest is None:
        raise Refused(Refusal(_l("这份投标本来就是按现行版本密封的，不必确认")))
    row = uow.add(
        BidConfirmation(
            bid_id=bid.id,
            version_id=found.newest.id,
            confirmed_by_id=uow.actor.user_id,
            confirmed_at=now,
            statement=_statement(uow, bid, found, now),
        )
    )
    uow.session.flush()
    uow.record("bid.confirm", bid, detail={"sha256": bid.sha256, "notice": found.newest.record_hash})
    return row


def lapse_unconfirmed(uow: UnitOfWork, tender: Tender) -> int:
    """Set aside, at the opening, the sealed bids that still answer an older version; return how many.

    The tender's row is locked by the caller. They are never unwrapped, and do not count towards the least number of
    bidders (R-OPEN-04).
    """
    versions = versions_of(uow, tender)
    if len(versions) < 2:
        return 0
    bids = standing_bids(uow, tender)
    found = answers_by(uow, bids, versions)
    late = [bid for bid in bids if found[bid.id].asks is not None]
    for bid in late:
        newest = versions[-1].number
        words = f"投标截止时未按第 {newest} 版采购文件确认或者重新递交（R-TENDER-05）"
        BID.fire(uow, bid, "lapse", reason=words, as_system=True)
        told = {bid.submitted_by_id, *people_of(uow, Membership.organisation_id == bid.bidder_id)}
        notify(uow, LAPSED, told, url=f"/bids/{bid.id}", params={"tender": tender.title})
    uow.session.flush()
    return len(late)


def _statement(uow: UnitOfWork, bid: Bid, found: BidAnswer, at: object) -> dict[str, object]:
    """Return the signed statement, in the form of a receipt."""
    key = uow.house.signing_key
    if found.newest is None:
        raise RuntimeError("there is a newest version where a confirmation is asked for")
    statement = plain(
        {
            "kind": "confirmation",
            "version": 1,
            "tender": str(bid.tender_id),
            "tender_number": bid.tender.number,
            "lot": bid.lot.position,
            "bid": str(bid.id),
            "bidder": bid.receipt.get("bidder") or bid.bidder.name,
            "sha256": bid.sha256,
            "sealed_for": found.sealed_for,
            "notice_hash": found.newest.record_hash,
            "notice_version": found.newest.number,
            "deadline": found.newest.deadline,
            "confirmed_at": at,
            "public_key": key.public_hex,
        }
    )
    return {**statement, "signature": key.sign(canonical(statement))}
