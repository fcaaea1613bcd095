"""Reads for plans, teams, milestones, work on site and requests."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import selectinload

from agencies.models import (
    Engagement,
    EngagementRequest,
    EvaluationPlan,
    Fieldwork,
    Milestone,
    TeamMember,
)
from agencies.queries.engagement import engagements_matching, named_engagements
from agencies.states import EngagementState, MilestoneKind, RequestKind, RequestState, TeamRole
from core.identity.actor import Actor
from core.unit_of_work import UnitOfWork

ORDER = list(MilestoneKind)
RUNNING = (EngagementState.PREPARING, EngagementState.EVALUATING, EngagementState.DELIVERED)


def plan_of(uow: UnitOfWork, engagement: Engagement) -> EvaluationPlan | None:
    """Return the engagement's plan, or None where it was taken over while under way."""
    return uow.session.scalar(select(EvaluationPlan).where(EvaluationPlan.engagement_id == engagement.id))


def load_plan(uow: UnitOfWork, engagement_id: uuid.UUID) -> EvaluationPlan | None:
    """Return the plan of the engagement with this id."""
    return uow.session.scalar(select(EvaluationPlan).where(EvaluationPlan.engagement_id == engagement_id))


def is_followed(uow: UnitOfWork, engagement: Engagement) -> bool:
    """Whether the engagement is followed here from its plan on; others were taken over while under way."""
    return (
        uow.session.scalar(select(EvaluationPlan.id).where(EvaluationPlan.engagement_id == engagement.id)) is not None
    )


def milestones_of(uow: UnitOfWork, engagement: Engagement) -> list[Milestone]:
    """Return the engagement's milestones in the order of the process."""
    rows = uow.session.scalars(select(Milestone).where(Milestone.engagement_id == engagement.id))
    return sorted(rows, key=lambda one: ORDER.index(one.kind))


def team_of(uow: UnitOfWork, engagement: Engagement, *, former: bool = False) -> list[TeamMember]:
    """Return who works on the engagement, leads first; `former` adds who left."""
    query = (
        select(TeamMember)
        .where(TeamMember.engagement_id == engagement.id)
        .options(selectinload(TeamMember.lead))
        .order_by(TeamMember.joined_on, TeamMember.name)
    )
    if not former:
        query = query.where(TeamMember.left_on.is_(None))
    roles = list(TeamRole)
    return sorted(uow.session.scalars(query), key=lambda one: (one.left_on is not None, roles.index(one.role)))


@dataclass(frozen=True)
class TeamChanges:
    """Changes of a team after its plan was approved, all of them with consent; `leads` of them moved a lead."""

    total: int
    leads: int


def team_changes(uow: UnitOfWork, engagement: Engagement) -> TeamChanges:
    """Return how often the team changed after its plan was approved: what the rating of its stability goes by."""
    rows = uow.session.scalars(
        select(EngagementRequest).where(
            EngagementRequest.engagement_id == engagement.id,
            EngagementRequest.kind == RequestKind.TEAM,
            EngagementRequest.state == RequestState.AGREED,
        )
    ).all()
    leads = sum(one.leaving is not None and one.leaving.role is TeamRole.LEAD for one in rows)
    return TeamChanges(len(rows), leads)


def requests_of(uow: UnitOfWork, engagement: Engagement) -> list[EngagementRequest]:
    """Return what the agency asked for in this engagement, newest first."""
    return list(
        uow.session.scalars(
            select(EngagementRequest)
            .where(EngagementRequest.engagement_id == engagement.id)
            .options(
                selectinload(EngagementRequest.lead),
                selectinload(EngagementRequest.asked_by),
                selectinload(EngagementRequest.decided_by),
            )
            .order_by(EngagementRequest.position.desc())
        )
    )


def load_request(uow: UnitOfWork, request_id: uuid.UUID) -> EngagementRequest | None:
    """Return the request with this id."""
    return uow.get(EngagementRequest, request_id)


def has_consent(uow: UnitOfWork, engagement: Engagement, kind: RequestKind) -> bool:
    """Whether the bureau agreed to a request of this kind."""
    return (
        uow.session.scalar(
            select(EngagementRequest.id)
            .where(
                EngagementRequest.engagement_id == engagement.id,
                EngagementRequest.kind == kind,
                EngagementRequest.state == RequestState.AGREED,
            )
            .limit(1)
        )
        is not None
    )


def fieldwork_of(uow: UnitOfWork, engagement: Engagement) -> list[Fieldwork]:
    """Return what was done on site, oldest first."""
    return list(
        uow.session.scalars(
            select(Fieldwork)
            .where(Fieldwork.engagement_id == engagement.id)
            .options(selectinload(Fieldwork.recorded_by))
            .order_by(Fieldwork.held_on, Fieldwork.recorded_at)
        )
    )


def followed(actor: Actor, *, today: date, text: str = "", step: str = "", late: bool = False) -> Select[Engagement]:
    """Select the running engagements the actor may read by their next milestone: which it is, whether it is late."""
    waiting = (
        select(Milestone.engagement_id, func.min(Milestone.due_on).label("due_on"))
        .where(Milestone.done_on.is_(None))
        .group_by(Milestone.engagement_id)
        .subquery()
    )
    query = (
        named_engagements(engagements_matching(actor, text=text))
        .join(waiting, waiting.c.engagement_id == Engagement.id)
        .where(Engagement.state.in_(RUNNING))
    )
    if late:
        query = query.where(waiting.c.due_on < today)
    if step in {one.value for one in MilestoneKind}:
        kind = MilestoneKind(step)
        earlier = [one for one in ORDER if ORDER.index(one) < ORDER.index(kind)]
        query = query.where(
            select(Milestone.id)
            .where(Milestone.engagement_id == Engagement.id, Milestone.kind == kind, Milestone.done_on.is_(None))
            .exists(),
            ~select(Milestone.id)
            .where(Milestone.engagement_id == Engagement.id, Milestone.kind.in_(earlier), Milestone.done_on.is_(None))
            .exists(),
        )
    return query


def next_due() -> ScalarSelect[date]:
    """Return the expression for the day of an engagement's earliest milestone that is not done."""
    return (
        select(func.min(Milestone.due_on))
        .where(Milestone.engagement_id == Engagement.id, Milestone.done_on.is_(None))
        .correlate(Engagement)
        .scalar_subquery()
    )


def milestones_by_engagement(uow: UnitOfWork, engagements: Sequence[Engagement]) -> dict[uuid.UUID, list[Milestone]]:
    """Return the milestones of many engagements at once, each in the order of the process."""
    found: dict[uuid.UUID, list[Milestone]] = {one.id: [] for one in engagements}
    for row in uow.session.scalars(select(Milestone).where(Milestone.engagement_id.in_(found))):
        found[row.engagement_id].append(row)
    return {key: sorted(rows, key=lambda one: ORDER.index(one.kind)) for key, rows in found.items()}
