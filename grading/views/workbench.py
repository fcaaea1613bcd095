"""What the workbench shows: the report as drawn or as read, its findings beside it, and how far the check reached."""

from __future__ import annotations

from typing import Any

from agencies.permissions import AgencyPermission
from core.audit.timeline import timeline
from core.http.lists import asked
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.finding_words import class_title, compared
from grading.forms import DisposeForm
from grading.models import ReportFinding, Submission
from grading.permissions import QuestionPermission, SubmissionPermission
from grading.queries import findings_of, score_of, versions_of
from grading.reckoning import Reckoning, reckoning_of
from grading.services.questions import answers_of, letters_of
from grading.services.recycled import copied_of
from grading.states import FindingState, SubmissionState
from grading.views.evidence import Excerpts, drawn_file, sheets_of
from grading.views.marking import Marks
from grading.views.narrowing import Chapters, chosen_values, finding_filters, narrowed
from grading.workflow import SUBMISSION

STEPS = (SubmissionState.RECEIVED, SubmissionState.CHECKED, SubmissionState.DISPOSED)


def workbench(uow: UnitOfWork, submission: Submission) -> dict[str, Any]:
    """Return everything the workbench's template needs."""
    sees = policy.allows(uow.actor, SubmissionPermission.READ_FINDINGS, submission)
    every = findings_of(uow, submission) if sees else []
    chapters, chosen = Chapters(submission), chosen_values()
    shown = narrowed(every, chosen, chapters)
    drawn = drawn_file(submission)
    as_text = drawn is None or asked("view") == "text"
    may_dispose = (
        policy.allows(uow.actor, SubmissionPermission.DISPOSE, submission)
        and submission.state is SubmissionState.CHECKED
    )
    excerpts = Excerpts(submission, drawn=None if as_text else drawn)
    bench: dict[str, Any] = {
        "submission": submission,
        "engagement": submission.engagement,
        "sees_findings": sees,
        "findings": shown,
        "sides": {one.id: excerpts.sides(one) for one in shown},
        "copied": copied_of(uow, submission) if sees else {},
        "reckonings": {one.id: reckoning(one) for one in shown},
        "total": len(every),
        "disposed": sum(one.state is not FindingState.OPEN for one in every),
        "open_shown": sum(one.state is FindingState.OPEN for one in shown),
        "filters": finding_filters(every, chapters),
        "chosen": chosen,
        "drawn": drawn,
        "as_text": as_text,
        "sheets": [] if as_text or drawn is None else sheets_of(drawn, every),
        "letters": letters_of(uow, submission) if sees else [],
        "answers": answers_of(uow, submission) if sees else {},
        "may_ask": may_dispose and bool(every) and policy.allows(uow.actor, QuestionPermission.ASK, submission),
        "may_compare": submission.blocks is not None and submission.version > 1,
        "marks": Marks(every),
        "class_title": class_title,
        "compared": compared,
        "grounds": DisposeForm(formdata=None).ground.choices if may_dispose else [],
        "may_dispose": may_dispose,
        "may_retry": policy.allows(uow.actor, SubmissionPermission.RETRY, submission)
        and submission.state is SubmissionState.UNREADABLE,
        "may_deliver": policy.allows(uow.actor, AgencyPermission.DELIVER, submission.engagement)
        and submission.state is not SubmissionState.SUPERSEDED
        and score_of(uow, submission.engagement_id) is None,
        "may_score": submission.state is SubmissionState.DISPOSED,
        "versions": versions_of(uow, submission),
        "options": SUBMISSION.options(uow, submission),
        "steps": STEPS,
        "entries": timeline(uow, submission),
    }
    return {**bench, "bench": bench}


def reckoning(finding: ReportFinding) -> Reckoning | None:
    """Return the recomputation behind a finding; its figures are the same in both languages."""
    return reckoning_of(finding.message.get("zh", ""), finding.stated, finding.expected, finding.signals)
