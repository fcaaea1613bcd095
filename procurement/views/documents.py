"""The supplier's page of a tender's documents: taking them, asking, and what became of one's questions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs

from core.errors import Refused
from core.http.choices import choices
from core.http.guard import requires
from core.http.transitions import add_transitions
from core.i18n import Text, _
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from core.workflow import Option
from procurement.clarifying.windows import documents_end, last_minute, questions_end
from procurement.forms.clarifications import AskForm, TakeDocumentsForm
from procurement.models import DocumentHolder, Question, Tender
from procurement.permissions import ClarificationPermission, TenderPermission
from procurement.queries.amendments import versions_of
from procurement.queries.clarifications import answers_of, load_question, own_holdings, own_questions
from procurement.queries.tenders import load_tender
from procurement.services.bidding import bidders_of
from procurement.services.holding import take_documents
from procurement.services.questions import ask as ask_question
from procurement.services.tender_paper import tender_paper
from procurement.states import QuestionSubject
from procurement.workflow import QUESTION

documents_taken = Blueprint("documents_taken", __name__, url_prefix="/notices/<uuid:tender_id>/documents")


@documents_taken.route("", methods=["GET", "POST"])
@requires(ClarificationPermission.TAKE_DOCUMENTS, load_tender, see=TenderPermission.READ_NOTICE)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Take the documents; afterwards read, ask, and see what became of one's questions."""
    form = TakeDocumentsForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    form.supplier.choices = choices((str(one.id), one.name) for one in _without(uow, tender))
    if form.validate_on_submit():
        try:
            take_documents(uow, tender, uuid.UUID(str(form.supplier.data)))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("documents_taken.show", tender_id=tender.id)
            form.mark_used(uow, location)
            flash(_("已登记领取招标文件。以后的每一次答疑和更正都会通知贵单位。"), "success")
            return redirect(location)
    return _page(uow, tender, form=form), 422 if form.is_submitted() else 200


@documents_taken.post("/ask")
@requires(ClarificationPermission.ASK, load_tender, see=TenderPermission.READ_NOTICE)
def ask(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Ask a question as one of one's organisations that hold the documents."""
    form = AskForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    holdings = own_holdings(uow, tender)
    form.about.choices = choices(_subjects(tender))
    form.asker.choices = _askers(holdings)
    holder = next((one for one in holdings if str(one.organisation_id) == form.asker.data), None)
    holder = holder or (holdings[0] if len(holdings) == 1 else None)
    if holder is None:
        return redirect(url_for("documents_taken.show", tender_id=tender.id))
    if form.validate_on_submit():
        kind, _colon, key = str(form.about.data or "tender").partition(":")
        try:
            ask_question(
                uow,
                holder,
                form.text("question"),
                subject=QuestionSubject(kind),
                subject_id=uuid.UUID(key) if key else None,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("documents_taken.show", tender_id=tender.id)
            form.mark_used(uow, location)
            flash(_("已提交提问，采购人看不到是谁提的。答复会公开，并通知所有领取文件的供应商。"), "success")
            return redirect(location)
    return _page(uow, tender, ask_form=form), 422


@documents_taken.get("/paper.pdf")
@requires(ClarificationPermission.TAKE_DOCUMENTS, load_tender, see=TenderPermission.READ_NOTICE)
def paper(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Download the documents as one paper; only for who is registered as a holder of them."""
    if not own_holdings(uow, tender):
        return redirect(url_for("documents_taken.show", tender_id=tender.id))
    response = Response(tender_paper(uow, tender), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="tender-{tender.number}.pdf"'
    return response


def _page(
    uow: UnitOfWork, tender: Tender, *, form: TakeDocumentsForm | None = None, ask_form: AskForm | None = None
) -> str:
    holdings = own_holdings(uow, tender)
    if form is None:
        form = TakeDocumentsForm(formdata=None)
        form.supplier.choices = choices((str(one.id), one.name) for one in _without(uow, tender))
    until = questions_end(uow, tender)
    may_ask = bool(holdings) and tender.is_open_at(uow.now) and until is not None and uow.now < until
    if may_ask and ask_form is None:
        ask_form = AskForm(formdata=None)
        ask_form.asker.choices = _askers(holdings)
        ask_form.about.choices = choices(_subjects(tender))
    end = documents_end(tender)
    return render_template(
        "procurement/clarification/documents.html",
        tender=tender,
        holdings=holdings,
        form=form if form.supplier.choices else None,
        ask_form=ask_form if may_ask else None,
        may_take=tender.is_open_at(uow.now) and end is not None and uow.now < end,
        documents_until=last_minute(end),
        questions_until=last_minute(until),
        asked=[(one, _withdrawal(uow, one)) for one in own_questions(uow, holdings)] if holdings else [],
        answers=answers_of(uow, tender),
        versions=versions_of(uow, tender),
        crumbs=[
            (_("招标公告"), url_for("notices.index")),
            (tender.number, url_for("notices.show", tender_id=tender.id)),
            (_("招标文件与答疑"), None),
        ],
    )


def _without(uow: UnitOfWork, tender: Tender) -> list[Organisation]:
    """The actor's organisations that have not taken the documents yet."""
    held = {one.organisation_id for one in own_holdings(uow, tender)}
    return [one for one in bidders_of(uow) if one.id not in held]


def _askers(holdings: Sequence[DocumentHolder]) -> list[SelectChoice]:
    return choices((str(one.organisation_id), one.organisation.name) for one in holdings)


def _subjects(tender: Tender) -> list[tuple[str, Text]]:
    lots = [
        (f"lot:{one.id}", _("第 %(position)s 包 %(title)s", position=one.position, title=one.title))
        for one in tender.lots
    ]
    criteria = [(f"criterion:{one.id}", _("评审因素：%(title)s", title=one.title)) for one in tender.criteria]
    return [("tender", _("整个采购项目")), *(lots if len(lots) > 1 else []), *criteria]


def _withdrawal(uow: UnitOfWork, question: Question) -> Option | None:
    return next((one for one in QUESTION.options(uow, question) if one.possible), None)


def _location(question: Question) -> str:
    return url_for("documents_taken.show", tender_id=question.tender_id)


own = Blueprint("own_questions", __name__, url_prefix="/questions/<uuid:question_id>")
add_transitions(
    own,
    QUESTION,
    load_question,
    prefix="",
    see=ClarificationPermission.WITHDRAW_QUESTION,
    location=_location,
)
