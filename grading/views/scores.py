"""Rating a report and confirming the task score."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.errors import Refused
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms import ScoreForm, points_in, sheet_form
from grading.grade_rules import grade_rules
from grading.models import QualitySheet, Submission
from grading.permissions import SubmissionPermission
from grading.queries import load_submission, own_sheet, score_of, sheets_of
from grading.rubric import PRESENT, RUBRICS
from grading.services.rating import Mark, kind_of_rater, lines_of, lock_sheet, proposals, quality_total, save_sheet
from grading.services.scoring import decide_score, ratings_of, reckon
from grading.services.task_ratings import stored_ratings
from grading.states import Difficulty, SheetState, SubmissionState

scores = Blueprint("scores", __name__, url_prefix="/submissions/<uuid:submission_id>")

ELEMENT_TITLES = {
    "plan": _l("方案与指标质量"),
    "team": _l("团队与稳定"),
    "process": _l("过程与沟通"),
    "report": _l("报告质量"),
    "timeliness": _l("时效"),
    "archive": _l("档案与保密"),
}
RATER_TITLES = {"unit": _l("项目单位"), "bureau": _l("财政局"), "experts": _l("评审专家")}


def _location(submission: Submission) -> str:
    return url_for("scores.show", submission_id=submission.id)


@scores.get("/score")
@requires(SubmissionPermission.READ_SCORE, load_submission, see=SubmissionPermission.READ)
def show(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Show the own sheet, and how the task score comes about as far as it may be seen."""
    return _page(uow, submission)


def _sheet_form(uow: UnitOfWork, submission: Submission, sheet: QualitySheet | None) -> Form:
    kind = sheet.kind if sheet else kind_of_rater(uow, submission)
    form = sheet_form(lines_of(uow, submission, kind, sheet.rubric if sheet else PRESENT.version), obj=sheet)
    if sheet is not None and not form.is_submitted():
        form.comment.data = sheet.comment
        for line in sheet.lines:
            if f"points_{line.key}" in form:
                form[f"points_{line.key}"].data = line.points
                form[f"reason_{line.key}"].data = line.reason
    return form


def _page(
    uow: UnitOfWork,
    submission: Submission,
    *,
    form: Form | None = None,
    score_form: ScoreForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    sheet, score = own_sheet(uow, submission), score_of(uow, submission.engagement_id)
    decides = policy.allows(uow.actor, SubmissionPermission.SCORE, submission)
    open_to_rate = submission.state is SubmissionState.DISPOSED and score is None
    may_rate = (
        open_to_rate
        and policy.allows(uow.actor, SubmissionPermission.RATE, submission)
        and (sheet is None or sheet.state is SheetState.DRAFT)
    )
    # Whoever still rates sees no other's sheet; the agency sees the result only.
    sees_sheets = score is not None or (decides and not may_rate)
    kind = sheet.kind if sheet else kind_of_rater(uow, submission)
    version = sheet.rubric if sheet else PRESENT.version
    rules = grade_rules(uow)
    ratings = stored_ratings(uow, score) if score else ratings_of(uow, submission)
    shown = render_template(
        "grading/score/show.html",
        submission=submission,
        engagement=submission.engagement,
        score=score,
        form=(form or _sheet_form(uow, submission, sheet)) if may_rate else None,
        lines=lines_of(uow, submission, kind, version) if may_rate else [],
        proposals=proposals(uow, submission, version) if may_rate else {},
        own=sheet,
        rubric=RUBRICS[version],
        sheets=sheets_of(uow, submission) if sees_sheets else [],
        total_of=quality_total,
        reckoning=reckon(ratings, rules) if sees_sheets else None,
        element_titles=ELEMENT_TITLES,
        rater_titles=RATER_TITLES,
        score_form=(score_form or ScoreForm(formdata=None)) if decides and open_to_rate and not may_rate else None,
        open_to_rate=open_to_rate,
        entries=timeline(uow, submission),
        crumbs=[
            (_("报告核查"), url_for("submissions.index")),
            (submission.engagement.project.name, url_for("submissions.show", submission_id=submission.id)),
            (_("评分"), None),
        ],
    )
    return shown, status


@scores.post("/sheet")
@requires(SubmissionPermission.RATE, load_submission, see=SubmissionPermission.READ)
def rate(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Save the own sheet as a draft, or lock it."""
    sheet = own_sheet(uow, submission)
    form = _sheet_form(uow, submission, sheet)
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate():
        if sheet is not None:
            form.check_revision(sheet)
        kind = sheet.kind if sheet else kind_of_rater(uow, submission)
        marks = {
            line.key: Mark(points, form.text(f"reason_{line.key}"))
            for line in lines_of(uow, submission, kind, sheet.rubric if sheet else PRESENT.version)
            if (points := points_in(form, line.key)) is not None
        }
        try:
            save_sheet(uow, submission, marks, form.text("comment"))
            if request.form.get("deed") == "lock":
                lock_sheet(uow, submission)
                flash(_("评分表已锁定"), "success")
            else:
                flash(_("草稿已保存"), "success")
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(submission))
            return redirect(_location(submission))
    return _page(uow, submission, form=form, status=422)


@scores.post("/score")
@requires(SubmissionPermission.SCORE, load_submission, see=SubmissionPermission.READ)
def decide(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Confirm the task score; the engagement is closed."""
    form = ScoreForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate():
        try:
            score = decide_score(
                uow,
                submission,
                veto=form.text("veto"),
                difficulty=Difficulty(form.text("difficulty")),
                urgent=bool(form.urgent.data),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(submission))
            flash(_("任务得分 %(score)s 分，评价委托已办结", score=score.score), "success")
            return redirect(_location(submission))
    return _page(uow, submission, score_form=form, status=422)
