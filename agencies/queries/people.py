"""Whom to tell: people by role."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from core.identity.models import Membership, User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork


def people_with(uow: UnitOfWork, *roles: Role, organisation_id: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Return the active users who hold one of these roles (in this organisation)."""
    query = (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role.in_(roles), Membership.ended_at.is_(None), User.is_active)
    )
    if organisation_id is not None:
        query = query.where(Membership.organisation_id == organisation_id)
    return list(uow.session.scalars(query.distinct()))
