"""The purchaser's examination of qualifications (R-QUAL-01), and the ground on which a tender fails (R-OPEN-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, Examination, Tender
from procurement.permissions import TenderPermission
from procurement.queries.bidder_conflicts import related_refusals
from procurement.queries.openings import has_enough_keyholders
from procurement.queries.statements import BLOCKING, statement_refusals
from procurement.states import BidState, FailureGround, TenderState
from procurement.workflow import TENDER

LONGEST = 1000
FAILED = NotificationKind(
    "tender.failed", _l("采购项目已废标"), _l("《%(tender)s》已废标。理由：%(reason)s（R-OPEN-05）")
)


@dataclass(frozen=True)
class ItemVerdict:
    """Whether a bidder meets one condition of the frozen record, with a note where it does not."""

    condition: str
    met: bool
    note: str = ""


def conditions_of(tender: Tender) -> list[str]:
    """Return the qualification conditions as the frozen record states them (R-QUAL-01)."""
    return list((tender.record or {}).get("qualifications") or tender.qualifications)


def examine_items(uow: UnitOfWork, bid: Bid, verdicts: Sequence[ItemVerdict]) -> Examination:
    """Judge a bidder condition by condition: qualified is who meets all; each one missed is told with its note.

    Raises as `examine`, and `Refused` where a condition is left out or a missed one has no note.
    """
    wanted = conditions_of(bid.tender)
    given = {one.condition: one for one in verdicts}
    refusals = [
        Refusal(_l("请逐项审查：%(condition)s", condition=text), rule_id="R-QUAL-01", field=f"item-{place}")
        for place, text in enumerate(wanted)
        if text not in given
    ]
    refusals += [
        Refusal(_l("不符合须写明事实：%(condition)s", condition=text), rule_id="R-AWARD-03", field=f"note-{place}")
        for place, text in enumerate(wanted)
        if text in given and not given[text].met and not given[text].note.strip()
    ]
    if refusals:
        raise Refused(*refusals)
    missed = [given[text] for text in wanted if not given[text].met]
    reason = "；".join(f"{one.condition}：{one.note.strip()}" for one in missed)
    row = examine(uow, bid, passed=not missed, reason=reason)
    row.items = [
        {"condition": text, "met": given[text].met, "note": given[text].note.strip()[:LONGEST]} for text in wanted
    ]
    uow.session.flush()
    return row


def examine(uow: UnitOfWork, bid: Bid, *, passed: bool, reason: str = "") -> Examination:
    """Judge whether a bidder is qualified; may be changed until the committee begins.

    Raises `Forbidden` for anybody but the purchaser's officers, `Refused` without a reason for a failure (R-AWARD-03),
    for a bid that is not open, and once the evaluation has begun (R-EVAL-05).
    """
    decision = policy.decide(uow.actor, TenderPermission.EXAMINE, bid.tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(bid.tender)
    if bid.tender.state is not TenderState.OPENED:
        raise Refused(Refusal(_l("评标已经开始或者已经结束，资格审查结论不能再改"), rule_id="R-QUAL-01"))
    if bid.state is not BidState.OPENED:
        raise Refused(Refusal(_l("这份投标没有开启，无从审查"), rule_id="R-QUAL-01"))
    reason = reason.strip()
    if passed and (related := related_refusals(uow, bid)):
        raise Refused(*related)
    if not passed and not reason:
        raise Refused(Refusal(_l("未通过须写明原因，将如实告知投标人"), rule_id="R-AWARD-03", field="reason"))
    if passed and (against := _against(uow, bid)):
        raise Refused(*against)
    row = uow.session.scalar(select(Examination).where(Examination.bid_id == bid.id))
    before = {} if row is None else {"passed": row.passed, "reason": row.reason}
    if row is None:
        row = uow.add(Examination(bid_id=bid.id, passed=passed, examined_by_id=uow.actor.user_id, examined_at=uow.now))
    row.passed, row.reason, row.examined_at = passed, "" if passed else reason, uow.now
    row.items = [{"condition": text, "met": True, "note": ""} for text in conditions_of(bid.tender)] if passed else []
    if uow.actor.user_id is not None:
        row.examined_by_id = uow.actor.user_id
    uow.session.flush()
    uow.record("tender.examine", bid, about=(bid.tender,), before=before, after={"passed": passed}, reason=row.reason)
    return row


def _against(uow: UnitOfWork, bid: Bid) -> list[Refusal]:
    """What the bid's own statement and those of the others leave unlawful, so that it cannot pass."""
    opened = uow.session.scalars(select(Bid).where(Bid.tender_id == bid.tender_id, Bid.state == BidState.OPENED)).all()
    found = statement_refusals(opened).get(bid.id, [])
    return [Refusal(one.reason, one.rule_id, "reason") for one in found if one.rule_id in BLOCKING]


def fail_tender(uow: UnitOfWork, tender: Tender, ground: FailureGround, reason: str) -> None:
    """Declare the tender failed and tell every bidder why (R-OPEN-05). Raises `Forbidden` or `Refused`."""
    reason = reason.strip()
    if ground is FailureGround.CANNOT_OPEN and (tender.opened_at is not None or has_enough_keyholders(uow, tender)):
        words = _l("能到场的密钥持有人还够开标，不能以无法开启为由废标")
        raise Refused(Refusal(words, rule_id="R-KEY-01", field="ground"))
    TENDER.fire(
        uow,
        tender,
        "fail",
        reason=reason,
        detail={"ground": str(ground)},
        assign={"failure_ground": ground, "failure_reason": reason},
    )
    bidders = uow.session.scalars(
        select(Bid.submitted_by_id).where(
            Bid.tender_id == tender.id, Bid.state.in_((BidState.SEALED, BidState.OPENED, BidState.CORRUPT))
        )
    )
    told = {*bidders, tender.drafted_by_id}
    notify(uow, FAILED, told, url=f"/notices/{tender.id}", params={"tender": tender.title, "reason": reason})
