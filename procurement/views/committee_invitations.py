"""An expert's invitation to a committee: what for, when, where, the fee; accept after the declaration, or decline."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.choices import choices
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.forms.pool_draw import PoolAcceptForm, PoolDeclineForm
from procurement.models import CommitteeInvitee
from procurement.permissions import PoolDrawPermission
from procurement.queries.pool_draw import load_invitee, parties_of
from procurement.services.committee import SEATING_STATES
from procurement.services.pool_invitations import PoolAnswer, accept, decline
from procurement.states import InviteeState

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
        party = form.party.data or ""
        answer = PoolAnswer(
            relations=form.relations(),
            party_id=uuid.UUID(party) if party else None,
            prepared=bool(form.prepared.data),
            details=form.text("details"),
            is_confirmed=bool(form.confirmed.data),
        )
        try:
            accept(uow, invitee, answer)
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


def _accept_form(uow: UnitOfWork, invitee: CommitteeInvitee) -> PoolAcceptForm:
    form = PoolAcceptForm()
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
        taking=(taking or _accept_form(uow, invitee)) if answerable else None,
        declining=(declining or PoolDeclineForm(prefix="no")) if answerable else None,
        crumbs=[(_("我的评标"), url_for("evaluations.index")), (tender.number, None)],
    )
    return page, status


def _location(invitee: CommitteeInvitee) -> str:
    return url_for("committee_invitations.show", invitee_id=invitee.id)
