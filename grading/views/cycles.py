"""A year's grading: choose a rule set, compute as a preview, look, publish by another person."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func

from agencies.states import Grade
from core.audit.timeline import timeline
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms import ReasonForm, YearForm
from grading.models import CycleEntry, GradingCycle
from grading.permissions import GradePermission
from grading.queries import cycles as all_cycles
from grading.queries import entries_of, grade_counts, load_cycle
from grading.rule_sets import from_body, rule_sets
from grading.services.grading_cycle import compute_cycle, drop_cycle, moved_since, publish_cycle
from grading.states import CycleState

cycles = Blueprint("cycles", __name__, url_prefix="/grading")

FILTERS = (Filter("grade", _l("评级"), [(one.value, one.label) for one in Grade]),)


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
        sets=rule_sets(),
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
    made: list[GradingCycle] = []
    done = acted(
        uow,
        form,
        lambda: made.append(compute_cycle(uow, form.year.data or 0, form.text("rule_set"))),
        lambda: _location(made[0]),
        lambda: _("%(year)s 年度评级已测算，请另一位人员复核后公布", year=made[0].year),
    )
    return done or _index(uow, form, 422)


@cycles.get("/<uuid:cycle_id>")
@requires(GradePermission.READ, load_cycle, see=GradePermission.READ)
def show(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Show a year's grades with how each came about."""
    return _show(uow, cycle, Form(formdata=None, obj=cycle))


def _show(
    uow: UnitOfWork, cycle: GradingCycle, form: Form, status: int = 200, *, drop_form: ReasonForm | None = None
) -> ResponseReturnValue:
    publish_it = policy.decide(uow.actor, GradePermission.PUBLISH, cycle)
    open_still = cycle.state is CycleState.PREVIEW
    shown = render_template(
        "grading/cycle/show.html",
        cycle=cycle,
        rules=from_body(cycle.rules) if cycle.rules else None,
        rule_set=rule_sets().get(cycle.rule_set),
        moved=moved_since(uow, cycle) if open_still else [],
        page=listing(
            uow,
            entries_of(cycle, text=asked("q"), grade=asked("grade")),
            sortable={
                "score": func.coalesce(CycleEntry.score, -1),
                "tasks": CycleEntry.tasks,
                "grade": CycleEntry.grade,
            },
            default="-score",
            filters=FILTERS,
        ),
        counts=grade_counts(uow, cycle),
        form=form,
        drop_form=(drop_form or ReasonForm(formdata=None, prefix="drop"))
        if policy.allows(uow.actor, GradePermission.DROP) and open_still
        else None,
        may_publish=publish_it.allowed and open_still,
        why_not=publish_it.reason if open_still and not publish_it else None,
        may_compute=policy.allows(uow.actor, GradePermission.COMPUTE) and open_still,
        entries=timeline(uow, cycle),
        crumbs=[(_("机构评级"), url_for("cycles.index")), (str(cycle.year), None)],
    )
    return shown, status


@cycles.post("/<uuid:cycle_id>/publish")
@requires(GradePermission.PUBLISH, load_cycle, see=GradePermission.READ)
def publish(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Publish the year."""
    form = Form()
    form.check_revision(cycle)
    done = acted(
        uow,
        form,
        lambda: publish_cycle(uow, cycle),
        _location(cycle),
        lambda: _("%(year)s 年度评级已公布", year=cycle.year),
    )
    return done or _show(uow, cycle, form, 422)


@cycles.post("/<uuid:cycle_id>/drop")
@requires(GradePermission.DROP, load_cycle, see=GradePermission.READ)
def drop(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Give the preview up, so that the year may be computed by another rule set."""
    form = ReasonForm(prefix="drop")
    done = acted(
        uow,
        form,
        lambda: drop_cycle(uow, cycle, form.text("reason")),
        url_for("cycles.index"),
        lambda: _("本轮测算已作废，可以另选规则重新测算"),
    )
    return done or _show(uow, cycle, Form(formdata=None, obj=cycle), 422, drop_form=form)
