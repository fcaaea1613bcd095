"""Appeals against an agency's sheet: filed line by line, answered to by the graders, decided by others."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import case

from core.audit.timeline import timeline
from core.deadlines import end_of
from core.documents.accept import documents_of
from core.documents.models import Document
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms import (
    MOST_ROWS,
    ROWS,
    StatementForm,
    appeal_form,
    contested_in,
    decision_form,
    decisions_in,
)
from grading.models import CycleEntry, GradeAppeal, GradingCycle
from grading.permissions import GradePermission
from grading.queries import appeals_in, load_appeal, load_cycle, load_entry, open_appeal
from grading.services.appeals import (
    EVIDENCE,
    LETTER,
    agree,
    decide_appeal,
    file_appeal,
    state_on,
)
from grading.services.cycle_course import may_still_appeal
from grading.sheet_words import correction_words, grade_words, target_words, value_words
from grading.states import AppealState

FILTERS = (Filter("state", _l("状态"), [(one.value, one.label) for one in AppealState]),)
appeals = Blueprint("appeals", __name__, url_prefix="/grading")


def may_read_evidence(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the appeal may download its evidence and its decision."""
    appeal = uow.get(GradeAppeal, document.owner_id)
    return appeal is not None and policy.allows(uow.actor, GradePermission.READ_APPEAL, appeal)


def _entry(entry: CycleEntry) -> str:
    return url_for("entries.show", entry_id=entry.id)


def _location(appeal: GradeAppeal) -> str:
    return url_for("appeals.show", appeal_id=appeal.id)


def _crumbs(uow: UnitOfWork, entry: CycleEntry, last: str) -> list[tuple[str, str | None]]:
    cycle = entry.cycle
    staff = policy.allows(uow.actor, GradePermission.READ, cycle)
    return [
        (_("机构评级"), url_for("cycles.index") if staff else None),
        (str(cycle.year), url_for("cycles.show", cycle_id=cycle.id) if staff else None),
        (entry.name, _entry(entry)),
        (last, None),
    ]


def _rows() -> int:
    """Return how many lines the form offers: as many as the address asks for, within reason."""
    wanted = asked("rows")
    return min(MOST_ROWS, max(ROWS, int(wanted))) if wanted.isdecimal() and len(wanted) < 4 else ROWS


@appeals.route("/entries/<uuid:entry_id>/appeal", methods=["GET", "POST"])
@requires(GradePermission.APPEAL, load_entry, see=GradePermission.READ_ENTRY)
def new(uow: UnitOfWork, entry: CycleEntry) -> ResponseReturnValue:
    """File an appeal: what is contested, line by line, with the evidence."""
    rows = _rows()
    form = appeal_form(entry.record, rows)
    made: list[GradeAppeal] = []
    done = acted(
        uow,
        form,
        lambda: made.append(
            file_appeal(
                uow,
                entry,
                contested_in(form, rows),
                ground=form.text("ground"),
                files=[one for one in form["files"].data or () if one],
            )
        ),
        lambda: _location(made[0]),
        lambda: _("申诉已提交，由没有参与评分的人员处理"),
    )
    if done:
        return done
    cycle = entry.cycle
    shown = render_template(
        "grading/appeal/new.html",
        entry=entry,
        cycle=cycle,
        form=form,
        due=end_of(cycle.appeals_due_on) if cycle.appeals_due_on else None,
        rows=rows,
        more=min(MOST_ROWS, rows + ROWS),
        open_still=may_still_appeal(uow, cycle) and open_appeal(uow, entry) is None,
        crumbs=_crumbs(uow, entry, _("申诉")),
    )
    return shown, 422 if form.is_submitted() else 200


@appeals.post("/entries/<uuid:entry_id>/agree")
@requires(GradePermission.APPEAL, load_entry, see=GradePermission.READ_ENTRY)
def consent(uow: UnitOfWork, entry: CycleEntry) -> ResponseReturnValue:
    """Say that the agency holds nothing against its sheet."""
    form = Form()
    done = acted(uow, form, lambda: agree(uow, entry), _entry(entry), lambda: _("已确认没有异议；申诉期限内仍可申诉"))
    return done or (render_template("grading/appeal/refused.html", form=form, crumbs=_crumbs(uow, entry, "")), 422)


