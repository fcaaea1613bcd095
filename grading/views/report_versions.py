"""Two versions of a report side by side: what became of the findings, and what changed in text, tables and figures."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.guard import requires
from core.http.lists import asked
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.differences import differences
from grading.finding_words import class_title
from grading.models import Submission
from grading.permissions import SubmissionPermission
from grading.queries import findings_of, load_submission, versions_of
from grading.services.following import followed
from grading.services.questions import answers_of

report_versions = Blueprint("report_versions", __name__, url_prefix="/submissions/<uuid:submission_id>")


@report_versions.get("/compare")
@requires(SubmissionPermission.READ, load_submission, see=SubmissionPermission.READ)
def show(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Compare a version with an earlier one: the one before it unless the address names another."""
    versions = [one for one in versions_of(uow, submission) if one.blocks is not None]
    earlier = [one for one in versions if one.version < submission.version]
    if submission.blocks is None or not earlier:
        return redirect(url_for("submissions.show", submission_id=submission.id))
    wanted = asked("with")
    before = next((one for one in earlier if str(one.version) == wanted), earlier[0] if not wanted else None)
    if before is None:
        raise NotVisible
    sees = policy.allows(uow.actor, SubmissionPermission.READ_FINDINGS, submission)
    return render_template(
        "grading/submission/compare.html",
        submission=submission,
        before=before,
        earlier=earlier,
        sees_findings=sees,
        followed=followed(findings_of(uow, before), findings_of(uow, submission)) if sees else None,
        answers=answers_of(uow, before) if sees else {},
        changes=differences(before.blocks or [], submission.blocks),
        class_title=class_title,
        crumbs=[
            (_("报告核查"), url_for("submissions.index")),
            (submission.engagement.project.name, url_for("submissions.show", submission_id=submission.id)),
            (_("版本对照"), None),
        ],
    )
