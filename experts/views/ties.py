"""A person's ties: what is declared and computed, with source and expiry; declaring and withdrawing (R-COMM-06)."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.choices import choices
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.forms import ConflictForm, WithdrawForm
from experts.models import Conflict, Expert
from experts.permissions import ExpertPermission
from experts.queries import load_expert
from experts.services.conflict_sources import DECLARED
from experts.services.ties import declared_by, judged_organisations, note_tie, ties_of, withdraw_tie
from experts.states import ConflictKind
from experts.views.pool import crumbs_of

ties = Blueprint("ties", __name__, url_prefix="/experts/<uuid:expert_id>/conflicts")


def _page(uow: UnitOfWork, expert: Expert, form: WithdrawForm | None = None) -> ResponseReturnValue:
    form = form or WithdrawForm()
    page = render_template(
        "experts/ties/index.html",
        expert=expert,
        ties=ties_of(uow, expert),
        declared=declared_by(uow, expert),
        sources=DECLARED,
        form=form,
        may_declare=policy.allows(uow.actor, ExpertPermission.DECLARE, expert),
        may_withdraw=policy.allows(uow.actor, ExpertPermission.EDIT),
        crumbs=crumbs_of(uow, expert, _("利害关系")),
    )
    return page, 422 if form.is_submitted() else 200


@ties.get("")
@requires(ExpertPermission.READ, load_expert, see=ExpertPermission.READ)
def index(uow: UnitOfWork, expert: Expert) -> ResponseReturnValue:
    """List every tie with reason, source and expiry."""
    return _page(uow, expert)


@ties.route("/new", methods=["GET", "POST"])
@requires(ExpertPermission.DECLARE, load_expert, see=ExpertPermission.READ)
def declare(uow: UnitOfWork, expert: Expert) -> ResponseReturnValue:
    """Declare a relation to an agency or a unit."""
    form = ConflictForm()
    rows = {str(one.id): one for one in judged_organisations(uow)}
    form.organisation_id.choices = choices((key, one.name) for key, one in rows.items())

    def deed() -> None:
        note_tie(
            uow,
            expert,
            rows[form.organisation_id.data],
            kind=ConflictKind(form.kind.data),
            reason=form.text("reason"),
            expires_on=form.expires_on.data,
        )

    answer = acted(
        uow,
        form,
        deed,
        url_for("ties.index", expert_id=expert.id),
        lambda: _(
            "已登记利害关系；今后涉及“%(name)s”的评审不再抽取，正在参加的改请他人",
            name=rows[form.organisation_id.data].name,
        ),
    )
    if answer is not None:
        return answer
    page = render_template(
        "experts/ties/declare.html", form=form, expert=expert, crumbs=crumbs_of(uow, expert, _("申报利害关系"))
    )
    return page, 422 if form.is_submitted() else 200


@ties.post("/<uuid:conflict_id>/withdraw")
@requires(ExpertPermission.EDIT, load_expert, see=ExpertPermission.READ)
def withdraw(uow: UnitOfWork, expert: Expert, conflict_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw a relation noted by mistake."""
    conflict = uow.get(Conflict, conflict_id)
    if conflict is None or conflict.expert_id != expert.id:
        raise NotVisible
    form = WithdrawForm()
    answer = acted(
        uow,
        form,
        lambda: withdraw_tie(uow, conflict, form.text("reason")),
        url_for("ties.index", expert_id=expert.id),
        _l("已撤销这项利害关系"),
    )
    return answer if answer is not None else _page(uow, expert, form)
