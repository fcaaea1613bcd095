"""Questions of document holders and their published answers; an unanswered one keeps the bids from being opened."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership, User
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.clarifying.windows import answer_due, questions_end
from procurement.models import DocumentHolder, PublishedAnswer, Question, Tender, TenderVersion
from procurement.permissions import BIDDER_SIDE, ClarificationPermission
from procurement.queries.clarifications import audience, people_of, suppliers_named, unanswered
from procurement.services.bidding import share_tender
from procurement.services.receiving import present
from procurement.states import QuestionState, QuestionSubject
from procurement.workflow import QUESTION

ASKED = NotificationKind(
    "question.asked",
    _l("有供应商提问：%(tender)s"),
    _l("《%(tender)s》收到一个提问，请在 %(due)s 前答复；未答复的提问会使项目不能开标。"),
)
ANSWERED = NotificationKind(
    "question.answered",
    _l("答疑：%(tender)s"),
    _l("《%(tender)s》发布了第 %(number)s 号答疑，请阅读。"),
)
DECLINED = NotificationKind(
    "question.declined",
    _l("提问不予答复：%(tender)s"),
    _l("《%(tender)s》：贵单位的一个提问不予答复，理由：%(reason)s"),
)


def ask(
    uow: UnitOfWork,
    holder: DocumentHolder,
    text: str,
    *,
    subject: QuestionSubject = QuestionSubject.TENDER,
    subject_id: uuid.UUID | None = None,
) -> Question:
    """Ask about the documents, a lot or a criterion; the answer is due within the rule's days (R-REMEDY-01).

    The window is judged when the tender's row is locked, as with bids. Raises `Forbidden` for another's holding,
    `Refused` when the window is closed (R-CLARIFY-01) or the text gives its asker away (R-SEC-03).
    """
    if uow.actor.user_id is None or holder.organisation_id not in uow.actor.organisations_as(*BIDDER_SIDE):
        raise Forbidden(_l("只能以本单位名义提问"))
    tender = holder.tender
    share_tender(uow, tender)
    now, until = present(uow), questions_end(uow, tender)
    if not tender.is_open_at(now) or until is None or now >= until:
        raise Refused(Refusal(_l("提问截止时间已过"), rule_id="R-CLARIFY-01", field="question"))
    text = text.strip()
    if not text:
        raise Refused(Refusal(_l("请填写问题"), field="question"))
    if _gives_away(uow, holder, text):
        words = _l("提问会公开，请删去能看出提问单位的名称、代码、姓名和联系方式")
        raise Refused(Refusal(words, rule_id="R-SEC-03", field="question"))
    question = uow.add(
        Question(
            tender_id=tender.id,
            holder_id=holder.id,
            asked_by_id=uow.actor.user_id,
            asked_at=now,
            subject=subject,
            subject_words=_words(tender, subject, subject_id),
            text=text,
            due_on=answer_due(uow, now),
            closed_at=None,
            answer_id=None,
        )
    )
    question.tender, question.holder = tender, holder
    uow.session.flush()
    uow.record("question.ask", question)
    url = f"/tenders/{tender.id}/questions"
    notify(uow, ASKED, [tender.drafted_by_id], url=url, params=_told(tender, due=question.due_on.isoformat()))
    return question


def decline(uow: UnitOfWork, question: Question, reason: str) -> None:
    """Close a question without an answer, for a reason that its asker is told."""
    reason = reason.strip()
    QUESTION.fire(uow, question, "decline", reason=reason, assign={"reason": reason})
    uow.session.flush()
    asker = people_of(uow, Membership.organisation_id == question.holder.organisation_id)
    url = f"/notices/{question.tender_id}/documents"
    notify(uow, DECLINED, asker, url=url, params=_told(question.tender, reason=reason))


def publish_answer(
    uow: UnitOfWork, tender: Tender, questions: Sequence[Question], *, question: str, answer: str
) -> PublishedAnswer:
    """Publish one answer to one or several questions; every holder of the documents is told.

    It may explain the documents, never change them: a change is an amendment (R-TENDER-05). Raises `Refused` when
    nothing is answered, the tender is opened, or a supplier is named (R-SEC-03).
    """
    decision = policy.decide(uow.actor, ClarificationPermission.ANSWER, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    question, answer = question.strip(), answer.strip()
    refusals = [
        Refusal(words, field=field)
        for missing, words, field in (
            (not questions, _l("请选择要答复的提问"), "questions"),
            (not question, _l("请填写公开的问题"), "question"),
            (not answer, _l("请填写答复"), "answer"),
        )
        if missing
    ]
    if named := suppliers_named(uow, question, answer):
        words = _l("公开的答疑不得出现供应商名称：%(names)s", names="、".join(named))
        refusals.append(Refusal(words, rule_id="R-SEC-03", field="question"))
    if refusals:
        raise Refused(*refusals)
    return put_out(uow, tender, questions, question=question, answer=answer, version=None)


def put_out(
    uow: UnitOfWork,
    tender: Tender,
    questions: Sequence[Question],
    *,
    question: str,
    answer: str,
    version: TenderVersion | None,
) -> PublishedAnswer:
    """Store and announce an answer; the tender's row is locked. `version` is the amendment that it refers to."""
    if tender.opened_at is not None or not (tender.is_open_at(uow.now) or tender.awaits_opening_at(uow.now)):
        raise Refused(Refusal(_l("采购已开标或者结束，不再发布答疑"), rule_id="R-TENDER-05"))
    for one in questions:
        uow.lock(one)
        if one.tender_id != tender.id or one.state is not QuestionState.OPEN:
            raise Refused(Refusal(_l("所选提问已经答复、撤回或者不属于本项目"), field="questions"))
    last = uow.session.scalar(select(func.max(PublishedAnswer.number)).where(PublishedAnswer.tender_id == tender.id))
    row = uow.add(
        PublishedAnswer(
            tender_id=tender.id,
            number=(last or 0) + 1,
            question=question,
            answer=answer,
            version_id=version.id if version else None,
            published_by_id=uow.actor.user_id,
            published_at=uow.now,
        )
    )
    uow.session.flush()
    for one in questions:
        QUESTION.fire(uow, one, "answer", as_system=True, assign={"answer_id": row.id})
    uow.session.flush()
    uow.record("published_answer.publish", row, about=(tender,), detail={"number": row.number})
    if version is None:  # an amendment is announced by itself
        url = f"/notices/{tender.id}/clarifications#answer-{row.number}"
        notify(uow, ANSWERED, audience(uow, tender), url=url, params=_told(tender, number=str(row.number)))
    return row


