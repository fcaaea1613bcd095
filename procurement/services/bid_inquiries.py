"""Letters from the committee to a bidder and the bidder's signed answers (R-EVAL-04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from werkzeug.datastructures import FileStorage

from core.documents.accept import accept_file
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, BidInquiry, CommitteeSeat, PriceCorrection
from procurement.permissions import EvaluationPermission, TenderPermission
from procurement.queries.standings import seats_of, standings_of
from procurement.services.scoring_sheets import ensure_evaluating, ensure_may_judge
from procurement.states import InquiryKind, InquiryStanding

LONGEST = 4000
PAPERS = ("pdf", "docx", "xlsx", "png", "jpg")
LEAST_MINUTES = 10
MOST_MINUTES = 3 * 24 * 60
ASKED = NotificationKind(
    "bid.asked",
    _l("评标委员会要求书面说明"),
    _l("评标委员会就贵单位对《%(tender)s》的投标发出书面询问，请在 %(minutes)s 分钟内签字答复，逾期视为不说明。"),
)
ANSWERED = NotificationKind(
    "bid.answered", _l("投标人已书面答复"), _l("《%(tender)s》的一家投标人已答复评标委员会的询问。")
)


def clarify(uow: UnitOfWork, seat: CommitteeSeat, bid: Bid, question: str, minutes: int) -> BidInquiry:
    """Ask a bidder, as chair, to clarify what is unclear or plainly mistaken in its bid; only ever in writing.

    Raises `Forbidden`, or `Refused` for a bid that has fallen, an empty question or an unreasonable time limit.
    """
    ensure_may_judge(uow, seat, TenderPermission.LEAD)
    if bid.id not in {one.bid.id for one in standings_of(uow, seat.tender).candidates}:
        raise Refused(Refusal(_l("这份投标不在评审之列"), rule_id="R-EVAL-04"))
    return ask_bidder(uow, seat, bid, kind=InquiryKind.CLARIFICATION, question=question, minutes=minutes)


def ask_bidder(
    uow: UnitOfWork, seat: CommitteeSeat, bid: Bid, *, kind: InquiryKind, question: str, minutes: int
) -> BidInquiry:
    """Write a letter to a bidder and tell it; the caller has checked who asks and why."""
    refusals = []
    if not question.strip():
        refusals.append(Refusal(_l("请写明要投标人说明的问题"), rule_id="R-EVAL-04", field="question"))
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        words = _l("答复时限须在 %(least)s 分钟到 3 天之间", least=LEAST_MINUTES)
        refusals.append(Refusal(words, rule_id="R-EVAL-04", field="minutes"))
    waiting = [
        one
        for one in standings_of(uow, seat.tender).prices.inquiries.get(bid.id, ())
        if one.kind is kind and one.standing_at(uow.now) is InquiryStanding.WAITING
    ]
    if waiting:
        refusals.append(Refusal(_l("已有一份同类函件在等这家投标人答复"), rule_id="R-EVAL-04"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        BidInquiry(
            bid_id=bid.id,
            kind=kind,
            seat_id=seat.id,
            question=question.strip()[:LONGEST],
            asked_at=uow.now,
            due_at=uow.now + timedelta(minutes=minutes),
            answered_by_id=None,
            answered_at=None,
        )
    )
    uow.session.flush()
    uow.record("bid_inquiry.ask", row, about=(seat.tender, bid), after={"kind": str(kind), "minutes": minutes})
    notify(
        uow,
        ASKED,
        [bid.submitted_by_id],
        url=f"/letters/{row.id}",
        params={"tender": seat.tender.title, "minutes": str(minutes)},
    )
    return row


def answer_inquiry(
    uow: UnitOfWork,
    inquiry: BidInquiry,
    answer: str,
    signed_name: str,
    *,
    keeps_substance: bool,
    files: Sequence[FileStorage] = (),
) -> None:
    """Answer as the bidder, signed by its legal representative or whom it authorised; once, within the time.

    `keeps_substance` is the declaration that nothing of substance changes. Raises `Forbidden`, or `Refused` with all
    that is missing.
    """
    decision = policy.decide(uow.actor, EvaluationPermission.ANSWER_INQUIRY, inquiry)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(inquiry)
    ensure_evaluating(inquiry.bid.tender)
    refusals = []
    if inquiry.answered_at is not None:
        refusals.append(Refusal(_l("已经答复，不能再改"), rule_id="R-EVAL-04"))
    elif inquiry.standing_at(uow.now) is InquiryStanding.LAPSED:
        refusals.append(Refusal(_l("已过答复时限，不能再答复"), rule_id="R-EVAL-04"))
    if not answer.strip():
        refusals.append(Refusal(_l("请写明答复"), rule_id="R-EVAL-04", field="answer"))
    if not signed_name.strip():
        words = _l("请由法定代表人或者其授权的代表签字")
        refusals.append(Refusal(words, rule_id="R-EVAL-04", field="signed_name"))
    if not keeps_substance:
        words = _l("须声明答复不超出投标文件的范围，不改变投标文件的实质性内容")
        refusals.append(Refusal(words, rule_id="R-EVAL-04", field="keeps_substance"))
    if refusals:
        raise Refused(*refusals)
    for file in files:
        accept_file(uow, file, owner=inquiry, purpose="inquiry-answer", kinds=PAPERS, field="files")
    inquiry.answer, inquiry.signed_name = answer.strip()[:LONGEST], signed_name.strip()[:60]
    inquiry.answered_by_id, inquiry.answered_at = uow.actor.user_id, uow.now
    uow.record("bid_inquiry.answer", inquiry, about=(inquiry.bid.tender, inquiry.bid), after={"files": len(files)})
    uow.session.flush()
    tell_committee(uow, inquiry)


def tell_committee(uow: UnitOfWork, letter: BidInquiry | PriceCorrection) -> None:
    """Tell every member that a bidder has answered; which one stands only on the page."""
    tender = letter.bid.tender
    for seat in seats_of(uow, tender):
        notify(
            uow, ANSWERED, [seat.user_id], url=f"/evaluations/{seat.id}", params={"tender": tender.title}, by_mail=False
        )
