"""What the procurement agent of a purchase announces to the house; called from the package's `register(app)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from core.unit_of_work import UnitOfWork
    from procurement.models import Tender
    from procurement.tender_page import Part


def register_agents(app: Flask) -> None:
    """Add the page, its line on the tender's page, the agreement's reader and the timeline tags."""
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from procurement.queries.agents import may_read_agreement
    from procurement.tender_page import add_tender_parts
    from procurement.views import agents

    add_tender_parts(agent_part)
    registry.owns_documents("agent_appointment", may_read_agreement)
    registry.explain(
        AuditTag("tender.appoint_agent", _l("委托采购代理机构")),
        AuditTag("tender.end_agent", _l("终止委托代理")),
    )
    app.register_blueprint(agents.agents)


def agent_part(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield who acts for the purchaser in this purchase."""
    from flask import url_for

    from core.i18n import _l
    from core.permissions import policy
    from procurement.permissions import AgentPermission
    from procurement.services.agents import appointment_refusals
    from procurement.tender_page import Part

    if not policy.allows(uow.actor, AgentPermission.READ, tender):
        return
    row, url = tender.agent, url_for("agents.show", tender_id=tender.id)
    if row is not None:
        note = row.agency.name if row.stands else _l("%(name)s（委托已终止）", name=row.agency.name)
        yield Part(_l("采购代理机构"), note, url, order=11)
    elif not appointment_refusals(tender) and policy.allows(uow.actor, AgentPermission.APPOINT, tender):
        yield Part(_l("采购代理机构"), _l("采购人自行组织；需要时可以委托"), url, order=11)
