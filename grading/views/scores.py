"""Rating a report and confirming the task score."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.errors import Refused
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import Text, _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms.rating import ExplainForm, GroundForm, ScoreForm
from grading.grade_rules import grade_rules
from grading.models import Submission
from grading.permissions import ModerationPermission, ReportReviewPermission, SubmissionPermission
from grading.queries import load_submission, own_sheet, score_of, sheets_of
from grading.queries.moderation import moderations_of
from grading.queries.report_review import review_of_engagement
from grading.rating_spread import distance
from grading.services.moderation import is_called_for
from grading.services.rating import (
    explain_spread,
    far_off_sheets,
    lock_sheet,
    locked_total,
    quality_total,
    rubric_on,
    unexplained,
)
from grading.services.scoring import agreed_points, decide_score, ratings_of, reckon, veto_ground
from grading.services.task_ratings import stored_ratings
from grading.services.unit_rating import unit_beside_result
from grading.states import Difficulty, ModerationState, SheetState, SubmissionState
from grading.views.sheet_page import form_of, keep_typed, sheet_page

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
SAID: dict[str, Text] = {
    "accept": _l("已采纳这条扣分建议，已填内容一并保存"),
    "decline": _l("没有采纳这条扣分建议，已填内容一并保存"),
    "change": _l("已按改动后的分数扣分，已填内容一并保存"),
}


def _location(submission: Submission, place: str = "") -> str:
    return url_for("scores.show", submission_id=submission.id) + (f"#line-{place}" if place else "")


@scores.get("/score")
@requires(SubmissionPermission.READ_SCORE, load_submission, see=SubmissionPermission.READ)
def show(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Show the own sheet, and how the task score comes about as far as it may be seen."""
    return _page(uow, submission)


