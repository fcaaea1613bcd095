"""What this room's demonstration needs of its world, and how somebody acts in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select

from agencies.models import Agency
from core.clock import SHANGHAI, shanghai
from core.identity.models import User
from core.unit_of_work import UnitOfWork
from experts.models import Review, Seat
from experts.seats import panel_of
from projects.models import Project

FRIDAY = 4


class Stage(Protocol):
    """What this module needs of the demonstration's world."""

    random: Any
    now: datetime
    users: dict[str, User]
    projects: list[Project]
    agencies: list[Agency]
    managers: list[User]

    def at_desk(self, who: User | str | None, *, days: float = 0) -> AbstractContextManager[UnitOfWork]:
        """Let a person act at a moment when offices are open."""


def at_office(moment: datetime, hour: int, minute: int = 0) -> datetime:
    """Return that clock time on the moment's day, or on the Friday before a weekend."""
    day = moment.astimezone(SHANGHAI).date()
    return shanghai(day - timedelta(days=max(0, day.weekday() - FRIDAY)), hour, minute)


def review_of(uow: UnitOfWork, review_id: uuid.UUID) -> Review:
    """Return the review as it stands in this unit of work."""
    return uow.session.scalars(select(Review).where(Review.id == review_id)).one()


def as_member(
    world: Stage, review_id: uuid.UUID, days: float, place: int, deed: Callable[[UnitOfWork, Seat], object]
) -> None:
    """Let the member at this place of the panel do something."""
    with world.at_desk(None, days=days) as uow:
        panel = panel_of(uow, review_of(uow, review_id))
        seat_id, user = panel[place].id, panel[place].expert.user
    with world.at_desk(user, days=days) as uow:
        deed(uow, uow.session.scalars(select(Seat).where(Seat.id == seat_id)).unique().one())
