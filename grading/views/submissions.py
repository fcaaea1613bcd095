"""Reports: the list, delivery, and the workbench where text and findings stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.models import Engagement
from agencies.permissions import AgencyPermission
from agencies.queries import load_engagement
from agencies.services.engagements import ensure_may_deliver
from core.audit.timeline import timeline
from core.documents.models import Document
from core.errors import Refused
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.http.transitions import add_transitions
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms import DeliverForm
from grading.models import ReportFinding, Submission
from grading.permissions import SubmissionPermission
from grading.queries import findings_of, load_submission, score_of, submissions_matching, versions_of
from grading.services.delivery import deliver_report, read_again
from grading.states import FindingState, SubmissionState
from grading.views.classes import CLASSES, class_title
from grading.views.marking import Marks, anchor
from grading.workflow import SUBMISSION
from projects.models import Project

submissions = Blueprint("submissions", __name__, url_prefix="/submissions")

FILTERS = (Filter("state", _l("状态"), [(one.value, one.label) for one in SubmissionState]),)
STEPS = (SubmissionState.RECEIVED, SubmissionState.CHECKED, SubmissionState.DISPOSED)
LIKELY = (("0.9", _l("很可能（≥ 90%）")), ("0.5", _l("可能（≥ 50%）")))
FINDING_FILTERS = (
    Filter("class", _l("类别"), list(CLASSES.items())),
    Filter("severity", _l("性质"), [("error", _l("错误")), ("warning", _l("提示"))]),
    Filter("disposal", _l("处置"), [(one.value, one.label) for one in FindingState]),
    Filter("likely", _l("成立的可能"), LIKELY),
)


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
    return render_template("grading/submission/index.html", page=page, crumbs=[(_("报告核查"), None)])


@submissions.route("/new/<uuid:engagement_id>", methods=["GET", "POST"])
@requires(AgencyPermission.DELIVER, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def new(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Deliver a report, or its next version."""
    form = DeliverForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            submission = deliver_report(uow, engagement, form.file.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(submission))
            flash(_("已收到报告第 %(version)s 版，正在自动核查", version=submission.version), "success")
            return redirect(_location(submission))
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
    sees = policy.allows(uow.actor, SubmissionPermission.READ_FINDINGS, submission)
    every = findings_of(uow, submission) if sees else []
    chosen = {one.name: asked(one.name) for one in FINDING_FILTERS if asked(one.name)}
    return render_template(
        "grading/submission/show.html",
        submission=submission,
        engagement=submission.engagement,
        sees_findings=sees,
        findings=_narrowed(every, chosen),
        total=len(every),
        disposed=sum(one.state is not FindingState.OPEN for one in every),
        filters=FINDING_FILTERS,
        chosen=chosen,
        marks=Marks(every),
        anchor=anchor,
        class_title=class_title,
        may_dispose=policy.allows(uow.actor, SubmissionPermission.DISPOSE, submission)
        and submission.state is SubmissionState.CHECKED,
        may_retry=policy.allows(uow.actor, SubmissionPermission.RETRY, submission)
        and submission.state is SubmissionState.UNREADABLE,
        may_deliver=policy.allows(uow.actor, AgencyPermission.DELIVER, submission.engagement)
        and submission.state is not SubmissionState.SUPERSEDED
        and score_of(uow, submission.engagement_id) is None,
        may_score=submission.state is SubmissionState.DISPOSED,
        versions=versions_of(uow, submission),
        options=SUBMISSION.options(uow, submission),
        steps=STEPS,
        entries=timeline(uow, submission),
        crumbs=[(_("报告核查"), url_for("submissions.index")), (submission.engagement.project.name, None)],
    )


def _narrowed(findings: Sequence[ReportFinding], chosen: dict[str, str]) -> list[ReportFinding]:
    try:
        least = Decimal(chosen.get("likely") or 0)
    except InvalidOperation:
        least = Decimal(0)
    return [
        one
        for one in findings
        if chosen.get("class", one.code) == one.code
        and chosen.get("severity", one.severity) == one.severity
        and chosen.get("disposal", one.state.value) == one.state.value
        and one.probability >= least
    ]


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
