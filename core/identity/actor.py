"""The actor: a user with memberships, no more. A seat on a panel is asked of the room that owns it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.identity.models import Membership, User
from core.identity.roles import OrganisationKind, Role


@dataclass(frozen=True)
class Standing:
    """One role held in one organisation, as the actor carries it."""

    organisation_id: uuid.UUID
    organisation_name: str
    organisation_kind: OrganisationKind
    role: Role


@dataclass(frozen=True)
class Actor:
    """Who acts in a unit of work. Nobody signed in, a person, or the system itself (jobs, derived states)."""

    user_id: uuid.UUID | None
    name: str
    standings: tuple[Standing, ...] = ()
    is_system: bool = False
    language: str = "zh"

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.user_id is None and not self.is_system

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(standing.role for standing in self.standings)

    @property
    def organisation(self) -> Standing | None:
        """The first standing, shown in the top bar."""
        return self.standings[0] if self.standings else None

    @property
    def organisation_ids(self) -> frozenset[uuid.UUID]:
        """Every organisation the actor belongs to."""
        return frozenset(standing.organisation_id for standing in self.standings)

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds any of these roles."""
        return bool(self.roles.intersection(roles))

    def organisations_as(self, *roles: Role) -> frozenset[uuid.UUID]:
        """The organisations in which the actor holds any of these roles."""
        return frozenset(s.organisation_id for s in self.standings if s.role in roles)


ANONYMOUS = Actor(user_id=None, name="")
SYSTEM = Actor(user_id=None, name="system", is_system=True)


def actor_for(session: Session, user_id: uuid.UUID) -> Actor | None:
    """Return the actor for an active user with their present memberships, or None."""
    user = session.scalar(
        select(User)
        .where(User.id == user_id, User.is_active)
        .options(joinedload(User.memberships).joinedload(Membership.organisation))
    )
    if user is None:
        return None
    standings = tuple(
        Standing(m.organisation_id, m.organisation.name, m.organisation.kind, m.role)
        for m in user.memberships
        if m.ended_at is None and m.organisation.is_active
    )
    return Actor(user_id=user.id, name=user.name, standings=standings, language=user.language)
