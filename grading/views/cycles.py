"""A year's grading: compute as a preview, look, publish by another person."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.states import Grade
from core.audit.timeline import timeline
from core.errors import Refused
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import listing
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms import YearForm
from grading.models import GradingCycle
from grading.permissions import GradePermission
from grading.queries import cycles as all_cycles
from grading.queries import load_cycle
from grading.services.grading_cycle import compute_cycle, publish_cycle
from grading.states import CycleState

cycles = Blueprint("cycles", __name__, url_prefix="/grading")


def _location(cycle: GradingCycle) -> str:
    return url_for("cycles.show", cycle_id=cycle.id)


def _index(uow: UnitOfWork, form: YearForm, status: int = 200) -> ResponseReturnValue:
    page = listing(
        uow,
        all_cycles(uow.actor),
        sortable={"year": GradingCycle.year, "computed": GradingCycle.computed_at},
        default="-year",
    )
    shown = render_template(
        "grading/cycle/index.html",
        page=page,
        form=form if policy.allows(uow.actor, GradePermission.COMPUTE) else None,
        crumbs=[(_("机构评级"), None)],
    )
    return shown, status


@cycles.get("")
@requires(GradePermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the years."""
    form = YearForm(formdata=None)
    form.year.data = uow.today.year
    return _index(uow, form)


@cycles.post("/compute")
@requires(GradePermission.COMPUTE)
def compute(uow: UnitOfWork) -> ResponseReturnValue:
    """Compute a year's grades as a preview."""
    form = YearForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate():
        try:
            cycle = compute_cycle(uow, form.year.data or 0)
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(cycle))
            flash(_("%(year)s 年度评级已测算，请另一位人员复核后公布", year=cycle.year), "success")
            return redirect(_location(cycle))
    return _index(uow, form, 422)


@cycles.get("/<uuid:cycle_id>")
@requires(GradePermission.READ, load_cycle, see=GradePermission.READ)
def show(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Show a year's grades with how each came about."""
    return _show(uow, cycle, Form(formdata=None, obj=cycle))


def _show(uow: UnitOfWork, cycle: GradingCycle, form: Form, status: int = 200) -> ResponseReturnValue:
    rows = sorted(cycle.preview, key=lambda one: (one["score"] is None, -Decimal(one["score"] or 0), one["name"]))
    publish_it = policy.decide(uow.actor, GradePermission.PUBLISH, cycle)
    shown = render_template(
        "grading/cycle/show.html",
        cycle=cycle,
        rows=rows,
        counts={grade: sum(one["grade"] == grade.value for one in rows) for grade in Grade},
        grade_of=Grade,
        form=form,
        may_publish=publish_it.allowed and cycle.state is CycleState.PREVIEW,
        why_not=publish_it.reason if cycle.state is CycleState.PREVIEW and not publish_it else None,
        may_compute=policy.allows(uow.actor, GradePermission.COMPUTE) and cycle.state is CycleState.PREVIEW,
        entries=timeline(uow, cycle),
        crumbs=[(_("机构评级"), url_for("cycles.index")), (str(cycle.year), None)],
    )
    return shown, status


@cycles.post("/<uuid:cycle_id>/publish")
@requires(GradePermission.PUBLISH, load_cycle, see=GradePermission.READ)
def publish(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Publish the year."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    form.check_revision(cycle)
    try:
        publish_cycle(uow, cycle)
    except Refused as refused:
        form.refuse(refused)
        return _show(uow, cycle, form, 422)
    form.mark_used(uow, _location(cycle))
    flash(_("%(year)s 年度评级已公布", year=cycle.year), "success")
    return redirect(_location(cycle))
