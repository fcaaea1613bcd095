"""An agency's sheet of a year: how the grade came about, what changed and why; and how strict raters are."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.deadlines import end_of
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import Text, _, _l
from core.permissions import policy
from core.records import written
from core.unit_of_work import UnitOfWork
from grading.changes import changes
from grading.models import CycleEntry, GradingCycle
from grading.permissions import GradePermission
from grading.queries import (
    appeals_of,
    consent_to,
    entry_before,
    grade_of_entry,
    load_cycle,
    load_entry,
)
from grading.rule_sets import from_body
from grading.scale import printed
from grading.services.cycle_course import may_still_appeal
from grading.services.severity import severities_of_cycle
from grading.sheet_words import MEASURES, correction_words
from grading.states import AppealState, CycleState
from grading.views.grades import titles_in
from grading.views.scores import RATER_TITLES

entries = Blueprint("entries", __name__, url_prefix="/grading")

REASONS: dict[str, Text] = {
    "honesty": _l("诚信扣分"),
    "rules": _l("评级规则变化"),
    "rest": _l("四舍五入和上下限"),
}


@entries.get("/entries/<uuid:entry_id>")
@requires(GradePermission.READ_ENTRY, load_entry, see=GradePermission.READ_ENTRY)
def show(uow: UnitOfWork, entry: CycleEntry) -> ResponseReturnValue:
    """Show an agency's sheet: every figure with its reckoning, what changed since last year and why."""
    cycle, before, kept = entry.cycle, entry_before(uow, entry), entry.record
    staff = policy.allows(uow.actor, GradePermission.READ, cycle)
    own = policy.allows(uow.actor, GradePermission.APPEAL, entry)
    filed = appeals_of(uow, entry)
    return render_template(
        "grading/entry/show.html",
        entry=entry,
        cycle=cycle,
        record=kept,
        rules=from_body(kept["rules"]),
        titles=titles_in(kept["rules"]),
        tasks=task_rows(kept),
        measures=MEASURES,
        raters=RATER_TITLES,
        before=before,
        reasons=REASONS,
        changes=changes(before.record, kept) if before and before.cycle.rules and cycle.rules else None,
        appeals=filed,
        corrections=[correction_words(kept, one) for one in entry.corrections],
        due=end_of(cycle.appeals_due_on) if cycle.appeals_due_on else None,
        running=cycle.state is CycleState.ANNOUNCED,
        open_still=may_still_appeal(uow, cycle),
        waiting=any(one.state is AppealState.FILED for one in filed),
        consent=consent_to(uow, entry),
        form=Form(formdata=None) if own else None,
        grade=grade_of_entry(uow, entry),
        entries=timeline(uow, entry) if staff else [],
        crumbs=[
            (_("机构评级"), url_for("cycles.index") if staff else None),
            (str(cycle.year), url_for("cycles.show", cycle_id=cycle.id) if staff else None),
            (entry.name, None),
        ],
    )


def task_rows(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the tasks of a record with each element's printed points, the share of the weight and what it brings."""
    total = sum((Decimal(task["weight"]) for task in record["tasks"]), Decimal(0))
    found = []
    for task in record["tasks"]:
        share = Fraction(Decimal(task["weight"])) / Fraction(total)
        points = {name: printed(Fraction(value), 2) for name, value in task["points"].items()}
        found.append(
            {
                **task,
                "points": points,
                "sum": printed(sum((Fraction(value) for value in task["points"].values()), Fraction(0)), 2),
                "share": printed(share * 100, 1),
                "part": printed(share * Fraction(Decimal(task["score"])), 2),
            }
        )
    return found


@entries.get("/entries/<uuid:entry_id>/record.json")
@requires(GradePermission.READ_ENTRY_RECORD, load_entry, see=GradePermission.READ_ENTRY)
def record(_uow: UnitOfWork, entry: CycleEntry) -> ResponseReturnValue:
    """Download the sheet's full record, for `flask verify grade`."""
    response = Response(written(entry.record), mimetype="application/json")
    name = f"grade-{entry.cycle.year}-full.json"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@entries.get("/<uuid:cycle_id>/raters")
@requires(GradePermission.READ, load_cycle, see=GradePermission.READ)
def raters(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Show how strict each rater is, and reports by plain mean beside the adjusted rating."""
    return render_template(
        "grading/entry/raters.html",
        cycle=cycle,
        found=severities_of_cycle(uow, cycle),
        counts_adjusted=cycle.rules.get("counts") == "adjusted",
        crumbs=[
            (_("机构评级"), url_for("cycles.index")),
            (str(cycle.year), url_for("cycles.show", cycle_id=cycle.id)),
            (_("评分宽严"), None),
        ],
    )
