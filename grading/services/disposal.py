"""Disposing of findings: a question is answered by a person, upheld or dismissed with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from grading.addresses import submission_page
from grading.models import ReportFinding, Submission
from grading.notifications import DISPOSED
from grading.queries import findings_of
from grading.states import DismissalGround, FindingState, SubmissionState
from grading.workflow import FINDING


def uphold(uow: UnitOfWork, finding: ReportFinding, note: str = "") -> None:
    """Say that the finding is right. Raises `Refused` while its report is not in disposal."""
    _in_disposal(finding)
    FINDING.fire(
        uow,
        finding,
        "uphold",
        reason=note.strip() or None,
        assign={"disposed_by_id": uow.actor.user_id, "reason": note.strip(), "ground": None},
    )


def dismiss(uow: UnitOfWork, finding: ReportFinding, reason: str, ground: DismissalGround | None = None) -> None:
    """Say that the finding is not right, and why: a ground of the list, own words, or both.

    The reason teaches the model. Raises `Refused` without one.
    """
    _in_disposal(finding)
    FINDING.fire(
        uow,
        finding,
        "dismiss",
        reason="：".join(part for part in (str(ground.label) if ground else "", reason.strip()) if part),
        assign={"disposed_by_id": uow.actor.user_id, "reason": reason.strip(), "ground": ground},
    )


@dataclass(frozen=True)
class Verdict:
    """One answer for several findings: upheld, or dismissed with its reason."""

    upholds: bool
    reason: str = ""
    ground: DismissalGround | None = None


def dispose_many(uow: UnitOfWork, submission: Submission, chosen: Sequence[uuid.UUID], verdict: Verdict) -> int:
    """Give one answer to several open findings that a person has looked through; return how many.

    What somebody else answered meanwhile stays as it is. Raises `Refused` when nothing is chosen.
    """
    rows = [one for one in findings_of(uow, submission) if one.id in set(chosen)]
    if not rows:
        raise Refused(Refusal(_l("请至少选择一条疑点"), field="chosen"))
    count = 0
    for finding in rows:
        uow.lock(finding)
        if finding.state is FindingState.OPEN:
            if verdict.upholds:
                uphold(uow, finding, verdict.reason)
            else:
                dismiss(uow, finding, verdict.reason, verdict.ground)
            count += 1
    return count


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