@appeals.get("/<uuid:cycle_id>/appeals")
@requires(GradePermission.READ, load_cycle, see=GradePermission.READ)
def index(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """List a year's appeals."""
    page = listing(
        uow,
        appeals_in(cycle, state=asked("state")),
        sortable={
            "waiting": case((GradeAppeal.state == AppealState.FILED, 0), else_=1),
            "filed": GradeAppeal.filed_at,
            "decided": GradeAppeal.decided_at,
        },
        default="waiting",
        filters=FILTERS,
    )
    return render_template(
        "grading/appeal/index.html",
        cycle=cycle,
        page=page,
        grade_words=grade_words,
        crumbs=[
            (_("机构评级"), url_for("cycles.index")),
            (str(cycle.year), url_for("cycles.show", cycle_id=cycle.id)),
            (_("申诉"), None),
        ],
    )


@appeals.get("/appeals/<uuid:appeal_id>")
@requires(GradePermission.READ_APPEAL, load_appeal, see=GradePermission.READ_APPEAL)
def show(uow: UnitOfWork, appeal: GradeAppeal) -> ResponseReturnValue:
    """Show an appeal: its lines, its evidence, what the graders say, the decision with before and after."""
    return _show(uow, appeal)


def _show(
    uow: UnitOfWork,
    appeal: GradeAppeal,
    *,
    statement: StatementForm | None = None,
    decision: Form | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    entry, waits = appeal.entry, appeal.state is AppealState.FILED
    staff = policy.allows(uow.actor, GradePermission.READ, entry.cycle)
    may_decide = policy.decide(uow.actor, GradePermission.DECIDE_APPEAL, appeal)
    if waits and may_decide and decision is None:
        decision = decision_form(appeal, formdata=None)
    if waits and statement is None and policy.allows(uow.actor, GradePermission.STATE_ON_APPEAL, appeal):
        statement = StatementForm(formdata=None, data={"statement": appeal.statement})
    shown = render_template(
        "grading/appeal/show.html",
        appeal=appeal,
        entry=entry,
        cycle=entry.cycle,
        record=entry.record,
        evidence=[_file(one) for one in documents_of(uow, appeal, EVIDENCE)],
        letters=[_file(one) for one in documents_of(uow, appeal, LETTER)],
        target_words=target_words,
        stated_words=lambda line: value_words(line.target.split("|")[-1], line.stated),
        correction_words=correction_words,
        grade_words=grade_words,
        statement=statement if waits else None,
        decision=decision if waits and may_decide else None,
        why_not=may_decide.reason if waits and staff and not may_decide else None,
        entries=timeline(uow, appeal) if staff else [],
        crumbs=_crumbs(uow, entry, _("申诉")),
    )
    return shown, status


def _file(document: Document) -> dict[str, object]:
    return {
        "name": document.name,
        "url": url_for("documents.download", document_id=document.id),
        "size": document.size,
        "at": document.added_at,
    }


@appeals.post("/appeals/<uuid:appeal_id>/statement")
@requires(GradePermission.STATE_ON_APPEAL, load_appeal, see=GradePermission.READ_APPEAL)
def say(uow: UnitOfWork, appeal: GradeAppeal) -> ResponseReturnValue:
    """Keep what the graders say to the appeal."""
    form = StatementForm()
    done = acted(
        uow,
        form,
        lambda: state_on(uow, appeal, form.text("statement")),
        _location(appeal),
        lambda: _("说明已保存，处理人和机构都能看到"),
    )
    return done or _show(uow, appeal, statement=form, status=422)


@appeals.post("/appeals/<uuid:appeal_id>/decide")
@requires(GradePermission.DECIDE_APPEAL, load_appeal, see=GradePermission.READ_APPEAL)
def decide(uow: UnitOfWork, appeal: GradeAppeal) -> ResponseReturnValue:
    """Decide every line: upheld with the figure that is right, or rejected, each with its reason."""
    form = decision_form(appeal)
    done = acted(
        uow,
        form,
        lambda: decide_appeal(uow, appeal, decisions_in(form, appeal.lines), answer=form.text("answer")),
        _location(appeal),
        lambda: _("申诉已处理，机构已收到通知和决定书"),
    )
    return done or _show(uow, appeal, decision=form, status=422)
