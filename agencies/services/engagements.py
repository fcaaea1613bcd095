"""Opening engagements and following them."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from agencies.events import EngagementOpened
from agencies.models import Engagement
from agencies.services.plans import follow
from agencies.states import EngagementState
from agencies.workflow import ENGAGEMENT
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from projects.models import Project
from projects.services.systems import open_system
from projects.states import SystemState


def open_engagement(
    uow: UnitOfWork,
    *,
    project: Project,
    agency_id: uuid.UUID,
    source: str,
    amount: Decimal,
    begins_on: date,
    due_on: date,
    taken_over: bool = False,
) -> Engagement:
    """Commission an agency to evaluate a project; open its empty indicator system, its plan and its dates.

    `source` names what led to it (`tender:<id>`), `amount` is the contract price in yuan. Calling it again with the
    same source and project returns the same engagement. `taken_over`: the work was under way before this system knew of
    it, so plan, team and comments on its draft are on paper and not asked for here.
    """
    known = uow.session.scalar(
        select(Engagement).where(
            Engagement.source == source,
            Engagement.project_id == project.id,
            Engagement.state != EngagementState.TERMINATED,
        )
    )
    if known is not None:
        return known
    system = open_system(uow, project, agency_id)
    engagement = uow.add(
        Engagement(
            number=_next_number(uow, begins_on.year),
            project_id=project.id,
            agency_id=agency_id,
            source=source,
            amount=amount,
            begins_on=begins_on,
            due_on=due_on,
            state=EngagementState.PREPARING,
            opened_at=uow.now,
            system_id=system.id,
        )
    )
    uow.session.flush()
    uow.record("engagement.open", engagement, about=(project, system), after={"amount": str(amount)})
    if not taken_over:
        follow(uow, engagement)
    publish(uow, EngagementOpened(engagement))
    return engagement


def _next_number(uow: UnitOfWork, year: int) -> str:
    """Return the next free number of the year, e.g. 评委〔2026〕7号."""
    # A lock for the numbering alone: two engagements opened at once must not get one number.
    uow.session.execute(select(func.pg_advisory_xact_lock(0x454E47)))
    taken = uow.session.scalar(select(func.count()).where(Engagement.number.like(f"评委〔{year}〕%"))) or 0
    return f"评委〔{year}〕{taken + 1}号"


def engagements_from(uow: UnitOfWork, source: str, agency_id: uuid.UUID) -> list[Engagement]:
    """Return the standing engagements of an agency that came from one source, in the order of their numbers."""
    return list(
        uow.session.scalars(
            select(Engagement)
            .where(
                Engagement.source == source,
                Engagement.agency_id == agency_id,
                Engagement.state != EngagementState.TERMINATED,
            )
            .order_by(Engagement.opened_at, Engagement.number)
        )
    )


def terminate_engagement(uow: UnitOfWork, engagement: Engagement, reason: str) -> None:
    """End an engagement whose contract was not signed or was terminated; a closed one stays closed."""
    if engagement.state is not EngagementState.CLOSED:
        ENGAGEMENT.fire(uow, engagement, "terminate", reason=reason, as_system=True)


def ensure_may_deliver(engagement: Engagement) -> None:
    """Raise `Refused` while the indicator system is not approved: no report before (R-IND-01)."""
    if engagement.state is EngagementState.PREPARING:
        reason = _l("指标体系尚未通过评审并取得财政部门同意，不能提交报告")
        if engagement.system is not None and engagement.system.state is SystemState.APPROVED:
            raise Refused(Refusal(_l("评价方案尚未通过，不能提交报告"), rule_id="R-AGENCY-09"))
        raise Refused(Refusal(reason, rule_id="R-IND-01"))
    if engagement.state is EngagementState.TERMINATED:
        raise Refused(Refusal(_l("评价委托已终止，不能再提交报告")))
    if engagement.state is EngagementState.CLOSED:
        raise Refused(Refusal(_l("评价委托已办结，不能再提交报告")))
