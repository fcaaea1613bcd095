"""What each party has to do about a draft: comment, answer, review, deliver the final."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import url_for
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from agencies.models import Engagement
from agencies.queries.following import milestones_by_engagement
from agencies.states import EngagementState, MilestoneKind
from core.deadlines import end_of
from core.i18n import _l
from core.identity.roles import Role
from core.ports import Task
from core.unit_of_work import UnitOfWork
from grading.models import CommentRound
from grading.report_path import step_of
from grading.services.comments import party_of
from grading.services.report_path import facts_of
from grading.states import LetterStand, PathStep, RoundState
from projects.models import Project

RULE = "R-AGENCY-11"
AGENCY = (Role.AGENCY_MANAGER, Role.AGENCY_STAFF)


def comment_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the steps between a draft and the final that wait for the actor."""
    own, units = uow.actor.organisations_as(*AGENCY), uow.actor.organisations_as(Role.UNIT_OFFICER)
    quality = uow.actor.has(Role.QUALITY_OFFICER)
    if not (own or units or quality):
        return
    query = (
        select(CommentRound)
        .join(Engagement, Engagement.id == CommentRound.engagement_id)
        .join(Project, Project.id == Engagement.project_id)
        .where(CommentRound.state != RoundState.REPLACED, Engagement.state == EngagementState.EVALUATING)
        .options(selectinload(CommentRound.letters))
        .order_by(CommentRound.due_on, CommentRound.id)
    )
    if not quality:
        query = query.where(or_(Engagement.agency_id.in_(own), Project.unit_id.in_(units)))
    rounds = uow.session.scalars(query).unique().all()
    for row in rounds:
        if row.state is RoundState.ASKING and (quality or row.engagement.project.unit_id in units):
            yield from _to_comment(uow, row)
    mine = [row for row in rounds if row.engagement.agency_id in own]
    dates = milestones_by_engagement(uow, [row.engagement for row in mine])
    last = {row.engagement_id: row for row in sorted(mine, key=lambda one: one.number)}
    for row in last.values():
        due = {one.kind: end_of(one.due_on) for one in dates[row.engagement_id]}
        yield from _of_agency(uow, row, due)


def _to_comment(uow: UnitOfWork, row: CommentRound) -> Iterable[Task]:
    party = party_of(uow, row)
    sent = {one.party for one in row.letters if one.state is LetterStand.SENT}
    if party is not None and party not in sent and uow.today <= row.due_on:
        page = url_for("report_comments.show", engagement_id=row.engagement_id)
        yield Task(_l("对报告初稿反馈意见"), row.engagement.project.name, page, end_of(row.due_on), rule_id=RULE)


def _of_agency(uow: UnitOfWork, row: CommentRound, due: Mapping[MilestoneKind, datetime]) -> Iterable[Task]:
    facts = facts_of(uow, row.engagement)
    step, name = step_of(facts), row.engagement.project.name
    page = url_for("report_comments.show", engagement_id=row.engagement_id)
    if step is PathStep.COMMENTS and facts.waits_for:
        yield Task(_l("等待各方对报告初稿反馈"), name, page, end_of(row.due_on), group="waiting", rule_id=RULE)
    elif step is PathStep.COMMENTS:
        yield Task(_l("逐条答复报告意见"), name, page, due.get(MilestoneKind.COMMENTS), rule_id=RULE)
    elif step is PathStep.REVIEW:
        yield Task(_l("内部审核报告"), name, page, due.get(MilestoneKind.REVIEW), rule_id=RULE)
    elif step is PathStep.FINAL:
        deliver = url_for("submissions.new", engagement_id=row.engagement_id)
        yield Task(_l("签署并提交正式报告"), name, deliver, due.get(MilestoneKind.FINAL), rule_id=RULE)
