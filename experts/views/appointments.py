"""Terms that end, and leaving the pool (R-EXP.term, R-EXP.exit)."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l, _n
from core.unit_of_work import UnitOfWork
from experts.forms import ExitForm
from experts.models import Expert
from experts.permissions import ExpertPermission
from experts.pool_rules import pool_rules
from experts.queries import appraisals, load_expert
from experts.services.appointments import renew, renewables
from experts.services.leaving import leave_pool
from experts.states import ExitKind
from experts.views.pool import crumbs_of

appointments = Blueprint("appointments", __name__, url_prefix="/experts")


@appointments.route("/renewals", methods=["GET", "POST"])
@requires(ExpertPermission.EDIT)
def renewals(uow: UnitOfWork) -> ResponseReturnValue:
    """List whose term ends soon, with what speaks against renewing it, and renew those ticked."""
    form = Form()
    ticked = request.form.getlist("expert")
    rows = renewables(uow)
    chosen = [one.expert for one in rows if str(one.expert.id) in ticked]
    answer = acted(
        uow,
        form,
        lambda: renew(uow, chosen),
        url_for("appointments.renewals"),
        lambda: _n("已续聘 %(num)s 位专家，聘书已生成", "已续聘 %(num)s 位专家，聘书已生成", len(chosen)),
    )
    if answer is not None:
        return answer
    page = render_template(
        "experts/terms/renewals.html",
        form=form,
        rows=rows,
        appraisals=appraisals(uow, [one.expert for one in rows]),
        ticked=ticked,
        years=pool_rules(uow).term_years,
        crumbs=[(_("专家库"), url_for("experts.index")), (_("续聘"), None)],
    )
    return page, 422 if form.is_submitted() else 200


@appointments.route("/<uuid:expert_id>/exit", methods=["GET", "POST"])
@requires(ExpertPermission.EDIT, load_expert, see=ExpertPermission.READ)
def leave(uow: UnitOfWork, expert: Expert) -> ResponseReturnValue:
    """Let an expert leave, with the facts that the rules look at beside."""
    form = ExitForm()
    answer = acted(
        uow,
        form,
        lambda: leave_pool(uow, expert, ExitKind(form.kind.data), form.text("reason")),
        url_for("experts.show", expert_id=expert.id),
        _l("已办理退出，正在参加的评审改请他人"),
    )
    if answer is not None:
        return answer
    page = render_template(
        "experts/terms/exit.html",
        form=form,
        expert=expert,
        appraisal=appraisals(uow, [expert])[expert.id],
        rules=pool_rules(uow),
        crumbs=crumbs_of(uow, expert, _("办理退出")),
    )
    return page, 422 if form.is_submitted() else 200
