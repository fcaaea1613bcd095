"""An agency's sheet of a year: how the grade came about, what changed and why, appeals; and how strict raters are."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import Text, _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.changes import changes
from grading.forms import AppealForm, DecideAppealForm
from grading.models import CycleEntry, GradeAppeal, GradingCycle
from grading.permissions import GradePermission
from grading.queries import appeals_of, entry_before, load_appeal, load_cycle, load_entry, scores_of_year
from grading.scale import printed
from grading.services.appeals import appeals_until, decide_appeal, file_appeal, open_appeal, targets_of
from grading.services.severity import severities
from grading.states import CycleState
from grading.views.grades import titles_in
from grading.views.rules import MEASURES
from grading.views.scores import RATER_TITLES

entries = Blueprint("entries", __name__, url_prefix="/grading")

REASONS: dict[str, Text] = {
    "honesty": _l("诚信扣分"),
    "rules": _l("评级规则变化"),
    "rest": _l("四舍五入和上下限"),
}


def _location(entry: CycleEntry) -> str:
    return url_for("entries.show", entry_id=entry.id)


@entries.get("/entries/<uuid:entry_id>")
@requires(GradePermission.READ_ENTRY, load_entry, see=GradePermission.READ_ENTRY)
def show(uow: UnitOfWork, entry: CycleEntry) -> ResponseReturnValue:
    """Show an agency's sheet."""
    return _show(uow, entry)


def _show(
    uow: UnitOfWork,
    entry: CycleEntry,
    form: AppealForm | None = None,
    decide_form: DecideAppealForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    cycle, before, waiting = entry.cycle, entry_before(uow, entry), open_appeal(uow, entry)
    until = appeals_until(uow, cycle)
    may_appeal = (
        waiting is None
        and until is not None
        and not until.passed(uow.now)
        and policy.allows(uow.actor, GradePermission.APPEAL, entry)
    )
    decision = policy.decide(uow.actor, GradePermission.DECIDE_APPEAL, waiting) if waiting else None
    if waiting and decision and decide_form is None:
        decide_form = _decide_form(entry, waiting)
    staff = policy.allows(uow.actor, GradePermission.READ, cycle)
    shown = render_template(
        "grading/entry/show.html",
        entry=entry,
        cycle=cycle,
        record=entry.record,
        titles=titles_in(entry.record["rules"]),
        points_of={
            task["id"]: {name: printed(Fraction(value), 2) for name, value in task["points"].items()}
            for task in entry.record["tasks"]
        },
        measures=MEASURES,
        raters=RATER_TITLES,
        before=before,
        reasons=REASONS,
        changes=changes(before.record, entry.record) if before and before.cycle.rules and cycle.rules else None,
        appeals=appeals_of(uow, entry),
        until=until,
        form=(form or AppealForm(formdata=None)) if may_appeal else None,
        waiting=waiting,
        decide_form=decide_form if waiting and decision else None,
        why_not=decision.reason if waiting and decision is not None and not decision and staff else None,
        published=cycle.state is CycleState.PUBLISHED,
        entries=timeline(uow, cycle) if staff else [],
        crumbs=[
            (_("机构评级"), url_for("cycles.index") if staff else None),
            (str(cycle.year), url_for("cycles.show", cycle_id=cycle.id) if staff else None),
            (entry.record["agency"], None),
        ],
    )
    return shown, status


def _decide_form(entry: CycleEntry, appeal: GradeAppeal, *, fresh: bool = True) -> DecideAppealForm:
    form = DecideAppealForm(formdata=None, obj=appeal) if fresh else DecideAppealForm()
    form.target.choices = [("", "—")] + [
        (key, f"{title} · {MEASURES.get(measure, measure)}" if measure else title)
        for key, title, measure in targets_of(entry)
    ]
    return form


@entries.post("/entries/<uuid:entry_id>/appeal")
@requires(GradePermission.APPEAL, load_entry, see=GradePermission.READ_ENTRY)
def appeal(uow: UnitOfWork, entry: CycleEntry) -> ResponseReturnValue:
    """File an appeal."""
    form = AppealForm()
    done = acted(
        uow,
        form,
        lambda: file_appeal(uow, entry, form.text("ground")),
        _location(entry),
        lambda: _("申诉已提交，由没有参与评分的人员处理"),
    )
    return done or _show(uow, entry, form=form, status=422)


@entries.post("/appeals/<uuid:appeal_id>/decide")
@requires(GradePermission.DECIDE_APPEAL, load_appeal, see=GradePermission.BROWSE)
def decide(uow: UnitOfWork, subject: GradeAppeal) -> ResponseReturnValue:
    """Decide an appeal: upheld with what is put right, or rejected, with the reason."""
    entry = subject.entry
    form = _decide_form(entry, subject, fresh=False)
    done = acted(
        uow,
        form,
        lambda: decide_appeal(
            uow,
            subject,
            upheld=form.text("outcome") == "uphold",
            answer=form.text("answer"),
            target=form.text("target"),
            rating=form.rating.data,
        ),
        _location(entry),
        lambda: _("申诉已处理，机构已收到通知"),
    )
    return done or _show(uow, entry, decide_form=form, status=422)


@entries.get("/<uuid:cycle_id>/raters")
@requires(GradePermission.READ, load_cycle, see=GradePermission.READ)
def raters(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Show how strict each rater is, and reports by plain mean beside the adjusted rating."""
    return render_template(
        "grading/entry/raters.html",
        cycle=cycle,
        found=severities(uow, scores_of_year(uow, cycle.year)),
        counts_adjusted=cycle.rules.get("counts") == "adjusted",
        crumbs=[
            (_("机构评级"), url_for("cycles.index")),
            (str(cycle.year), url_for("cycles.show", cycle_id=cycle.id)),
            (_("评分宽严"), None),
        ],
    )
