"""What raters and quality staff have to do about ratings that lie apart and moderations."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.i18n import _l
from core.identity.roles import Role
from core.ports import Task
from core.unit_of_work import UnitOfWork
from grading.grade_rules import grade_rules
from grading.models import Moderation, QualitySheet, Submission, TaskScore
from grading.rating_spread import far_off
from grading.services.rating import quality_total
from grading.states import ModerationState, SheetState, SubmissionState


def rating_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield far-off ratings to be explained, and moderations that wait for the actor."""
    if not uow.actor.has(Role.QUALITY_OFFICER, Role.UNIT_OFFICER, Role.EXPERT):
        return
    own = list(_own_open_sheets(uow))
    yield from _spread_tasks(uow, own)
    yield from _moderation_tasks(uow, own)


def _own_open_sheets(uow: UnitOfWork) -> Iterable[QualitySheet]:
    """Yield the actor's locked sheets of reports that are not scored yet."""
    return uow.session.scalars(
        select(QualitySheet)
        .join(Submission, Submission.id == QualitySheet.submission_id)
        .where(
            QualitySheet.rater_id == uow.actor.user_id,
            QualitySheet.state == SheetState.LOCKED,
            Submission.state == SubmissionState.DISPOSED,
            Submission.engagement_id.not_in(select(TaskScore.engagement_id)),
        )
        .options(joinedload(QualitySheet.submission).selectinload(Submission.sheets).selectinload(QualitySheet.lines))
    ).unique()


def _spread_tasks(uow: UnitOfWork, own: list[QualitySheet]) -> Iterable[Task]:
    if not own:
        return
    spread = grade_rules(uow).spread
    for sheet in own:
        locked = [one for one in sheet.submission.sheets if one.state is SheetState.LOCKED]
        places = far_off([quality_total(one) for one in locked], spread)
        if not sheet.spread_reason and sheet.id in {locked[place].id for place in places}:
            page = url_for("scores.show", submission_id=sheet.submission_id)
            name = sheet.submission.engagement.project.name
            yield Task(_l("说明评分相差较大的理由"), name, page, rule_id="R-GRADE.spread")


def _moderation_tasks(uow: UnitOfWork, own: list[QualitySheet]) -> Iterable[Task]:
    rated = {one.submission_id: one for one in own}
    quality = uow.actor.has(Role.QUALITY_OFFICER)
    if not rated and not quality:
        return
    rows = uow.session.scalars(
        select(Moderation)
        .where(Moderation.state.in_((ModerationState.ASKED, ModerationState.OPEN)))
        .options(joinedload(Moderation.submission), selectinload(Moderation.asked_by))
        .order_by(Moderation.asked_at)
    )
    for session in rows:
        page = url_for("moderations.show", moderation_id=session.id)
        name = session.submission.engagement.project.name
        if session.state is ModerationState.ASKED and quality:
            yield Task(_l("决定是否召集评分合议"), name, page, rule_id="R-GRADE.moderation")
        elif session.state is ModerationState.OPEN and session.moderator_id == uow.actor.user_id:
            yield Task(_l("记录评分合议的结果"), name, page, rule_id="R-GRADE.moderation")
        elif session.state is ModerationState.OPEN and session.submission_id in rated:
            yield Task(_l("参加评分合议"), name, page, group="waiting", rule_id="R-GRADE.moderation")
