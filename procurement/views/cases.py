"""Supervision's cases: opening from what was seen, notes and files, conduct on record, closing."""

from __future__ import annotations

import uuid
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs

from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.errors import Refused
from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.supervision import CaseForm, CloseForm, ConductForm, NoteForm
from procurement.models import ConductRecord, SupervisionCase, Tender
from procurement.permissions import SupervisionPermission
from procurement.queries.supervision_files import cases_matching, load_case
from procurement.services.supervision import CaseEntry, add_note, close_case, open_case
from procurement.services.supplier_records import ConductEntry, record_conduct
from procurement.states import CaseOrigin, CaseOutcome, CaseState, ConductCode, Sanction

cases = Blueprint("cases", __name__, url_prefix="/supervision/cases")


@cases.get("")
@requires(SupervisionPermission.BROWSE_CASES)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the cases."""
    page = listing(
        uow,
        cases_matching(text=asked("q"), state=asked("state")),
        sortable={"opened": SupervisionCase.opened_at, "number": SupervisionCase.number},
        default="-opened",
        filters=(Filter("state", _l("状态"), [(one.value, one.label) for one in CaseState]),),
    )
    may = policy.allows(uow.actor, SupervisionPermission.HANDLE_CASE)
    crumbs = [(_("采购监管"), url_for("supervision.desk")), (_("案件"), None)]
    return render_template("procurement/supervision/cases.html", page=page, may_open=may, crumbs=crumbs)


@cases.route("/new", methods=["GET", "POST"])
@requires(SupervisionPermission.HANDLE_CASE)
def new(uow: UnitOfWork) -> ResponseReturnValue:
    """Open a case; a signal, a complaint or an inspection fills it in."""
    form = CaseForm()
    form.origin.choices = choices_of(CaseOrigin)
    tenders = uow.session.scalars(select(Tender).where(Tender.published_at.is_not(None)).order_by(Tender.number.desc()))
    form.tender_id.choices = choices(
        [("", _("（不涉及）")), *((str(one.id), f"{one.number} {one.title}") for one in tenders)]
    )
    form.organisation_id.choices = _organisations(uow)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        for name in ("title", "origin", "tender_id", "organisation_id", "words"):
            form[name].data = request.args.get(name, "")[:500] or form[name].data
    if form.validate_on_submit():
        try:
            entry = CaseEntry(
                form.text("title"),
                CaseOrigin(form.origin.data),
                request.args.get("ref", "")[:100],
                uuid.UUID(form.tender_id.data) if form.tender_id.data else None,
                uuid.UUID(form.organisation_id.data) if form.organisation_id.data else None,
            )
            case = open_case(uow, entry, form.text("words"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, case, _("已立案 %(number)s", number=case.number))
    crumbs = [(_("案件"), url_for("cases.index")), (_("立案"), None)]
    page = render_template("procurement/supervision/case_new.html", form=form, crumbs=crumbs)
    return page, 422 if form.is_submitted() else 200


@cases.get("/<uuid:case_id>")
@requires(SupervisionPermission.READ_CASE, load_case, see=SupervisionPermission.READ_CASE)
def show(uow: UnitOfWork, case: SupervisionCase) -> ResponseReturnValue:
    """Show a case."""
    return _page(uow, case, None)


@cases.post("/<uuid:case_id>/note")
@requires(SupervisionPermission.HANDLE_CASE, load_case, see=SupervisionPermission.READ_CASE)
def note(uow: UnitOfWork, case: SupervisionCase) -> ResponseReturnValue:
    """Add a note."""
    form = NoteForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            add_note(uow, case, form.text("words"), form.files.data or [])
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, case, _("已写入案件记录"))
    return _page(uow, case, form), 422


@cases.post("/<uuid:case_id>/conduct")
@requires(SupervisionPermission.RECORD_CONDUCT, load_case, see=SupervisionPermission.READ_CASE)
def conduct(uow: UnitOfWork, case: SupervisionCase) -> ResponseReturnValue:
    """Record a violation with its sanctions."""
    form = _conduct_form(uow, case, ConductForm())
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        entry = ConductEntry(
            ConductCode(form.code.data),
            form.text("facts"),
            [Sanction(one) for one in form.sanctions.data or []],
            is_major=bool(form.is_major.data),
            ban_years=form.ban_years.data or 0,
            fine=form.fine.data,
            amount=Decimal(case.tender.budget) if case.tender else None,
        )
        try:
            record_conduct(uow, uuid.UUID(form.violator_id.data), entry, f"case:{case.id}")
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, case, _("已登记违法违规记录"))
    return _page(uow, case, form), 422


@cases.post("/<uuid:case_id>/close")
@requires(SupervisionPermission.HANDLE_CASE, load_case, see=SupervisionPermission.READ_CASE)
def close(uow: UnitOfWork, case: SupervisionCase) -> ResponseReturnValue:
    """Close a case."""
    form = CloseForm()
    form.outcome.choices = choices_of(CaseOutcome)
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            close_case(uow, case, CaseOutcome(form.outcome.data), form.text("conclusion"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, case, _("案件已办结"))
    return _page(uow, case, form), 422


def _done(uow: UnitOfWork, form: Form, case: SupervisionCase, words: str) -> ResponseReturnValue:
    location = url_for("cases.show", case_id=case.id)
    form.mark_used(uow, location)
    flash(words, "success")
    return redirect(location)


def _organisations(uow: UnitOfWork) -> list[SelectChoice]:
    rows = uow.session.scalars(
        select(Organisation).where(Organisation.kind == OrganisationKind.AGENCY).order_by(Organisation.name)
    )
    return choices([("", _("（不涉及）")), *((str(one.id), one.name) for one in rows)])


def _conduct_form(uow: UnitOfWork, case: SupervisionCase, form: ConductForm) -> ConductForm:
    form.violator_id.choices = _organisations(uow)
    form.code.choices = choices((one.value, f"{one.label}（{one.rule_id}）") for one in ConductCode)
    form.sanctions.choices = choices_of(Sanction)
    if not form.is_submitted() and case.organisation_id:
        form.violator_id.data = str(case.organisation_id)
    return form


def _page(uow: UnitOfWork, case: SupervisionCase, used: Form | None) -> str:
    handles = case.state is CaseState.OPEN and policy.allows(uow.actor, SupervisionPermission.HANDLE_CASE, case)
    close_form = used if isinstance(used, CloseForm) else CloseForm(formdata=None)
    close_form.outcome.choices = choices_of(CaseOutcome)
    conduct_form = used if isinstance(used, ConductForm) else _conduct_form(uow, case, ConductForm(formdata=None))
    records = select(ConductRecord).where(ConductRecord.source == f"case:{case.id}")
    return render_template(
        "procurement/supervision/case.html",
        case=case,
        documents=documents_of(uow, case),
        records=uow.session.scalars(records.order_by(ConductRecord.recorded_at)).all(),
        sanction_words={one.value: one.label for one in Sanction},
        note_form=(used if isinstance(used, NoteForm) else NoteForm(formdata=None)) if handles else None,
        conduct_form=conduct_form if handles else None,
        close_form=close_form if handles else None,
        entries=timeline(uow, case),
        crumbs=[(_("案件"), url_for("cases.index")), (case.number, None)],
    )
