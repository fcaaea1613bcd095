"""Disposing of one finding: uphold or dismiss, then back to the workbench at the same place."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from grading.finding_words import class_title
from grading.forms import BulkForm, DisposeForm
from grading.models import ReportFinding, Submission
from grading.permissions import SubmissionPermission
from grading.queries import findings_of, load_finding, load_submission
from grading.services.disposal import Verdict, dismiss, dispose_many, uphold
from grading.states import FindingState, SubmissionState
from grading.views.narrowing import NAMES, Chapters, chosen_values, narrowed

findings = Blueprint("findings", __name__, url_prefix="/findings")


def load_readable(uow: UnitOfWork, finding_id: object) -> ReportFinding | None:
    """Return the finding, if the actor may know of its report; else it does not exist for them."""
    from core.permissions import policy

    finding = load_finding(uow, finding_id)  # type: ignore[arg-type]  # the route's converter gives a UUID
    if finding is None or not policy.allows(uow.actor, SubmissionPermission.READ_FINDINGS, finding.submission):
        return None
    return finding


@findings.post("/<uuid:finding_id>/dispose")
@requires(SubmissionPermission.DISPOSE_FINDING, load_readable)
def dispose(uow: UnitOfWork, finding: ReportFinding) -> ResponseReturnValue:
    """Uphold or dismiss one finding."""
    form, view = DisposeForm(), _kept(request.form.get("view", ""))
    next_one = request.form.get("next", "")
    place = f"f-{next_one}" if next_one.isdigit() else f"f-{finding.position}"
    location = url_for("submissions.show", submission_id=finding.submission_id, _anchor=place, **view)
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    here = url_for("submissions.show", submission_id=finding.submission_id, _anchor=f"f-{finding.position}", **view)
    if not form.validate():
        flash(_("理由不能超过 500 字"), "error")
        return redirect(here)
    form.check_revision(finding)
    try:
        if request.form.get("deed") == "dismiss":
            dismiss(uow, finding, *form.why())
        else:
            uphold(uow, finding, form.text("reason"))
    except Refused as refused:
        flash("；".join(str(one.reason) for one in refused.refusals), "error")
        return redirect(here)
    form.mark_used(uow, location)
    return redirect(location)


def _kept(query: str) -> dict[str, Any]:
    """Return the filters and the view of the page that was left, so that one comes back to the same list."""
    return {name: value for name, value in parse_qsl(query) if name in (*NAMES, "view")}


@findings.route("/of/<uuid:submission_id>/bulk", methods=["GET", "POST"])
@requires(SubmissionPermission.DISPOSE, load_submission, see=SubmissionPermission.READ_FINDINGS)
def bulk(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Preview the open findings that the filters leave, then give all chosen ones the same answer."""
    form, chosen = BulkForm(), chosen_values()
    every = findings_of(uow, submission)
    rows = [one for one in narrowed(every, chosen, Chapters(submission)) if one.state is FindingState.OPEN]
    counted: list[int] = []

    def deed() -> None:
        ids = [uuid.UUID(one) for one in form.chosen.data or () if one in {str(row.id) for row in every}]
        reason, ground = form.why()
        counted.append(dispose_many(uow, submission, ids, Verdict(form.text("deed") == "uphold", reason, ground)))

    done = acted(
        uow,
        form,
        deed,
        url_for("submissions.show", submission_id=submission.id),
        lambda: _("已处置 %(count)s 条疑点", count=counted[0]),
    )
    if done is not None:
        return done
    shown = render_template(
        "grading/submission/bulk.html",
        submission=submission,
        form=form,
        rows=rows,
        ticked=set(form.chosen.data or ()) if form.is_submitted() else {str(one.id) for one in rows},
        is_open=submission.state is SubmissionState.CHECKED,
        class_title=class_title,
        crumbs=[
            (_("报告核查"), url_for("submissions.index")),
            (submission.engagement.project.name, url_for("submissions.show", submission_id=submission.id)),
            (_("批量处置"), None),
        ],
    )
    return shown, 422 if form.is_submitted() else 200
