"""Disposing of findings: a question is answered by a person, upheld or dismissed with a reason."""

from __future__ import annotations

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from experts.services.conflicts import user_ids_with
from grading.addresses import submission_page
from grading.models import ReportFinding, Submission
from grading.notifications import DISPOSED
from grading.states import SubmissionState
from grading.workflow import FINDING


def uphold(uow: UnitOfWork, finding: ReportFinding, note: str = "") -> None:
    """Say that the finding is right. Raises `Refused` while its report is not in disposal."""
    _in_disposal(finding)
    FINDING.fire(
        uow,
        finding,
        "uphold",
        reason=note.strip() or None,
        assign={"disposed_by_id": uow.actor.user_id, "reason": note.strip()},
    )


def dismiss(uow: UnitOfWork, finding: ReportFinding, reason: str) -> None:
    """Say that the finding is not right, and why; the reason teaches the model. Raises `Refused` without one."""
    _in_disposal(finding)
    FINDING.fire(
        uow,
        finding,
        "dismiss",
        reason=reason,
        assign={"disposed_by_id": uow.actor.user_id, "reason": reason.strip()},
    )


def _in_disposal(finding: ReportFinding) -> None:
    if finding.submission.state is not SubmissionState.CHECKED:
        raise Refused(Refusal(_l("报告不在处置阶段，不能改变疑点的处置")))


def tell_parties(uow: UnitOfWork, event: TransitionFired) -> None:
    """When all findings are disposed of, the agency sees the result and the project's unit may rate."""
    if event.workflow != "submission" or event.name != "dispose":
        return
    submission: Submission = event.subject
    engagement = submission.engagement
    people = [
        *user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=engagement.agency_id),
        *user_ids_with(uow, Role.UNIT_OFFICER, organisation_id=engagement.project.unit_id),
    ]
    notify(uow, DISPOSED, people, url=submission_page(submission.id), params={"project": engagement.project.name})
