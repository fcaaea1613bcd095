"""The actor: a user with memberships, no more. A seat on a panel is asked of the room that owns it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, outerjoin

from core.identity.models import Membership, Organisation, User
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


ACTOR_COLUMNS = (
    User.id.label("user_id"),
    User.name.label("user_name"),
    User.language,
    User.is_active,
    Organisation.id.label("organisation_id"),
    Organisation.name.label("organisation_name"),
    Organisation.kind,
    Membership.role,
)
"""What makes an actor, one row for each present membership, by its position; of `ACTOR_TABLES`."""
ACTOR_TABLES = outerjoin(
    outerjoin(User, Membership, and_(Membership.user_id == User.id, Membership.ended_at.is_(None))),
    Organisation,
    and_(Organisation.id == Membership.organisation_id, Organisation.is_active),
)


def actor_of(rows: Sequence[Any]) -> Actor | None:
    """Return the actor that the rows of one user make, or None when the user is not active."""
    first = rows[0]
    if not first.is_active:
        return None
    standings = tuple(
        Standing(row.organisation_id, row.organisation_name, row.kind, row.role)
        for row in rows
        if row.organisation_id is not None
    )
    return Actor(user_id=first.user_id, name=first.user_name, standings=standings, language=first.language)


def actor_for(session: Session, user_id: uuid.UUID) -> Actor | None:
    """Return the actor for an active user with their present memberships, or None."""
    rows = session.execute(
        select(*ACTOR_COLUMNS).select_from(ACTOR_TABLES).where(User.id == user_id).order_by(Membership.position)
    ).all()
    return actor_of(rows) if rows else None
