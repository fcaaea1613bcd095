"""An expert's invitation to a committee: what for, when, where, the fee; accept after the declaration, or decline."""

from __future__ import annotations

import uuid
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from core.errors import Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.undertaking import clauses
from experts.views.linked import Linked, Standing
from procurement.forms.pool_draw import PoolAcceptForm, PoolDeclineForm
from procurement.models import CommitteeInvitee
from procurement.permissions import PoolDrawPermission
from procurement.queries.pool_draw import load_invitee, parties_of
from procurement.services.committee import SEATING_STATES
from procurement.services.pool_invitations import PoolAnswer, accept, decline
from procurement.states import InviteeState

STANDINGS: dict[InviteeState, Standing] = {
    InviteeState.ACCEPTED: "accepted",
    InviteeState.DECLINED: "declined",
    InviteeState.RECUSED: "recused",
    InviteeState.LAPSED: "late",
}

committee_invitations = Blueprint(
    "committee_invitations", __name__, url_prefix="/committee-invitations/<uuid:invitee_id>"
)


@committee_invitations.get("")
@requires(PoolDrawPermission.READ_INVITATION, load_invitee, see=PoolDrawPermission.READ_INVITATION)
def show(uow: UnitOfWork, invitee: CommitteeInvitee) -> ResponseReturnValue:
    """Show the invitation and, while it may be answered, the two answers."""
    return _page(uow, invitee)


@committee_invitations.post("/accept")
@requires(PoolDrawPermission.ANSWER, load_invitee, see=PoolDrawPermission.READ_INVITATION)
def take(uow: UnitOfWork, invitee: CommitteeInvitee) -> ResponseReturnValue:
    """Accept after the declaration; a relation recuses instead."""
    form = _accept_form(uow, invitee)
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            accept(uow, invitee, _answer(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(invitee))
            accepted = invitee.state is InviteeState.ACCEPTED
            said = _("已接受邀请。开始评标时会通知您。") if accepted else _("已登记回避，不需要您办理什么。")
            flash(said, "success")
            return redirect(_location(invitee))
    return _page(uow, invitee, taking=form, status=422)


@committee_invitations.post("/decline")
@requires(PoolDrawPermission.ANSWER, load_invitee, see=PoolDrawPermission.READ_INVITATION)
def refuse(uow: UnitOfWork, invitee: CommitteeInvitee) -> ResponseReturnValue:
    """Decline with a reason; the next of the draw is asked."""
    form = PoolDeclineForm(prefix="no")
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            decline(uow, invitee, form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(invitee))
            flash(_("已谢绝，会另请他人。谢谢您的答复。"), "success")
            return redirect(_location(invitee))
    return _page(uow, invitee, declining=form, status=422)


def _answer(form: PoolAcceptForm) -> PoolAnswer:
    party = form.party.data or ""
    return PoolAnswer(
        relations=form.relations(),
        party_id=uuid.UUID(party) if party else None,
        prepared=bool(form.prepared.data),
        details=form.text("details"),
        is_confirmed=bool(form.confirmed.data),
    )


def _accept_form(uow: UnitOfWork, invitee: CommitteeInvitee, **options: Any) -> PoolAcceptForm:
    form = PoolAcceptForm(**options)
    form.party.choices = choices((str(one.id), one.name) for one in parties_of(uow, invitee.call.tender))
    return form


def _page(
    uow: UnitOfWork,
    invitee: CommitteeInvitee,
    *,
    taking: PoolAcceptForm | None = None,
    declining: PoolDeclineForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    tender = invitee.call.tender
    in_time = invitee.answer_by is None or uow.now <= invitee.answer_by
    answerable = invitee.state is InviteeState.INVITED and in_time and tender.state in SEATING_STATES
    page = render_template(
        "procurement/pool_draw/invitation.html",
        invitee=invitee,
        call=invitee.call,
        tender=tender,
        parties=parties_of(uow, tender),
        clauses=clauses(get_locale().language),
        taking=(taking or _accept_form(uow, invitee)) if answerable else None,
        declining=(declining or PoolDeclineForm(prefix="no")) if answerable else None,
        crumbs=[(_("我的评标"), url_for("evaluations.index")), (tender.number, None)],
    )
    return page, status


def linked_invitee(uow: UnitOfWork, invitee_id: uuid.UUID) -> Linked | None:
    """Return an invitation as what its link answers: without bidders and fellow members (R-COMM-12)."""
    invitee = load_invitee(uow, invitee_id)
    if invitee is None or invitee.state is InviteeState.RESERVE:
        return None
    call, tender = invitee.call, invitee.call.tender

    def take_by_link(form: Form) -> Standing:
        accept(uow, invitee, _answer(cast("PoolAcceptForm", form)), by_link=True)
        return _standing(uow, invitee)

    def refuse_by_link(reason: str) -> Standing:
        decline(uow, invitee, reason, by_link=True)
        return _standing(uow, invitee)

    return Linked(
        name=invitee.expert.user.name,
        by=tender.purchaser.name,
        matter=_l("采购评审：%(tender)s", tender=tender.title),
        capacity=invitee.category.label,
        meets_at=call.starts_at,
        place=call.place,
        fee=call.fee,
        answer_by=invitee.answer_by,
        parties=tuple(one.name for one in parties_of(uow, tender)),
        standing=_standing(uow, invitee),
        page=_location(invitee),
        form=lambda **options: _accept_form(uow, invitee, **options),
        accept=take_by_link,
        decline=refuse_by_link,
    )


def _standing(uow: UnitOfWork, invitee: CommitteeInvitee) -> Standing:
    if invitee.state is InviteeState.INVITED and invitee.call.tender.state in SEATING_STATES:
        return "open" if invitee.answer_by is None or uow.now <= invitee.answer_by else "late"
    return STANDINGS.get(invitee.state, "withdrawn")


def _location(invitee: CommitteeInvitee) -> str:
    return url_for("committee_invitations.show", invitee_id=invitee.id)
