"""The state machines of a delivered report, its findings and letters."""

from __future__ import annotations

from sqlalchemy import func, select

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from grading.models import QualitySheet, QuestionLetter, ReportFinding, Submission, TaskScore
from grading.permissions import QuestionPermission, SubmissionPermission
from grading.states import FindingState, LetterState, ReportKind, SheetState, SubmissionState


def all_disposed(uow: UnitOfWork, submission: Submission) -> Refusal | None:
    """Every finding has an answer."""
    left = uow.session.scalar(
        select(func.count()).where(
            ReportFinding.submission_id == submission.id, ReportFinding.state == FindingState.OPEN
        )
    )
    return Refusal(_l("还有 %(count)s 条疑点没有处置", count=left), field="findings") if left else None


def not_scored(uow: UnitOfWork, submission: Submission) -> Refusal | None:
    """The engagement has no score yet, and nobody has begun to rate."""
    scored = uow.session.scalar(select(TaskScore.id).where(TaskScore.engagement_id == submission.engagement_id))
    locked = uow.session.scalar(
        select(QualitySheet.id).where(
            QualitySheet.submission_id == submission.id, QualitySheet.state == SheetState.LOCKED
        )
    )
    return Refusal(_l("已有锁定的评分，不能再改处置结果")) if scored or locked else None


def all_answered(_uow: UnitOfWork, letter: QuestionLetter) -> Refusal | None:
    """Every finding of the letter has its answer with a reason (R-AGENCY-11)."""
    left = [str(item.position) for item in letter.items if item.stance is None]
    if not left:
        return None
    return Refusal(
        _l("请逐条答复，尚缺第 %(items)s 条", items="、".join(left)), rule_id="R-AGENCY-11", field=f"stance_{left[0]}"
    )


def is_final(_uow: UnitOfWork, submission: Submission) -> Refusal | None:
    """Only the signed final is disposed of and rated; a draft is out for comments (R-AGENCY-11)."""
    if submission.kind is ReportKind.FINAL:
        return None
    return Refusal(_l("这是征求意见稿，收到正式报告后才能完成处置和评分"), rule_id="R-AGENCY-11")


_standing = frozenset(SubmissionState) - {SubmissionState.SUPERSEDED}


SUBMISSION: Workflow[Submission] = Workflow(
    noun="submission",
    title=_l("评价报告"),
    initial=SubmissionState.RECEIVED,
    transitions=(
        Transition(
            "check",
            frozenset({SubmissionState.RECEIVED}),
            SubmissionState.CHECKED,
            SubmissionPermission.CHECK,
            _l("完成核查"),
            stamp="checked_at",
            is_manual=False,
        ),
        Transition(
            "fail",
            frozenset({SubmissionState.RECEIVED}),
            SubmissionState.UNREADABLE,
            SubmissionPermission.CHECK,
            _l("记为无法读取"),
            is_manual=False,
        ),
        Transition(
            "retry",
            frozenset({SubmissionState.UNREADABLE}),
            SubmissionState.RECEIVED,
            SubmissionPermission.RETRY,
            _l("重新读取"),
            is_manual=False,
        ),
        Transition(
            "dispose",
            frozenset({SubmissionState.CHECKED}),
            SubmissionState.DISPOSED,
            SubmissionPermission.DISPOSE,
            _l("完成处置"),
            guards=(is_final, all_disposed),
            primary=True,
        ),
        Transition(
            "reopen",
            frozenset({SubmissionState.DISPOSED}),
            SubmissionState.CHECKED,
            SubmissionPermission.DISPOSE,
            _l("重新处置"),
            guards=(not_scored,),
            needs_reason=True,
        ),
        Transition(
            "supersede",
            _standing,
            SubmissionState.SUPERSEDED,
            SubmissionPermission.CHECK,
            _l("由新版本取代"),
            is_manual=False,
        ),
    ),
)


FINDING: Workflow[ReportFinding] = Workflow(
    noun="report_finding",
    title=_l("核查疑点"),
    initial=FindingState.OPEN,
    transitions=(
        Transition(
            "uphold",
            frozenset({FindingState.OPEN, FindingState.DISMISSED}),
            FindingState.UPHELD,
            SubmissionPermission.DISPOSE_FINDING,
            _l("认定成立"),
            stamp="disposed_at",
            is_manual=False,
        ),
        Transition(
            "dismiss",
            frozenset({FindingState.OPEN, FindingState.UPHELD}),
            FindingState.DISMISSED,
            SubmissionPermission.DISPOSE_FINDING,
            _l("认定不成立"),
            stamp="disposed_at",
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({FindingState.OPEN}),
            FindingState.WITHDRAWN,
            SubmissionPermission.CHECK,
            _l("复查未再发现"),
            stamp="disposed_at",
            is_manual=False,
        ),
    ),
)


LETTER: Workflow[QuestionLetter] = Workflow(
    noun="question_letter",
    title=_l("询问函"),
    initial=LetterState.SENT,
    transitions=(
        Transition(
            "answer",
            frozenset({LetterState.SENT}),
            LetterState.ANSWERED,
            QuestionPermission.ANSWER,
            _l("提交答复"),
            guards=(all_answered,),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "correct",
            frozenset({LetterState.SENT, LetterState.ANSWERED}),
            LetterState.CORRECTED,
            QuestionPermission.ANSWER,
            _l("提交修改版"),
            is_manual=False,
        ),
    ),
)
