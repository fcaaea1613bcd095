"""Inquiries of suppliers and their answers (询问, R-REMEDY-01)."""

from __future__ import annotations

import uuid

from flask_babel import force_locale
from sqlalchemy import func, select

from core.documents.accept import keep_bytes
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Challenge, Inquiry, Tender
from procurement.permissions import BIDDER_SIDE, RemedyPermission
from procurement.remedy_periods import INQUIRY as RULE
from procurement.services.remedy_clocks import start_clock, stop_clock
from procurement.services.remedy_papers import inquiry_letter
from procurement.states import InquiryState
from procurement.workflow import INQUIRY

ASKED = NotificationKind(
    "inquiry.asked",
    _l("收到询问：%(number)s"),
    _l("采购项目《%(tender)s》收到供应商询问 %(number)s，请在 %(due)s 前答复（R-REMEDY-01）。"),
)
ANSWERED = NotificationKind(
    "inquiry.answered", _l("询问已答复：%(number)s"), _l("贵单位就《%(tender)s》提出的询问 %(number)s 已经答复。")
)


def ask(uow: UnitOfWork, tender: Tender, organisation_id: uuid.UUID, question: str) -> Inquiry:
    """Ask about a purchase; the answer is due in the working days of R-REMEDY-01.

    Raises `Forbidden` for somebody else's organisation, `Refused` without a question.
    """
    decision = policy.decide(uow.actor, RemedyPermission.ASK, tender)
    if not decision:
        raise Forbidden(decision.reason)
    if organisation_id not in uow.actor.organisations_as(*BIDDER_SIDE):
        raise Forbidden(_l("只能以本单位名义提出"))
    if not question.strip():
        raise Refused(Refusal(_l("请写明询问事项"), rule_id=RULE, field="question"))
    uow.lock(tender)
    number = next_number(uow, tender, Inquiry, "XW")
    inquiry = uow.add(
        Inquiry(
            number=number,
            tender_id=tender.id,
            organisation_id=organisation_id,
            asked_by_id=uow.actor.user_id,
            asked_at=uow.now,
            question=question.strip(),
            answered_by_id=None,
            answered_at=None,
        )
    )
    uow.session.flush()
    clock = start_clock(uow, inquiry, RULE, "days", uow.today)
    uow.record("inquiry.ask", inquiry, after={"number": number, "due": clock.last_day})
    words = {"tender": tender.title, "number": number, "due": clock.last_day.isoformat()}
    notify(uow, ASKED, handlers(uow, tender), url=f"/inquiries/{inquiry.id}", params=words)
    return inquiry


def answer_inquiry(uow: UnitOfWork, inquiry: Inquiry, answer: str) -> None:
    """Answer an inquiry; the letter goes to the supplier. Raises `Forbidden`, or `Refused` without words."""
    if inquiry.state is InquiryState.ASKED and not answer.strip():
        raise Refused(Refusal(_l("请写明答复内容"), rule_id=RULE, field="answer"))
    INQUIRY.fire(uow, inquiry, "answer", assign={"answer": answer.strip(), "answered_by_id": uow.actor.user_id})
    stop_clock(uow, inquiry, "days")
    uow.session.flush()
    with force_locale("zh"):
        data = inquiry_letter(uow, inquiry)
        name = f"询问答复函-{inquiry.number}.pdf"
        keep_bytes(uow, data, owner=inquiry, purpose="answer-letter", name=name, media_type="application/pdf")
    words = {"tender": inquiry.tender.title, "number": inquiry.number}
    notify(uow, ANSWERED, [inquiry.asked_by_id], url=f"/inquiries/{inquiry.id}", params=words)


def judge_inquiry(uow: UnitOfWork, inquiry: Inquiry, *, affects: bool) -> None:
    """Say whether an open inquiry may affect the result, so that contracts wait for its answer (R-SUSP-01)."""
    decision = policy.decide(uow.actor, RemedyPermission.ANSWER_INQUIRY, inquiry)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(inquiry)
    if inquiry.state is not InquiryState.ASKED:
        raise Refused(Refusal(_l("询问已经办结"), rule_id="R-SUSP-01"))
    before, inquiry.may_affect_result = inquiry.may_affect_result, affects
    uow.record("inquiry.judge", inquiry, before={"affects": before}, after={"affects": affects})


def handlers(uow: UnitOfWork, tender: Tender) -> set[uuid.UUID]:
    """Return who handles cases of a purchase: its drafter and the purchaser's officers."""
    officers = uow.session.scalars(
        select(Membership.user_id).where(
            Membership.organisation_id == tender.purchaser_id,
            Membership.role == Role.PROCUREMENT_OFFICER,
            Membership.ended_at.is_(None),
        )
    )
    return {tender.drafted_by_id, *officers}


def next_number(uow: UnitOfWork, tender: Tender, noun: type[Inquiry | Challenge], mark: str) -> str:
    """Return the next number of a kind of case within a purchase; the tender's row must be locked."""
    count = uow.session.scalar(select(func.count(noun.id)).where(noun.tender_id == tender.id))
    return f"{tender.number}-{mark}{(count or 0) + 1:02d}"
