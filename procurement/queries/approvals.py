"""Reads about levels of approval: every approver with level and substitutes."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from core.identity.models import Membership, User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import ApprovalSubstitute


def approvers(uow: UnitOfWork) -> list[User]:
    """Return everyone who holds the approver's role, by name."""
    return list(
        uow.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.role == Role.PROCUREMENT_APPROVER, Membership.ended_at.is_(None), User.is_active)
            .order_by(User.name, User.id)
        ).unique()
    )


def substitutions(uow: UnitOfWork) -> list[ApprovalSubstitute]:
    """Return the substitutions that stand or will, and the latest past ones."""
    return list(uow.session.scalars(select(ApprovalSubstitute).order_by(ApprovalSubstitute.last_on.desc()).limit(50)))


def load_substitution(uow: UnitOfWork, substitution_id: uuid.UUID) -> ApprovalSubstitute | None:
    """Return the substitution with this id."""
    return uow.get(ApprovalSubstitute, substitution_id)
