"""The procurement agent of a purchase: agreement, scope, end."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.documents.accept import documents_of
from core.errors import Refusal, Refused
from core.http.choices import choices
from core.http.guard import requires
from core.i18n import _, _l
from core.identity.models import Organisation
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.agents import AgreementForm, EndForm
from procurement.models import Tender
from procurement.permissions import AgentPermission, TenderPermission
from procurement.queries.agents import procurement_agencies
from procurement.queries.tenders import load_tender
from procurement.services.agents import AgreementEntry, appoint_agent, appointment_refusals, end_appointment
from procurement.states import AgentStep
from procurement.views.tenders import crumbs_of

agents = Blueprint("agents", __name__, url_prefix="/tenders/<uuid:tender_id>/agent")


@agents.get("")
@requires(AgentPermission.READ, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show who acts for the purchaser, under which agreement and in what."""
    return _page(uow, tender)


@agents.post("")
@requires(AgentPermission.APPOINT, load_tender, see=TenderPermission.READ)
def appoint(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Appoint an agent, or change what is on file of the agreement."""
    form = _form(uow, tender)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit() and form.agreed_on.data is not None:
        try:
            appoint_agent(uow, tender, _entry(uow, form), request.files.get("agreement"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(tender))
            flash(_("已登记委托。代理机构的人员现在可以在本项目中办理受托的环节。"), "success")
            return redirect(_location(tender))
    return _page(uow, tender, form=form), 422


@agents.post("/end")
@requires(AgentPermission.APPOINT, load_tender, see=TenderPermission.READ)
def end(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """End the appointment."""
    form = EndForm(prefix="end-")
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            end_appointment(uow, tender, form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(tender))
            flash(_("委托已终止，此后由采购人自行办理。"), "success")
            return redirect(_location(tender))
    return _page(uow, tender, ending=form), 422


def _page(uow: UnitOfWork, tender: Tender, *, form: AgreementForm | None = None, ending: EndForm | None = None) -> str:
    row, may = tender.agent, policy.allows(uow.actor, AgentPermission.APPOINT, tender)
    refusals = appointment_refusals(tender)
    return render_template(
        "procurement/tender/agent.html",
        tender=tender,
        row=row,
        scope=[one.label for one in AgentStep if row and one.value in row.scope],
        overdue=row is not None and row.stands and row.valid_until is not None and row.valid_until < uow.today,
        files=[
            {
                "name": one.name,
                "size": one.size,
                "at": one.added_at,
                "url": url_for("documents.download", document_id=one.id),
            }
            for one in (documents_of(uow, row) if row else [])
        ],
        refusals=refusals,
        form=(form or _form(uow, tender, fresh=True)) if may and not refusals else None,
        ending=(ending or EndForm(formdata=None, prefix="end-")) if may and row and row.stands else None,
        crumbs=crumbs_of(tender, _("采购代理机构")),
    )


def _form(uow: UnitOfWork, tender: Tender, *, fresh: bool = False) -> AgreementForm:
    row = tender.agent
    known = (
        {
            "agency": str(row.agency_id),
            "number": row.agreement_number,
            "agreed_on": row.agreed_on,
            "valid_until": row.valid_until,
            "steps": row.scope,
            "fee": row.fee,
            "contact_name": row.contact_name,
            "contact_telephone": row.contact_telephone,
        }
        if row
        else {"steps": [one.value for one in AgentStep]}
    )
    form = AgreementForm(formdata=None, data=known) if fresh else AgreementForm(data=known)
    form.agency.choices = choices([(str(one.id), one.name) for one in procurement_agencies(uow)])
    return form


def _entry(uow: UnitOfWork, form: AgreementForm) -> AgreementEntry:
    agency = uow.get(Organisation, uuid.UUID(form.agency.data))
    if agency is None or form.agreed_on.data is None:
        raise Refused(Refusal(_l("请选择采购代理机构"), field="agency"))
    return AgreementEntry(
        agency=agency,
        number=form.text("number"),
        agreed_on=form.agreed_on.data,
        valid_until=form.valid_until.data,
        steps=[AgentStep(one) for one in form.steps.data or []],
        fee=form.text("fee"),
        contact_name=form.text("contact_name"),
        contact_telephone=form.text("contact_telephone"),
    )


def _location(tender: Tender) -> str:
    return url_for("agents.show", tender_id=tender.id)