def _page(
    uow: UnitOfWork,
    submission: Submission,
    *,
    form: Form | None = None,
    explain_form: ExplainForm | None = None,
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
    ratings = stored_ratings(uow, score) if score else ratings_of(uow, submission)
    sheets = sheets_of(uow, submission) if sees_sheets else []
    totals = [quality_total(one) for one in sheets]
    far = far_off_sheets(uow, submission)
    asks = sheet is not None and score is None and sheet.id in {one.id for one in far}
    page = sheet_page(uow, submission) if may_rate else None
    review = review_of_engagement(uow, submission.engagement_id)
    may_read_review = review is not None and policy.allows(uow.actor, ReportReviewPermission.READ, review)
    shown = render_template(
        "grading/score/show.html",
        submission=submission,
        engagement=submission.engagement,
        score=score,
        page=page,
        form=(form or form_of(page)) if page is not None else None,
        own=sheet,
        own_total=quality_total(sheet) if sheet is not None else None,
        rubric=rubric_on(uow, submission, sheet),
        explain_form=(explain_form or ExplainForm(formdata=None, prefix="spread")) if asks else None,
        spread=grade_rules(uow).spread,
        sheets=sheets,
        far={one.id for one in far},
        silent=unexplained(uow, submission) if decides and sees_sheets and score is None else [],
        distance=distance(totals),
        total_of=quality_total,
        locked_total=locked_total,
        beside=unit_beside_result(uow, submission) if decides and sees_sheets else None,
        sessions=_sessions(uow, submission, may_rate=may_rate, decides=decides),
        called_for=sees_sheets and decides and score is None and is_called_for(uow, submission),
        ground_form=_ground_form(uow, submission, open_to_rate=open_to_rate, may_rate=may_rate),
        may_open=decides,
        review=review if review is not None and may_read_review else None,
        may_convene=open_to_rate
        and review is None
        and policy.allows(uow.actor, ReportReviewPermission.CONVENE, submission),
        reckoning=reckon(ratings, grade_rules(uow)) if sees_sheets else None,
        agreed=agreed_points(uow, submission) is not None,
        element_titles=ELEMENT_TITLES,
        rater_titles=RATER_TITLES,
        score_form=(score_form or _score_form(uow, submission)) if decides and open_to_rate and not may_rate else None,
        open_to_rate=open_to_rate,
        entries=timeline(uow, submission),
        crumbs=[
            (_("报告核查"), url_for("submissions.index")),
            (submission.engagement.project.name, url_for("submissions.show", submission_id=submission.id)),
            (_("评分"), None),
        ],
    )
    return shown, status


def _sessions(uow: UnitOfWork, submission: Submission, *, may_rate: bool, decides: bool) -> list[object]:
    """Return the moderations that the reader may open."""
    if may_rate:
        return []
    found = moderations_of(uow, submission)
    return [one for one in found if decides or policy.allows(uow.actor, ModerationPermission.READ, one)]


def _ground_form(uow: UnitOfWork, submission: Submission, *, open_to_rate: bool, may_rate: bool) -> GroundForm | None:
    """Return the form by which a moderation is asked for or opened, where the reader may and none is running."""
    running = any(one.state in (ModerationState.ASKED, ModerationState.OPEN) for one in moderations_of(uow, submission))
    allowed = policy.allows(uow.actor, ModerationPermission.ASK, submission) or policy.allows(
        uow.actor, ModerationPermission.OPEN, submission
    )
    if not open_to_rate or may_rate or running or not allowed or len(sheets_of(uow, submission)) < 2:
        return None
    return GroundForm(formdata=None, prefix="session")


@scores.post("/sheet")
@requires(SubmissionPermission.RATE, load_submission, see=SubmissionPermission.READ)
def rate(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Save the own sheet as a draft, answer one proposal with it, or lock it."""
    page = sheet_page(uow, submission)
    form = form_of(page)
    deed = request.form.get("deed", "save")
    verb, _colon, key = deed.partition(":")
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate():
        if page.sheet is not None:
            form.check_revision(page.sheet)
        try:
            keep_typed(uow, submission, page, form, deed)
            if deed == "lock":
                lock_sheet(uow, submission)
        except Refused as refused:
            form.refuse(refused)
        else:
            location = _location(submission, key.partition("-")[0] if verb in SAID else "")
            form.mark_used(uow, location)
            flash(SAID.get(verb, _("评分表已锁定") if deed == "lock" else _("草稿已保存")), "success")
            return redirect(location)
    return _page(uow, submission, form=form, status=422)


@scores.post("/spread")
@requires(SubmissionPermission.RATE, load_submission, see=SubmissionPermission.READ)
def explain(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Say why the own rating lies far from the others'."""
    form = ExplainForm(prefix="spread")
    done = acted(
        uow,
        form,
        lambda: explain_spread(uow, submission, form.text("reason")),
        _location(submission),
        _l("理由已记入评分表"),
    )
    return done or _page(uow, submission, explain_form=form, status=422)


def _score_form(uow: UnitOfWork, submission: Submission) -> ScoreForm:
    """Return the form with the ground of a veto that is on record already (R-GRADE.veto)."""
    return ScoreForm(formdata=None, veto=veto_ground(uow, submission.engagement) or "")


@scores.post("/score")
@requires(SubmissionPermission.SCORE, load_submission, see=SubmissionPermission.READ)
def decide(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Confirm the task score; the engagement is closed."""
    form = ScoreForm()

    def confirm() -> None:
        decide_score(
            uow,
            submission,
            veto=form.text("veto"),
            difficulty=Difficulty(form.text("difficulty")),
            urgent=bool(form.urgent.data),
            spread_note=form.text("spread_note"),
        )

    def said() -> Text:
        score = score_of(uow, submission.engagement_id)
        return _("任务得分 %(score)s 分，评价委托已办结", score=score.score if score else "")

    done = acted(uow, form, confirm, _location(submission), said)
    return done or _page(uow, submission, score_form=form, status=422)
