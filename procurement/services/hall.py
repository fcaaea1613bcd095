"""Bidders at the opening: signing in, objecting, being answered on the spot (R-OPEN-03)."""

from __future__ import annotations

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Attendance, Bid, Objection, Tender
from procurement.permissions import TenderPermission
from procurement.queries.openings import STANDING, opening_of
from procurement.services.receiving import present

RULE = "R-OPEN-03"
RAISED = NotificationKind(
    "opening.objection",
    _l("开标现场有异议待答复"),
    _l("《%(tender)s》的开标现场有投标人提出异议，应当场答复并记录。"),
)
ANSWERED = NotificationKind(
    "opening.objection-answered",
    _l("贵单位的开标异议已答复"),
    _l("《%(tender)s》：贵单位在开标现场提出的异议已经答复，并记入开标记录。"),
)


def attendance_of(uow: UnitOfWork, bid: Bid) -> Attendance | None:
    """Return this bidder's sign-in, or None: then it counts as accepting what is opened."""
    return uow.session.scalar(select(Attendance).where(Attendance.bid_id == bid.id))


def sign_in(uow: UnitOfWork, bid: Bid) -> Attendance:
    """Sign in to the opening with one's standing bid; twice changes nothing.

    Possible from the deadline until the session is closed, never before: nobody may learn who bid. Raises `Forbidden`
    for another's bid, `Refused` outside that time.
    """
    _ensure_in_session(uow, bid)
    known = attendance_of(uow, bid)
    if known is not None:
        return known
    attendance = uow.add(Attendance(tender_id=bid.tender_id, bid_id=bid.id, user_id=uow.actor.user_id, at=uow.now))
    uow.session.flush()
    uow.record("bid.attend", bid)
    return attendance


def object_to_opening(uow: UnitOfWork, bid: Bid, text: str) -> Objection:
    """Raise an objection on the spot. Raises `Refused` before the opening began, without words, or not signed in."""
    _ensure_in_session(uow, bid)
    text = text.strip()
    if opening_of(uow, bid.tender) is None:
        raise Refused(Refusal(_l("开标尚未开始，开始后可以提出异议"), rule_id=RULE))
    if attendance_of(uow, bid) is None:
        raise Refused(Refusal(_l("请先签到；未参加开标的，视同认可开标结果"), rule_id=RULE))
    if not text:
        raise Refused(Refusal(_l("请写明异议的内容"), rule_id=RULE, field="words"))
    objection = uow.add(
        Objection(
            tender_id=bid.tender_id,
            bid_id=bid.id,
            text=text,
            raised_by_id=uow.actor.user_id,
            raised_at=uow.now,
            answer=None,
            answered_by_id=None,
            answered_at=None,
        )
    )
    uow.session.flush()
    uow.record("bid.object", bid, about=(bid.tender,), detail={"objection": str(objection.id)})
    opening = opening_of(uow, bid.tender)
    presiding = {bid.tender.drafted_by_id, *([opening.begun_by_id] if opening else [])}
    url = f"/tenders/{bid.tender_id}/opening"
    notify(uow, RAISED, presiding, url=url, params={"tender": bid.tender.title}, by_mail=False)
    return objection


def answer_objection(uow: UnitOfWork, tender: Tender, objection: Objection, answer: str) -> None:
    """Answer an objection while the session lasts. Raises `Forbidden`, or `Refused` when answered or closed."""
    decision = policy.decide(uow.actor, TenderPermission.OPEN, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(objection)
    opening = opening_of(uow, tender)
    answer = answer.strip()
    if objection.answered_at is not None or opening is None or opening.closed_at is not None:
        raise Refused(Refusal(_l("这项异议已经答复，或者开标会已经结束"), rule_id=RULE))
    if not answer:
        raise Refused(Refusal(_l("请写明答复"), rule_id=RULE, field="answer"))
    objection.answer, objection.answered_by_id, objection.answered_at = answer, uow.actor.user_id, uow.now
    uow.session.flush()
    uow.record("opening.answer", tender, about=(objection.bid,), detail={"objection": str(objection.id)})
    notify(
        uow,
        ANSWERED,
        [objection.raised_by_id],
        url=f"/bids/{objection.bid_id}/opening",
        params={"tender": tender.title},
        by_mail=False,
    )


def _ensure_in_session(uow: UnitOfWork, bid: Bid) -> None:
    decision = policy.decide(uow.actor, TenderPermission.ATTEND_AS_BIDDER, bid)
    if not decision:
        raise Forbidden(decision.reason)
    uow.session.flush()
    uow.session.refresh(bid.tender, with_for_update={"read": True, "of": Tender})
    opening = opening_of(uow, bid.tender)
    over = opening is not None and opening.closed_at is not None
    waits = bid.tender.awaits_opening_at(present(uow))
    if bid.state not in STANDING or over or not (waits or (opening is not None and opening.finished_at is not None)):
        raise Refused(Refusal(_l("投标截止之后、开标会结束之前才能签到和提出异议"), rule_id=RULE))
