"""Reads for the pool's pages."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from core.identity.actor import Actor
from core.identity.models import User
from core.unit_of_work import UnitOfWork
from experts.models import Expert, Seat
from experts.states import Category, ExpertState, SeatState
from projects.states import Industry


def experts_matching(*, text: str = "", category: str = "", industry: str = "", state: str = "") -> Select[Expert]:
    """Select experts by name, employer or speciality, by category, industry and state."""
    query = select(Expert).join(User, User.id == Expert.user_id)
    if text:
        like = f"%{text}%"
        query = query.where(
            or_(
                User.name.ilike(like),
                Expert.employer.ilike(like),
                Expert.speciality.ilike(like),
                Expert.professional_title.ilike(like),
            )
        )
    if category in {one.value for one in Category}:
        query = query.where(Expert.categories.contains([category]))
    if industry in {one.value for one in Industry}:
        query = query.where(Expert.industries.contains([industry]))
    if state in {one.value for one in ExpertState}:
        query = query.where(Expert.state == ExpertState(state))
    return query


@dataclass(frozen=True)
class Duty:
    """How often an expert was asked and served since a year began."""

    served: int = 0
    declined: int = 0
    asked: int = 0


def duties(uow: UnitOfWork, experts: Iterable[Expert]) -> dict[uuid.UUID, Duty]:
    """Return each expert's duty over all years, in one query."""
    served = Seat.state.in_((SeatState.ACCEPTED, SeatState.SUBMITTED))
    declined = Seat.state.in_((SeatState.DECLINED, SeatState.LAPSED))
    rows = uow.session.execute(
        select(
            Seat.expert_id,
            func.count().filter(served).label("served"),
            func.count().filter(declined).label("declined"),
            func.count().filter(Seat.invited_at.is_not(None)).label("asked"),
        )
        .where(Seat.expert_id.in_([one.id for one in experts]))
        .group_by(Seat.expert_id)
    )
    return {row.expert_id: Duty(row.served, row.declined, row.asked) for row in rows}


def load_expert(uow: UnitOfWork, expert_id: uuid.UUID) -> Expert | None:
    """Return the expert with this id."""
    return uow.get(Expert, expert_id)


def expert_of(uow: UnitOfWork, actor: Actor) -> Expert | None:
    """Return the actor's own entry of the pool."""
    return uow.session.scalar(select(Expert).where(Expert.user_id == actor.user_id)) if actor.user_id else None
