"""Levels of approval and substitutes: seen by the purchaser's side, set by an administrator."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.choices import choices
from core.http.guard import requires
from core.i18n import _
from core.identity.models import User
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.planning import LevelForm, SubstituteForm
from procurement.models import ApprovalSubstitute
from procurement.permissions import ApprovalPermission
from procurement.planning.authority import authority
from procurement.queries.approvals import approvers, load_substitution, substitutions
from procurement.services.approvals import end_substitution, name_substitute, set_level

approvals = Blueprint("approvals", __name__, url_prefix="/approvals")


@approvals.get("")
@requires(ApprovalPermission.READ)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """Show who may approve what, and who stands in for whom."""
    return _page(uow)


def _page(uow: UnitOfWork, substitute_form: SubstituteForm | None = None) -> str:
    found, people = authority(uow), approvers(uow)
    may_set = policy.allows(uow.actor, ApprovalPermission.ADMINISTER)
    form = substitute_form or SubstituteForm(formdata=None)
    form.absent_id.choices = choices((str(one.id), one.name) for one in people if one.id in found.own)
    form.substitute_id.choices = choices((str(one.id), one.name) for one in people)
    return render_template(
        "procurement/approval/index.html",
        rows=[(one, found.own.get(one.id), found.level(one.id), _level_form(one, found.own)) for one in people],
        authority=found,
        substitutions=substitutions(uow),
        today=uow.today,
        form=form,
        may_set=may_set,
        names={one.id: one.name for one in people},
        crumbs=[(_("审批权限"), None)],
    )


@approvals.post("/levels")
@requires(ApprovalPermission.ADMINISTER)
def level(uow: UnitOfWork) -> ResponseReturnValue:
    """Set one approver's level."""
    form = LevelForm()
    user = uow.get(User, _uuid(form.user_id.data))
    if user is None or not form.validate_on_submit():
        return _page(uow), 422
    try:
        set_level(uow, user, int(form.level.data) if form.level.data else None)
    except Refused as refused:
        flash(str(refused.refusals[0].reason), "error")
        return _page(uow), 422
    flash(_("已设定 %(name)s 的审批级别", name=user.name), "success")
    return redirect(url_for("approvals.index"))


@approvals.post("/substitutes")
@requires(ApprovalPermission.ADMINISTER)
def substitute(uow: UnitOfWork) -> ResponseReturnValue:
    """Name a substitute for some days."""
    form = SubstituteForm()
    people = {str(one.id): one for one in approvers(uow)}
    form.absent_id.choices = form.substitute_id.choices = choices((key, one.name) for key, one in people.items())
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit() and form.first_on.data and form.last_on.data:
        try:
            name_substitute(
                uow,
                people[str(form.absent_id.data)],
                people[str(form.substitute_id.data)],
                first_on=form.first_on.data,
                last_on=form.last_on.data,
                reason=form.text("reason"),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("approvals.index")
            form.mark_used(uow, location)
            flash(_("已登记代理人"), "success")
            return redirect(location)
    return _page(uow, form), 422


@approvals.post("/substitutes/<uuid:substitution_id>/end")
@requires(ApprovalPermission.ADMINISTER, load_substitution)
def end(uow: UnitOfWork, row: ApprovalSubstitute) -> ResponseReturnValue:
    """End a substitution early."""
    end_substitution(uow, row)
    flash(_("代理已结束"), "success")
    return redirect(url_for("approvals.index"))


def _level_form(user: User, own: Mapping[uuid.UUID, int]) -> LevelForm:
    return LevelForm(formdata=None, data={"user_id": str(user.id), "level": str(own.get(user.id) or "")})


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
