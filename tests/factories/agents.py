"""Purchases with a procurement agent, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from core.identity.models import User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import AgentAppointment, Tender
from procurement.states import AgentStep
from tests.factories.identity import make_user


def entrusted(
    uow: UnitOfWork, tender: Tender, user: User | None = None, steps: Sequence[AgentStep] = tuple(AgentStep)
) -> User:
    """Appoint the agency of this user (a new agent's officer unless given) to the purchase, for these steps."""
    user = user or make_user(uow, Role.AGENT_OFFICER)
    tender.agent = AgentAppointment(
        id=uow.ids.new(),
        agency=user.memberships[0].organisation,
        agreement_number="DL-2026-018",
        agreed_on=uow.today,
        valid_until=None,
        scope=[one.value for one in steps],
        fee="由中标（成交）供应商按协议约定支付 2,400 元",
        appointed_by_id=tender.drafted_by_id,
        appointed_at=uow.now,
        ended_at=None,
    )
    uow.session.flush()
    return user
