"""Amendments: drafted by an officer, looked at as the difference readers will see, approved by somebody else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.errors import Refusal, Refused
from core.http.guard import requires
from core.http.transitions import add_transitions
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.clarifying.differences import differences
from procurement.clarifying.entries import amended
from procurement.forms.clarifications import ActForm
from procurement.models import Amendment, Tender
from procurement.permissions import ClarificationPermission, TenderPermission
from procurement.queries.amendments import amendments_of, load_amendment, under_way, versions_of
from procurement.queries.tenders import load_tender
from procurement.remedy_steps import reason_named
from procurement.services.amending import outlook, publish_amendment, start_amendment, submit_amendment
from procurement.states import AmendmentState
from procurement.views.tenders import crumbs_of
from procurement.workflow import AMENDMENT

amendments = Blueprint("amendments", __name__)
P = ClarificationPermission


@amendments.get("/tenders/<uuid:tender_id>/amendments")
@requires(P.BROWSE_AMENDMENTS, load_tender, see=TenderPermission.READ)
def index(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """List the versions of the documents and the amendment under way."""
    return _index(uow, tender)


@amendments.post("/tenders/<uuid:tender_id>/amendments")
@requires(P.DRAFT_AMENDMENT, load_tender, see=TenderPermission.READ)
def start(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Begin an amendment."""
    form = ActForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    try:
        amendment = start_amendment(uow, tender, reason=reason_named(uow, request.args.get("because"), tender))
    except Refused as refused:
        return _index(uow, tender, refused.refusals), 422
    location = url_for("amendment_entries.edit", amendment_id=amendment.id)
    form.mark_used(uow, location)
    return redirect(location)


@amendments.get("/amendments/<uuid:amendment_id>")
@requires(P.READ_AMENDMENT, load_amendment, see=P.READ_AMENDMENT)
def show(uow: UnitOfWork, amendment: Amendment) -> ResponseReturnValue:
    """Show an amendment as the difference it makes, the deadline it brings, and what is still in its way."""
    return _page(uow, amendment)


@amendments.post("/amendments/<uuid:amendment_id>/submit")
@requires(P.EDIT_AMENDMENT, load_amendment, see=P.READ_AMENDMENT)
def submit(uow: UnitOfWork, amendment: Amendment) -> ResponseReturnValue:
    """Submit the draft for approval."""
    form = ActForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    try:
        submit_amendment(uow, amendment)
    except Refused as refused:
        return _page(uow, amendment, refused.refusals), 422
    location = url_for("amendments.show", amendment_id=amendment.id)
    form.mark_used(uow, location)
    flash(_("已提交审批。批准发布之前，公开的仍是现行版本。"), "success")
    return redirect(location)


@amendments.post("/amendments/<uuid:amendment_id>/publish")
@requires(P.APPROVE_AMENDMENT, load_amendment, see=P.READ_AMENDMENT)
def publish(uow: UnitOfWork, amendment: Amendment) -> ResponseReturnValue:
    """Approve and publish; what meanwhile became unlawful is named on the page."""
    form = ActForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    try:
        version = publish_amendment(uow, amendment)
    except Refused as refused:
        uow.session.refresh(amendment)
        return _page(uow, amendment, refused.refusals), 422
    location = url_for("clarifications.version", tender_id=amendment.tender_id, number=version.number)
    form.mark_used(uow, location)
    flash(
        _("第 %(number)s 版采购文件已发布，已通知所有领取文件和已递交投标的供应商。", number=version.number), "success"
    )
    return redirect(location)


def _location(amendment: Amendment) -> str:
    return url_for("amendments.show", amendment_id=amendment.id)


add_transitions(
    amendments,
    AMENDMENT,
    load_amendment,
    prefix="/amendments/<uuid:amendment_id>",
    see=P.READ_AMENDMENT,
    location=_location,
)


def _index(uow: UnitOfWork, tender: Tender, refusals: tuple[Refusal, ...] = ()) -> str:
    may_draft = tender.is_open_at(uow.now) and policy.allows(uow.actor, P.DRAFT_AMENDMENT, tender)
    pending = under_way(uow, tender)
    return render_template(
        "procurement/amendment/index.html",
        tender=tender,
        versions=versions_of(uow, tender),
        amendments=amendments_of(uow, tender),
        pending=pending,
        form=ActForm(formdata=None) if may_draft and pending is None else None,
        refusals=refusals,
        crumbs=crumbs_of(tender, _("更正公告")),
    )


def _page(uow: UnitOfWork, amendment: Amendment, refusals: tuple[Refusal, ...] = ()) -> str:
    state, tender = amendment.state, amendment.tender
    pending = state in (AmendmentState.DRAFT, AmendmentState.IN_APPROVAL)
    found = outlook(uow, amendment) if pending else None
    record = tender.record or {}
    edits = policy.allows(uow.actor, P.EDIT_AMENDMENT, amendment)
    return render_template(
        "procurement/amendment/show.html",
        amendment=amendment,
        tender=tender,
        outlook=found,
        differences=differences(record, amended(record, found.changes, 0)) if found else [],
        options=AMENDMENT.options(uow, amendment),
        edits=state is AmendmentState.DRAFT and edits,
        approves=state is AmendmentState.IN_APPROVAL and policy.allows(uow.actor, P.APPROVE_AMENDMENT, amendment),
        drafted_by_actor=amendment.drafted_by_id == uow.actor.user_id,
        form=ActForm(formdata=None),
        refusals=refusals,
        entries=timeline(uow, amendment),
        crumbs=amendment_crumbs(amendment, None),
    )


def amendment_crumbs(amendment: Amendment, here: str | None) -> list[tuple[str, str | None]]:
    """Return the crumbs of an amendment's page, or of one below it."""
    above: list[tuple[str, str | None]] = [
        *crumbs_of(amendment.tender, "")[:-1],
        (_("更正公告"), url_for("amendments.index", tender_id=amendment.tender_id)),
    ]
    name = _("更正草稿") if amendment.version is None else _("第 %(number)s 版", number=amendment.version.number)
    own: Any = None if here is None else url_for("amendments.show", amendment_id=amendment.id)
    return [*above, (name, own), *([(here, None)] if here else [])]
