"""What the demonstration's banner shows: whom one can be, and how far the clock has been moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import g, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.http.work import current_work
from core.identity.models import Membership, User
from core.identity.roles import Role

DEMO_DOMAIN = "@chenghu.example"
"""Demonstration users have an address in this domain; nobody else is offered for one-click sign-in."""


@dataclass(frozen=True)
class DemoUser:
    """Somebody a visitor can be with one click."""

    value: str
    name: str
    email: str
    organisation: str
    role: Role

    @property
    def title(self) -> str:
        """The role, and for whom."""
        return f"{self.role.label} · {self.organisation}"


@dataclass(frozen=True)
class Demonstration:
    """The banner's data."""

    users: Sequence[DemoUser]
    offset: timedelta
    sign_in_url: str
    clock_url: str


def demo_users(limit: int = 30) -> list[DemoUser]:
    """Return one user for each role and kind of organisation, in the order of the chain."""
    session = current_work().session
    rows = session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(User.email.endswith(DEMO_DOMAIN), User.is_active, Membership.ended_at.is_(None))
        .options(selectinload(Membership.user), selectinload(Membership.organisation))
        .order_by(Membership.position, User.created_at, User.email)
    )
    order = list(Role)
    found: dict[tuple[Role, str], DemoUser] = {}
    per_role: dict[Role, int] = {}
    for row in sorted(rows, key=lambda one: (order.index(one.role), one.user.email)):
        if per_role.get(row.role, 0) >= 3:
            continue
        per_role[row.role] = per_role.get(row.role, 0) + 1
        found[row.role, row.user.email] = DemoUser(
            str(row.user_id), row.user.name, row.user.email, row.organisation.name, row.role
        )
    return list(found.values())[:limit]


def demo_banner() -> Demonstration:
    """Return the banner's data; asked once a request."""
    if "demonstration" not in g:
        g.demonstration = Demonstration(
            demo_users(), current_work().clock.offset, url_for("demo.become"), url_for("demo.move_clock")
        )
    shown: Demonstration = g.demonstration
    return shown
