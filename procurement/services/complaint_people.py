"""Who takes part in a complaint: supervision, and those who were sent a copy."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import select

from core.identity.models import Membership
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import Complaint, ComplaintParty
from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE


def own_party(uow: UnitOfWork, complaint: Complaint) -> ComplaintParty | None:
    """Return the party for which the actor speaks."""
    buying, bidding = uow.actor.organisations_as(*PURCHASER_SIDE), uow.actor.organisations_as(*BIDDER_SIDE)
    return next(
        (one for one in complaint.parties if one.organisation_id in (buying if one.is_purchaser else bidding)), None
    )


def supervisors(uow: UnitOfWork) -> list[uuid.UUID]:
    """Return procurement supervision's people."""
    return list(
        uow.session.scalars(
            select(Membership.user_id).where(
                Membership.role == Role.PROCUREMENT_SUPERVISOR, Membership.ended_at.is_(None)
            )
        )
    )


def people_of(uow: UnitOfWork, organisation_id: uuid.UUID, roles: Iterable[Role]) -> list[uuid.UUID]:
    """Return who holds one of these roles in an organisation."""
    return list(
        uow.session.scalars(
            select(Membership.user_id).where(
                Membership.organisation_id == organisation_id,
                Membership.role.in_(list(roles)),
                Membership.ended_at.is_(None),
            )
        )
    )
