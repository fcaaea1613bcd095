"""The officer's page of questions: answering several in one, declining with a reason. No asker is ever shown here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.choices import choices
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.clarifying.windows import last_minute, questions_end
from procurement.forms.clarifications import AnswerForm, DeclineForm
from procurement.models import Question, Tender
from procurement.permissions import ClarificationPermission, TenderPermission
from procurement.queries.clarifications import answers_of, askers_of, holders_of, load_question, questions_of
from procurement.queries.tenders import load_tender
from procurement.services.questions import decline as decline_question
from procurement.services.questions import publish_answer
from procurement.states import QuestionState
from procurement.views.tenders import crumbs_of

questions = Blueprint("questions", __name__)
P = ClarificationPermission


@questions.route("/tenders/<uuid:tender_id>/questions", methods=["GET"])
@requires(P.BROWSE_QUESTIONS, load_tender, see=TenderPermission.READ)
def index(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show what waits for an answer, the answers out, and after the opening who held the documents."""
    return _page(uow, tender)


@questions.post("/tenders/<uuid:tender_id>/questions")
@requires(P.ANSWER, load_tender, see=TenderPermission.READ)
def answer(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Publish one answer to the chosen questions."""
    form = AnswerForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    waiting = questions_of(uow, tender, QuestionState.OPEN)
    form.questions.choices = choices((str(one.id), one.text) for one in waiting)
    if form.validate_on_submit():
        chosen = [one for one in waiting if str(one.id) in (form.questions.data or [])]
        try:
            row = publish_answer(uow, tender, chosen, question=form.text("question"), answer=form.text("answer"))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("questions.index", tender_id=tender.id)
            form.mark_used(uow, location)
            flash(_("第 %(number)s 号答疑已公开，并已通知所有领取文件的供应商", number=row.number), "success")
            return redirect(location)
    return _page(uow, tender, form=form), 422


@questions.route("/questions/<uuid:question_id>/decline", methods=["GET", "POST"])
@requires(P.DECLINE, load_question, see=P.READ_QUESTION)
def decline(uow: UnitOfWork, question: Question) -> ResponseReturnValue:
    """Close a question without an answer; the reason goes to its asker."""
    form = DeclineForm(obj=question)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        form.reason.data = ""
    if form.validate_on_submit():
        try:
            decline_question(uow, question, form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("questions.index", tender_id=question.tender_id)
            form.mark_used(uow, location)
            flash(_("已说明不予答复的理由，并已通知提问的供应商"), "success")
            return redirect(location)
    page = render_template(
        "procurement/clarification/decline.html",
        form=form,
        question=question,
        crumbs=[
            *crumbs_of(question.tender, _("提问与答疑"))[:-1],
            (_("提问与答疑"), url_for("questions.index", tender_id=question.tender_id)),
            (_("不予答复"), None),
        ],
    )
    return page, 422 if form.is_submitted() else 200


def _page(uow: UnitOfWork, tender: Tender, *, form: AnswerForm | None = None) -> str:
    waiting = questions_of(uow, tender, QuestionState.OPEN)
    may_answer = policy.allows(uow.actor, P.ANSWER, tender)
    if form is None and waiting and may_answer:
        form = AnswerForm(formdata=None)
        form.questions.choices = choices((str(one.id), one.text) for one in waiting)
        chosen = [one for one in waiting if str(one.id) in request.args.getlist("question")]
        chosen = chosen or (waiting if len(waiting) == 1 else [])
        form.questions.data = [str(one.id) for one in chosen]
        form.question.data = "\n".join(one.text for one in chosen)
    answers = answers_of(uow, tender)
    sees_holders = policy.allows(uow.actor, P.READ_HOLDERS, tender)
    return render_template(
        "procurement/clarification/questions.html",
        tender=tender,
        waiting=waiting,
        declined=questions_of(uow, tender, QuestionState.DECLINED),
        answers=answers,
        askers=askers_of(uow, answers),
        form=form,
        may_answer=may_answer,
        may_amend=tender.is_open_at(uow.now) and policy.allows(uow.actor, P.DRAFT_AMENDMENT, tender),
        questions_until=last_minute(questions_end(uow, tender)),
        holders=holders_of(uow, tender) if sees_holders else None,
        crumbs=crumbs_of(tender, _("提问与答疑")),
    )
