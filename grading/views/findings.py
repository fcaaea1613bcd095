"""Disposing of one finding: uphold or dismiss, then back to the workbench at the same place."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from grading.forms import DisposeForm
from grading.models import ReportFinding
from grading.permissions import SubmissionPermission
from grading.queries import load_finding
from grading.services.disposal import dismiss, uphold

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
    form = DisposeForm()
    next_one = request.form.get("next", "")
    place = f"f-{next_one}" if next_one.isdigit() else f"f-{finding.position}"
    location = url_for("submissions.show", submission_id=finding.submission_id, _anchor=place)
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    here = url_for("submissions.show", submission_id=finding.submission_id, _anchor=f"f-{finding.position}")
    if not form.validate():
        flash(_("理由不能超过 500 字"), "error")
        return redirect(here)
    form.check_revision(finding)
    try:
        if request.form.get("deed") == "dismiss":
            dismiss(uow, finding, form.text("reason"))
        else:
            uphold(uow, finding, form.text("reason"))
    except Refused as refused:
        flash("；".join(str(one.reason) for one in refused.refusals), "error")
        return redirect(here)
    form.mark_used(uow, location)
    return redirect(location)
