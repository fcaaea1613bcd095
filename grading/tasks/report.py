"""What officers, agencies and units have to do next with reports, and the room's figures."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import func, select

from agencies.models import Engagement
from core.deadlines import end_of
from core.i18n import _l
from core.identity.roles import Role
from core.ports import Figure, Task
from core.unit_of_work import UnitOfWork
from grading.models import QualitySheet, QuestionLetter, ReportFinding, Submission, TaskScore
from grading.queries import visible_submissions
from grading.states import FindingState, LetterState, SheetState, SubmissionState

AGENCY = (Role.AGENCY_MANAGER, Role.AGENCY_STAFF)


def report_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield what waits for the actor: disposal, rating, confirming, delivering again."""
    if uow.actor.has(Role.QUALITY_OFFICER, Role.UNIT_OFFICER, *AGENCY):
        yield from _of_reports(uow)
    if uow.actor.has(Role.QUALITY_OFFICER, *AGENCY):
        yield from _of_letters(uow)


def _of_reports(uow: UnitOfWork) -> Iterable[Task]:
    rated = set(
        uow.session.scalars(
            select(QualitySheet.submission_id).where(
                QualitySheet.rater_id == uow.actor.user_id, QualitySheet.state == SheetState.LOCKED
            )
        )
    )
    rows = uow.session.scalars(
        visible_submissions(uow.actor).where(
            Submission.state != SubmissionState.SUPERSEDED,
            Submission.engagement_id.not_in(select(TaskScore.engagement_id)),
        )
    ).unique()
    quality = uow.actor.has(Role.QUALITY_OFFICER)
    for row in rows:
        name, page = row.engagement.project.name, url_for("submissions.show", submission_id=row.id)
        score = url_for("scores.show", submission_id=row.id)
        if row.state is SubmissionState.UNREADABLE and uow.actor.has(*AGENCY):
            yield Task(_l("报告无法读取，请重新提交"), name, page)
        elif row.state is SubmissionState.CHECKED and quality:
            yield Task(_l("处置核查疑点"), name, page)
        elif row.state is SubmissionState.DISPOSED and (quality or uow.actor.has(Role.UNIT_OFFICER)):
            if row.id not in rated:
                yield Task(_l("为报告评分"), name, score, rule_id="R-GRADE.raters")
            elif quality:
                yield Task(_l("确认任务得分"), name, score, rule_id="R-GRADE.task")
        elif uow.actor.has(*AGENCY):
            yield Task(_l("等待报告核查与评分"), name, page, group="waiting")


def _of_letters(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the letters that wait for the agency's answer, and to quality staff those they wait for."""
    own = uow.actor.organisations_as(*AGENCY)
    query = (
        select(QuestionLetter)
        .join(Submission, Submission.id == QuestionLetter.submission_id)
        .join(Engagement, Engagement.id == Submission.engagement_id)
        .where(QuestionLetter.state == LetterState.SENT)
        .order_by(QuestionLetter.due_on)
    )
    quality = uow.actor.has(Role.QUALITY_OFFICER)
    if not quality:
        query = query.where(Engagement.agency_id.in_(own))
    for letter in uow.session.scalars(query).unique():
        page, name = url_for("report_questions.show", letter_id=letter.id), letter.engagement.project.name
        due = end_of(letter.due_on)
        if quality:
            yield Task(_l("等待机构答复疑点"), name, page, due_at=due, group="waiting", rule_id="R-GRADE.reply")
        else:
            yield Task(_l("答复核查疑点"), name, page, due_at=due, rule_id="R-AGENCY-11")


def report_figures(uow: UnitOfWork) -> Iterable[Figure]:
    """Yield the quality officer's figures: reports in disposal, findings that wait."""
    if not uow.actor.has(Role.QUALITY_OFFICER):
        return
    checked = uow.session.scalar(select(func.count()).where(Submission.state == SubmissionState.CHECKED)) or 0
    waiting = (
        uow.session.scalar(
            select(func.count())
            .select_from(ReportFinding)
            .join(Submission, Submission.id == ReportFinding.submission_id)
            .where(ReportFinding.state == FindingState.OPEN, Submission.state == SubmissionState.CHECKED)
        )
        or 0
    )
    yield Figure(_l("待处置的报告"), str(checked), url_for("submissions.index", state=SubmissionState.CHECKED.value))
    yield Figure(_l("待处置的疑点"), str(waiting), url_for("submissions.index", state=SubmissionState.CHECKED.value))
