"""The team of an engagement: named while it is planned, changed with consent afterwards (R-AGENCY-07)."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import Engagement, LeadEvaluator, TeamMember
from agencies.queries.following import plan_of, team_of
from agencies.services.leads import ensure_may_lead
from agencies.states import EngagementState, PlanState, TeamRole
from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork

PLANNED = (PlanState.DRAFT, PlanState.RETURNED)
"""While its plan is in these states the team is the agency's own affair."""


@dataclass(frozen=True)
class Newcomer:
    """Somebody to join a team; a lead evaluator is named by the library's entry."""

    role: TeamRole
    name: str = ""
    lead: LeadEvaluator | None = None
    duty: str = ""

    @property
    def called(self) -> str:
        """The person's name: the library's for a lead."""
        return self.lead.name if self.lead is not None else self.name.strip()


def ensure_may_join(uow: UnitOfWork, engagement: Engagement, newcomer: Newcomer) -> None:
    """Raise `Refused` where somebody cannot join: no name, there already, a lead who does not qualify (R-LEAD-01)."""
    refusals: list[Refusal] = []
    if newcomer.role is TeamRole.LEAD:
        try:
            if newcomer.lead is None:
                raise Refused(Refusal(_l("请从本机构在库的主评人中选择"), rule_id="R-AGENCY-07", field="lead"))
            ensure_may_lead(uow, engagement.agency_id, newcomer.lead)
        except Refused as refused:
            refusals += refused.refusals
    elif not newcomer.called:
        refusals.append(Refusal(_l("请填写姓名"), field="name"))
    if any(one.name == newcomer.called for one in team_of(uow, engagement)):
        refusals.append(Refusal(_l("“%(name)s”已在工作组中", name=newcomer.called), field="name"))
    if refusals:
        raise Refused(*refusals)


def add_member(uow: UnitOfWork, engagement: Engagement, newcomer: Newcomer) -> TeamMember:
    """Name somebody while the plan is being drawn up. Raises `Refused` afterwards: then consent is asked."""
    _ensure_planned(uow, engagement)
    ensure_may_join(uow, engagement, newcomer)
    member = join(uow, engagement, newcomer)
    uow.record("team_member.join", member, detail={"role": newcomer.role.value})
    return member


def drop_member(uow: UnitOfWork, engagement: Engagement, member: TeamMember) -> None:
    """Take somebody out again while the plan is being drawn up; nothing is kept of it."""
    _ensure_planned(uow, engagement)
    if member.engagement_id != engagement.id:
        raise Refused(Refusal(_l("此人不在工作组中")))
    uow.session.delete(member)
    uow.session.flush()
    uow.record("engagement.drop_member", engagement, detail={"role": member.role.value})


def join(uow: UnitOfWork, engagement: Engagement, newcomer: Newcomer) -> TeamMember:
    """Put somebody into the team."""
    member = uow.add(
        TeamMember(
            engagement_id=engagement.id,
            engagement=engagement,
            name=newcomer.called,
            role=newcomer.role,
            lead_id=newcomer.lead.id if newcomer.role is TeamRole.LEAD and newcomer.lead else None,
            duty=newcomer.duty.strip(),
            joined_on=uow.today,
            left_on=None,
        )
    )
    uow.session.flush()
    return member


def _ensure_planned(uow: UnitOfWork, engagement: Engagement) -> None:
    plan = plan_of(uow, engagement)
    if plan is None or plan.state in PLANNED:
        if engagement.state in (EngagementState.CLOSED, EngagementState.TERMINATED):
            raise Refused(Refusal(_l("评价委托已经结束")))
        return
    if plan.state is PlanState.SUBMITTED:
        raise Refused(Refusal(_l("评价方案已提交；要调整工作组，请先撤回方案"), rule_id="R-AGENCY-07"))
    raise Refused(Refusal(_l("评价方案通过后调整工作组须说明理由并经财政局同意"), rule_id="R-AGENCY-07"))
