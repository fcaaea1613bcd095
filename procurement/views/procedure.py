"""From the evaluation to the contract: the table of deadlines with who must do what until when, and the small deeds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.errors import Refused
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.procedure import DelayForm, ResultNoticeForm
from procurement.models import Tender
from procurement.permissions import ContractPermission, TenderPermission
from procurement.queries.award_procedure import (
    contract_clocks,
    lots_without_award,
    procedure_of,
    replaced_awards,
    tender_clocks,
)
from procurement.queries.awards import load_tender
from procurement.queries.contracts import contracts_of
from procurement.services.award_procedure import (
    applies_to,
    deliver_report,
    explain_delay,
    register_result_notice,
)
from procurement.services.awarding import awards_of
from procurement.states import TenderState
from procurement.suspensions import suspensions
from procurement.views.examination import crumbs_of

procedure = Blueprint("procedure", __name__, url_prefix="/tenders/<uuid:tender_id>/procedure")


@procedure.get("")
@requires(ContractPermission.READ_DEADLINES, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show every deadline of the award with who must do what, and the contracts that follow."""
    return _page(uow, tender)


@procedure.post("/report")
@requires(ContractPermission.DELIVER_REPORT, load_tender, see=TenderPermission.READ)
def report(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Hand the evaluation report to the purchaser."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    deliver_report(uow, tender)
    form.mark_used(uow, _location(tender))
    flash(_("评审报告已送交采购人，定标期限自今日起算。"), "success")
    return redirect(_location(tender))


@procedure.post("/delay")
@requires(ContractPermission.EXPLAIN_DELAY, load_tender, see=TenderPermission.READ)
def delay(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Note why the decision is late."""
    form = DelayForm()
    if form.validate_on_submit():
        try:
            explain_delay(uow, tender, form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已登记未按期定标的理由。"), "success")
            return redirect(_location(tender))
    return _page(uow, tender, delay_form=form), 422


@procedure.post("/notice")
@requires(ContractPermission.NOTE_NOTICE, load_tender, see=TenderPermission.READ)
def notice(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Note where the result stands in the designated medium."""
    form = ResultNoticeForm()
    if form.validate_on_submit() and form.at.data is not None:
        try:
            register_result_notice(uow, tender, form.text("url"), form.at.data.replace(tzinfo=SHANGHAI))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已登记结果公告网址，公告期限自发布之日起算。"), "success")
            return redirect(_location(tender))
    return _page(uow, tender, notice_form=form), 422


def _page(uow: UnitOfWork, tender: Tender, **forms: Any) -> str:
    row = procedure_of(uow, tender)
    awarded = tender.state is TenderState.AWARDED
    waits = row is not None and tender.state is TenderState.EVALUATED

    def may(permission: ContractPermission) -> bool:
        return policy.allows(uow.actor, permission, tender)

    return render_template(
        "procurement/award/procedure.html",
        tender=tender,
        procedure=row,
        clocks=tender_clocks(uow, tender),
        awards=awards_of(uow, tender),
        replaced=replaced_awards(uow, tender),
        lots_left=lots_without_award(uow, tender),
        suspensions=suspensions(uow, tender),
        deals=_deals(uow, tender),
        now=uow.now,
        silence_decides=waits and applies_to(uow, tender),
        report_form=Form(formdata=None)
        if waits and row and row.report_received_at is None and may(ContractPermission.DELIVER_REPORT)
        else None,
        delay_form=forms.get("delay_form")
        or (DelayForm(formdata=None) if waits and may(ContractPermission.EXPLAIN_DELAY) else None),
        notice_form=forms.get("notice_form")
        or (_notice_form(uow, tender) if awarded and row and may(ContractPermission.NOTE_NOTICE) else None),
        may_award=waits and policy.allows(uow.actor, TenderPermission.AWARD, tender),
        crumbs=crumbs_of(tender, _("定标与合同期限")),
    )


def _deals(uow: UnitOfWork, tender: Tender) -> list[dict[str, Any]]:
    """Return each standing award with its contract, its clocks and what the reader may begin."""
    known, deals = contracts_of(uow, tender), []
    for award in awards_of(uow, tender):
        contract = known.get(award.id)
        may_read = contract is not None and policy.allows(uow.actor, ContractPermission.READ, contract)
        may_draft = contract is None and policy.allows(uow.actor, ContractPermission.DRAFT, award)
        deals.append(
            {
                "award": award,
                "contract": contract if may_read else None,
                "clocks": contract_clocks(uow, award, contract),
                "form": Form(formdata=None) if may_draft else None,
                "may_replace": contract is None and policy.allows(uow.actor, ContractPermission.REPLACE, award),
            }
        )
    return deals


def _notice_form(uow: UnitOfWork, tender: Tender) -> ResultNoticeForm:
    row = procedure_of(uow, tender)
    at = row.notice_at.astimezone(SHANGHAI) if row and row.notice_at else None
    return ResultNoticeForm(formdata=None, data={"url": row.notice_url if row else "", "at": at})


def _location(tender: Tender) -> str:
    return url_for("procedure.show", tender_id=tender.id)