def refuse_while_unanswered(uow: UnitOfWork, tender: Tender) -> None:
    """Raise `Refused` while a question has neither an answer nor a reason for none: the bids stay closed."""
    waiting = unanswered(uow, tender)
    if waiting:
        words = _l("还有 %(count)s 个提问未答复，请先答复或者说明不予答复的理由", count=waiting)
        raise Refused(Refusal(words, rule_id="R-REMEDY-01"))


def _gives_away(uow: UnitOfWork, holder: DocumentHolder, text: str) -> bool:
    user = uow.session.get_one(User, uow.actor.user_id)
    organisation = holder.organisation
    telling = [organisation.name, organisation.uscc, user.email]
    if len(user.name) >= 2:
        telling.append(user.name)
    folded = "".join(text.split()).casefold()
    known = any(one and "".join(one.split()).casefold() in folded for one in telling)
    return known or bool(suppliers_named(uow, text))


def _words(tender: Tender, subject: QuestionSubject, subject_id: uuid.UUID | None) -> str:
    if subject is QuestionSubject.TENDER:
        return ""
    found = {
        QuestionSubject.LOT: [(one.id, one.title) for one in tender.lots],
        QuestionSubject.CRITERION: [(one.id, one.title) for one in tender.criteria],
    }[subject]
    title = next((title for key, title in found if key == subject_id), None)
    if title is None:
        raise Refused(Refusal(_l("请选择提问针对的内容"), field="about"))
    return title


def _told(tender: Tender, **more: str) -> dict[str, str]:
    return {"tender": tender.title, **more}
