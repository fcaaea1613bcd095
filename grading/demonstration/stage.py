"""What the room's scenes need of the demonstration's world."""

from __future__ import annotations

import random
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from agencies.models import Agency
from core.identity.models import User
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from projects.models import Project


class World(Protocol):
    """What this module needs of the demonstration's world; the shell above brings it."""

    users: dict[str, User]
    projects: list[Project]
    agencies: list[Agency]
    managers: list[User]
    random: random.Random
    now: datetime

    def at_desk(self, who: User | str | None, *, days: float = 0) -> AbstractContextManager[UnitOfWork]:
        """Let a person (None: the system) act at a moment when offices are open; all is committed at its end."""


def person(uow: UnitOfWork, world: World, role: Role, organisation: Any = None) -> User:
    """Return the first of the district's people with a role (in an organisation)."""
    ids = set(user_ids_with(uow, role, organisation_id=organisation))
    return next(user for user in world.users.values() if user.id in ids)
