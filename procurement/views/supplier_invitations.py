"""The page on which suppliers are drawn or recommended for an invitation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.records import written
from core.unit_of_work import UnitOfWork
from procurement.drafting.invitation_checks import invitation_lines, invitations_of
from procurement.forms.rounds import CandidatesForm, RecommendForm
from procurement.library_gates import labelled
from procurement.methods import rules_of
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.direct import possible_suppliers
from procurement.queries.tenders import load_tender
from procurement.services.invitations import Candidates, draw_of, draw_suppliers, lock_candidates, recommend
from procurement.states import InvitationOrigin, InvitationSource, TenderState
from procurement.views.results import as_file
from procurement.views.tenders import crumbs_of

supplier_invitations = Blueprint("supplier_invitations", __name__, url_prefix="/tenders/<uuid:tender_id>/invitation")


@supplier_invitations.get("")
@requires(TenderPermission.DRAW_SUPPLIERS, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show whom the purchase invites and how they were chosen."""
    return _page(uow, tender, CandidatesForm(formdata=None), RecommendForm(formdata=None, prefix="named-"))


@supplier_invitations.post("/candidates")
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def lock(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Lock the candidates before the draw."""
    form = CandidatesForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    form.suppliers.choices = _offered(uow, tender)
    if form.validate_on_submit():
        wanted = set(form.suppliers.data or [])
        entry = Candidates(
            InvitationSource(form.source.data),
            [one for one in possible_suppliers(uow) if str(one.id) in wanted],
            form.number.data or 0,
            form.applications_from.data,
            form.applications_until.data,
        )
        try:
            lock_candidates(uow, tender, entry)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, tender, form, _("候选名单已锁定，请由另一人抽取"))
    return _page(uow, tender, form, RecommendForm(formdata=None, prefix="named-")), 422


@supplier_invitations.post("/draw")
@requires(TenderPermission.DRAW_SUPPLIERS, load_tender, see=TenderPermission.READ)
def draw(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Draw, as the second person."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    draw_suppliers(uow, tender)
    return _done(uow, tender, form, _("已抽取被邀请的供应商，抽取记录可以下载核验"))


@supplier_invitations.post("/recommendations")
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def name(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Save who was recommended."""
    form = RecommendForm(prefix="named-")
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    form.recommended.choices = _offered(uow, tender)
    if form.validate_on_submit():
        wanted = set(form.recommended.data or [])
        suppliers = [one for one in possible_suppliers(uow) if str(one.id) in wanted]
        try:
            recommend(uow, tender, suppliers, InvitationOrigin(form.origin.data))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, tender, form, _("已保存推荐的供应商"))
    return _page(uow, tender, CandidatesForm(formdata=None), form), 422


@supplier_invitations.get("/record.json")
@requires(TenderPermission.DRAW_SUPPLIERS, load_tender, see=TenderPermission.READ)
def record(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Download the draw's record, which `flask verify invitation` checks."""
    row = draw_of(uow, tender)
    if row is None or row.record is None:
        abort(404)
    return as_file(written(row.record), "application/json", f"invitation-{tender.number}.json")


def _page(uow: UnitOfWork, tender: Tender, form: CandidatesForm, recommending: RecommendForm) -> str:
    form.suppliers.choices = recommending.recommended.choices = _offered(uow, tender)
    held = draw_of(uow, tender)
    is_draft = tender.state is TenderState.DRAFT
    may_edit = is_draft and policy.allows(uow.actor, TenderPermission.EDIT, tender)
    return render_template(
        "procurement/invitation/show.html",
        tender=tender,
        draw=held,
        invited=invitations_of(uow, tender),
        lines=invitation_lines(uow, tender),
        form=form if may_edit and held is None else None,
        recommending=recommending if may_edit and not rules_of(tender).invites else None,
        pressing=Form(formdata=None)
        if is_draft and held is not None and held.drawn_at is None and held.locked_by_id != uow.actor.user_id
        else None,
        crumbs=crumbs_of(tender, _("邀请供应商")),
    )


def _offered(uow: UnitOfWork, tender: Tender) -> Any:
    return choices(labelled(uow, tender, possible_suppliers(uow)))


def _done(uow: UnitOfWork, tender: Tender, form: Form, words: str) -> ResponseReturnValue:
    location = url_for("supplier_invitations.show", tender_id=tender.id)
    form.mark_used(uow, location)
    flash(words, "success")
    return redirect(location)
