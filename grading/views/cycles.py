"""A year's grading: choose a rule set, compute as a preview, look; its further course is in `cycle_course`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func

from agencies.states import Grade
from core.audit.timeline import timeline
from core.deadlines import end_of
from core.errors import Refusal
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.i18n import _n as ngettext
from core.identity.roles import Role
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms import ReasonForm, YearForm
from grading.models import CycleEntry, CycleRun, GradingCycle
from grading.permissions import GradePermission
from grading.queries import (
    appeal_counts,
    consents_in,
    entries_of,
    grade_counts,
    load_cycle,
    open_appeals_among,
)
from grading.queries import cycles as all_cycles
from grading.queries.cycle_run import last_run, task_scores_of
from grading.queries.last_year import grades_before, moved
from grading.rule_sets import from_body, rule_sets
from grading.services.cycle_runs import progress
from grading.services.grading_cycle import ask_cycle, moved_since
from grading.states import CycleState
from grading.workflow import CYCLE

cycles = Blueprint("cycles", __name__, url_prefix="/grading")

STALLED_AFTER = timedelta(minutes=2)
FILTERS = (
    Filter("grade", _l("评级"), [(one.value, one.label) for one in Grade]),
    Filter("moved", _l("与上年相比"), [("up", _l("等级上升")), ("down", _l("等级下降")), ("new", _l("上年没有评级"))]),
)


def location_of(cycle: GradingCycle) -> str:
    """Return the address of a cycle's page."""
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
    made: list[CycleRun] = []
    done = acted(
        uow,
        form,
        lambda: made.append(ask_cycle(uow, form.year.data or 0, form.text("rule_set"))),
        lambda: location_of(made[0].cycle),
        lambda: (
            _("%(year)s 年度评级已测算，核对后送机构征求意见", year=made[0].cycle.year)
            if made[0].finished_at
            else _("已开始测算。可以离开本页，测算完成后收件箱会有通知。")
        ),
    )
    return done or _index(uow, form, 422)


@cycles.get("/<uuid:cycle_id>")
@requires(GradePermission.READ, load_cycle, see=GradePermission.READ)
def show(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Show a year's grades with how each came about, and where its course stands."""
    return show_cycle(uow, cycle, Form(formdata=None, obj=cycle))


def show_cycle(
    uow: UnitOfWork,
    cycle: GradingCycle,
    form: Form,
    status: int = 200,
    *,
    drop_form: ReasonForm | None = None,
    recall_form: ReasonForm | None = None,
) -> ResponseReturnValue:
    """Show a cycle's page, with the form that was refused if there is one."""
    computing, running = cycle.state is CycleState.PREVIEW, cycle.state is CycleState.ANNOUNCED
    query = moved(entries_of(cycle, text=asked("q"), grade=asked("grade")), cycle, asked("moved"))
    page = listing(
        uow,
        query,
        sortable={
            "score": func.coalesce(CycleEntry.score, -1),
            "tasks": CycleEntry.tasks,
            "grade": CycleEntry.grade,
        },
        default="-score",
        filters=FILTERS,
    )
    computation = computation_of(uow, cycle)
    filed, waiting = appeal_counts(uow, cycle)
    shown = render_template(
        "grading/cycle/show.html",
        cycle=cycle,
        rules=from_body(cycle.rules) if cycle.rules else None,
        rule_set=rule_sets().get(cycle.rule_set),
        moved=moved_since(uow, cycle) if computing else [],
        page=page,
        task_scores=task_scores_of(uow, cycle, page.rows),
        computation=computation,
        before=grades_before(uow, cycle, [row.agency_id for row in page.rows]),
        contested=open_appeals_among(uow, [row.id for row in page.rows]) if running else set(),
        counts=grade_counts(uow, cycle),
        steps=steps_of(cycle, filed, waiting),
        due=end_of(cycle.appeals_due_on) if running and cycle.appeals_due_on else None,
        appeals=filed,
        waiting=waiting,
        consents=consents_in(uow, cycle) if running else 0,
        form=form,
        drop_form=(drop_form or ReasonForm(formdata=None, prefix="drop"))
        if computing and policy.allows(uow.actor, GradePermission.DROP)
        else None,
        recall_form=(recall_form or ReasonForm(formdata=None, prefix="recall"))
        if running and policy.allows(uow.actor, GradePermission.RECALL)
        else None,
        announce=_step(uow, cycle, "announce", GradePermission.ANNOUNCE) if computing else None,
        publish=_step(uow, cycle, "publish", GradePermission.PUBLISH) if running else None,
        may_compute=computing
        and not (computation and computation["going"])
        and policy.allows(uow.actor, GradePermission.COMPUTE),
        entries=timeline(uow, cycle),
        crumbs=[(_("机构评级"), url_for("cycles.index")), (str(cycle.year), None)],
    )
    return shown, status


def computation_of(uow: UnitOfWork, cycle: GradingCycle) -> dict[str, Any] | None:
    """Return the computation of a year that goes on or ended without a result, and what may be done about it."""
    run = last_run(uow, cycle) if cycle.state is CycleState.PREVIEW else None
    if run is None or (run.finished_at is not None and run.failure is None):
        return None
    going = run.finished_at is None
    return {
        "run": run,
        "going": going,
        "stalled": going and uow.now - run.moved_at > STALLED_AFTER,
        "progress": progress(uow, run),
        "form": Form(formdata=None) if going and policy.allows(uow.actor, GradePermission.COMPUTE) else None,
    }


def _step(uow: UnitOfWork, cycle: GradingCycle, name: str, permission: GradePermission) -> list[Refusal] | None:
    """Return everything that speaks against a step now (none: it may be taken), or None for who has no part in it."""
    if not uow.actor.has(Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER):
        return None
    decision = policy.decide(uow.actor, permission, cycle)
    barred = [] if decision else [Refusal(decision.reason, rule_id="R-GRADE.publish")]
    return [*barred, *CYCLE.refusals(uow, cycle, CYCLE[name])]


def steps_of(cycle: GradingCycle, filed: int, waiting: int) -> list[dict[str, Any]]:
    """Return the line of the process: computed, with the agencies, appeals decided, published."""
    state = cycle.state
    done = {CycleState.PREVIEW: 0, CycleState.ANNOUNCED: 1, CycleState.PUBLISHED: 4}.get(state, 0)
    if state is CycleState.ANNOUNCED and waiting:
        done = 2
    titles = (_("测算"), _("机构核对"), _("处理申诉"), _("公布"))
    notes = (
        cycle.computed_by.name if cycle.computed_by else "",
        "",
        ngettext("%(num)s 件", "%(num)s 件", filed) if filed else "",
        cycle.published_by.name if cycle.published_by else "",
    )
    return [
        {"title": title, "state": "done" if at < done else "present" if at == done else "ahead", "note": note}
        for at, (title, note) in enumerate(zip(titles, notes, strict=True))
    ]
