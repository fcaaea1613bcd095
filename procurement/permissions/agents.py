"""The procurement agent acts for the purchaser within the scope of its agreement, and only in its own purchases.

`purchaser` and `officer` of every map are built here: the bureau's own people by their role, an agent's officer by the
appointment that stands on the purchase. What the law leaves to the purchaser alone (deciding, approving, signing,
paying) never asks for a step.
"""

from __future__ import annotations

from typing import Any

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, Predicate, role
from procurement.models import AgentAppointment, Tender
from procurement.states import AgentStep

OWN_SIDE = (Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER)
"""The bureau's own people."""
PURCHASER_SIDE = (*OWN_SIDE, Role.AGENT_OFFICER)
"""Everybody who may act for a purchaser; an agent's officer only where the agency is appointed."""
_LEADS_TO_TENDER = ("tender", "bid", "contract", "call", "award", "holder", "amendment")


def tender_of(subject: Any) -> Tender | None:
    """Return the purchase that a bid, contract, letter or other part of one belongs to."""
    while subject is not None and not isinstance(subject, Tender):
        subject = next((found for name in _LEADS_TO_TENDER if (found := getattr(subject, name, None))), None)
    return subject


def acts_as_agent(actor: Actor, subject: Any, step: AgentStep | None = None) -> bool:
    """Whether the actor is an officer of the agent appointed to this purchase, and for this step of it.

    Pages without a subject are lists, which show what the actor's own purchases are.
    """
    own = actor.organisations_as(Role.AGENT_OFFICER)
    if not own or subject is None:
        return bool(own) and step is None
    tender = tender_of(subject)
    row: AgentAppointment | None = tender.agent if tender is not None else None
    return row is not None and row.stands and row.agency_id in own and (step is None or step.value in row.scope)


def _for_purchaser(step: AgentStep | None, *own: Role) -> Predicate:
    who = frozenset(own)
    if step is None:
        says = _l("须为：采购人一方的人员，或者受托代理本项目的采购代理机构经办人")
    else:
        says = _l("须为：采购经办人，或者受托办理“%(step)s”的采购代理机构经办人", step=step.label)
    return Predicate(
        says,
        lambda actor, subject: actor.has(*who) or acts_as_agent(actor, subject, step),
        roles=who | {Role.AGENT_OFFICER},
    )


def officer_for(step: AgentStep) -> Predicate:
    """The bureau's procurement officer, or the agent's where the agreement entrusts it with this step."""
    return _for_purchaser(step, Role.PROCUREMENT_OFFICER)


purchaser: Predicate = _for_purchaser(None, *OWN_SIDE)
officer: Predicate = _for_purchaser(None, Role.PROCUREMENT_OFFICER)
"""For what no step of the agreement names: the agent of this purchase may do it whatever its scope."""
own_side: Predicate = role(*OWN_SIDE)
own_officer: Predicate = role(Role.PROCUREMENT_OFFICER)


class AgentPermission(Permission):
    """What one may do about the agent of a purchase."""

    READ = "agent:read", _l("查看采购代理机构和委托代理协议")
    APPOINT = "agent:appoint", _l("委托采购代理机构、终止委托")


AGENT_POLICY = {
    AgentPermission.READ: ((purchaser,), (role(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR),)),
    AgentPermission.APPOINT: ((own_officer,),),
}
