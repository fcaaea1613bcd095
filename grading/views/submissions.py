"""Reports: the list, delivery, and the workbench where text and findings stand side by side."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.models import Engagement
from agencies.permissions import AgencyPermission
from agencies.queries import load_engagement
from agencies.queries.following import is_followed
from agencies.services.engagements import ensure_may_deliver
from core.documents.models import Document
from core.errors import Refused
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.http.transitions import add_transitions
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms import DeliverForm
from grading.models import Submission
from grading.permissions import CheckPermission, SubmissionPermission
from grading.queries import load_submission, standing_submission, submissions_matching
from grading.services.delivery import deliver_report, read_again
from grading.services.key_figures import statement_of
from grading.services.old_formats import offered_endings
from grading.services.report_path import UNDERTAKING, final_refusals, leads_of_team, next_step
from grading.states import PathStep, ReportKind, SubmissionState
from grading.views.workbench import workbench
from grading.workflow import SUBMISSION
from projects.models import Project

submissions = Blueprint("submissions", __name__, url_prefix="/submissions")

FILTERS = (Filter("state", _l("状态"), [(one.value, one.label) for one in SubmissionState]),)


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the submission may download its file."""
    submission = uow.get(Submission, document.owner_id)
    return submission is not None and policy.allows(uow.actor, SubmissionPermission.READ, submission)


def _location(submission: Submission) -> str:
    return url_for("submissions.show", submission_id=submission.id)


@submissions.get("")
@requires(SubmissionPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the reports the reader may see."""
    page = listing(
        uow,
        submissions_matching(uow.actor, text=asked("q"), state=asked("state")),
        sortable={
            "project": Project.name,
            "number": Engagement.number,
            "delivered": Submission.delivered_at,
            "score": Submission.total_score,
        },
        default="-delivered",
        filters=FILTERS,
    )
    return render_template(
        "grading/submission/index.html",
        page=page,
        may_batch=policy.allows(uow.actor, CheckPermission.BATCH),
        crumbs=[(_("报告核查"), None)],
    )


@submissions.route("/new/<uuid:engagement_id>", methods=["GET", "POST"])
@requires(AgencyPermission.DELIVER, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def new(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Deliver a report, or its next version."""
    form = DeliverForm()
    followed, step = is_followed(uow, engagement), next_step(uow, engagement)
    form.offer(leads_of_team(uow, engagement) if followed else [])
    if not followed:
        form.kind.data = ReportKind.FINAL.value
    elif not form.is_submitted():
        early = step in (PathStep.DRAFT, PathStep.COMMENTS)
        form.kind.data = (ReportKind.DRAFT if early else ReportKind.FINAL).value
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            submission = deliver_report(uow, engagement, form.delivery())
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(submission))
            said = (
                _("已收到征求意见稿（第 %(version)s 版），已请项目单位和财政局书面反馈意见", version=submission.version)
                if submission.kind is ReportKind.DRAFT
                else _("已收到报告第 %(version)s 版，正在自动核查", version=submission.version)
            )
            flash(said, "success")
            return redirect(_location(submission))
    if not form.is_submitted() and (before := standing_submission(uow, engagement.id)) is not None:
        stated = statement_of(before)
        if stated is not None:
            form.prefill(stated)
    barred = None
    try:
        ensure_may_deliver(engagement)
    except Refused as refused:
        barred = refused.refusals[0]
    shown = render_template(
        "grading/submission/new.html",
        form=form,
        engagement=engagement,
        barred=barred,
        followed=followed,
        missing=final_refusals(uow, engagement),
        undertaking=UNDERTAKING,
        old=offered_endings(),
        crumbs=[
            (_("评价委托"), url_for("engagements.index")),
            (engagement.number, url_for("engagements.show", engagement_id=engagement.id)),
            (_("提交报告"), None),
        ],
    )
    return shown, 422 if form.is_submitted() else 200


@submissions.get("/<uuid:submission_id>")
@requires(SubmissionPermission.READ, load_submission, see=SubmissionPermission.READ)
def show(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Show the report with its findings beside it."""
    return render_template(
        "grading/submission/show.html",
        **workbench(uow, submission),
        crumbs=[(_("报告核查"), url_for("submissions.index")), (submission.engagement.project.name, None)],
    )


@submissions.post("/<uuid:submission_id>/retry")
@requires(SubmissionPermission.RETRY, load_submission, see=SubmissionPermission.READ)
def retry(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Read an unreadable report once more."""
    read_again(uow, submission)
    flash(_("已重新排队读取"), "success")
    return redirect(_location(submission))


add_transitions(
    submissions,
    SUBMISSION,
    load_submission,
    prefix="/<uuid:submission_id>",
    see=SubmissionPermission.READ,
    location=_location,
)
