"""The state machine of an evaluation plan (R-AGENCY-07, R-AGENCY-08, R-AGENCY-09)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from agencies.models import Engagement, EvaluationPlan, Milestone, PlanPart, TeamMember
from agencies.permissions import PlanPermission
from agencies.plan_elements import Known, Standing, Written, missing, standings
from agencies.states import EngagementState, PlanElement, PlanState, TeamRole
from core.documents.models import Document
from core.errors import Refusal
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from projects.states import SystemState

PLAN_FILE = "plan"
"""The purpose under which a plan's own file is kept."""


def plan_standings(uow: UnitOfWork, plan: EvaluationPlan) -> list[Standing]:
    """Return the twelve elements as they stand now: what was written, and what the house knows by itself."""
    written = {
        part.element: Written(part.body, part.place)
        for part in uow.session.scalars(select(PlanPart).where(PlanPart.plan_id == plan.id))
    }
    return standings(written, _known(uow, plan.engagement), has_file=_has_file(uow, plan))


def elements_are_there(uow: UnitOfWork, plan: EvaluationPlan) -> Refusal | None:
    """Every element of the rule is in the plan (R-AGENCY-08)."""
    left = missing(plan_standings(uow, plan))
    return Refusal(_l("评价方案缺少：%(names)s", names=_Names(left)), rule_id="R-AGENCY-08") if left else None


def lead_is_named(uow: UnitOfWork, plan: EvaluationPlan) -> Refusal | None:
    """The team has the lead evaluators that the rule asks for (R-AGENCY-07)."""
    return lead_refusal(uow, plan.engagement)


def lead_refusal(uow: UnitOfWork, engagement: Engagement) -> Refusal | None:
    """Return why the engagement's team may not work: it lacks a lead evaluator (R-AGENCY-07)."""
    least = uow.house.rules.whole("R-AGENCY-07", "leads_min", on=uow.today)
    count = uow.session.scalar(
        select(func.count()).where(
            TeamMember.engagement_id == engagement.id, TeamMember.left_on.is_(None), TeamMember.role == TeamRole.LEAD
        )
    )
    if (count or 0) >= least:
        return None
    return Refusal(_l("评价工作组至少要有 %(count)s 名主评人", count=least), rule_id="R-AGENCY-07")


def has_not_begun(_uow: UnitOfWork, plan: EvaluationPlan) -> Refusal | None:
    """A plan is taken back only while the evaluation has not begun."""
    if plan.engagement.state is EngagementState.PREPARING:
        return None
    return Refusal(_l("评价已经开展，不能退回方案"), rule_id="R-AGENCY-09")


def _has_file(uow: UnitOfWork, plan: EvaluationPlan) -> bool:
    return bool(
        uow.session.scalar(
            select(func.count()).where(
                Document.owner_kind == "evaluation_plan", Document.owner_id == plan.id, Document.purpose == PLAN_FILE
            )
        )
    )


def _known(uow: UnitOfWork, engagement: Engagement) -> Known:
    roles = list(
        uow.session.scalars(
            select(TeamMember.role).where(TeamMember.engagement_id == engagement.id, TeamMember.left_on.is_(None))
        )
    )
    dates = uow.session.scalar(select(func.count()).where(Milestone.engagement_id == engagement.id))
    system = engagement.system
    rows = system.indicators if system is not None else []
    return Known(
        leads=roles.count(TeamRole.LEAD),
        members=len(roles),
        milestones=dates or 0,
        indicators=len(rows),
        with_standard=sum(bool(one.scoring.strip() and one.target.strip()) for one in rows),
        is_submitted=system is not None and system.state not in (SystemState.DRAFT, SystemState.RETURNED),
    )


class _Names:
    """The elements' words joined when shown, so that they appear in the reader's language."""

    def __init__(self, elements: Sequence[PlanElement]) -> None:
        self._elements = elements

    def __str__(self) -> str:
        return str(_("、")).join(str(one.label) for one in self._elements)


PLAN: Workflow[EvaluationPlan] = Workflow(
    noun="evaluation_plan",
    title=_l("评价方案"),
    initial=PlanState.DRAFT,
    transitions=(
        Transition(
            "submit",
            frozenset({PlanState.DRAFT, PlanState.RETURNED}),
            PlanState.SUBMITTED,
            PlanPermission.WRITE,
            _l("提交方案"),
            guards=(elements_are_there, lead_is_named),
            stamp="submitted_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({PlanState.SUBMITTED}),
            PlanState.DRAFT,
            PlanPermission.WRITE,
            _l("撤回修改"),
        ),
        Transition(
            "approve",
            frozenset({PlanState.SUBMITTED}),
            PlanState.APPROVED,
            PlanPermission.APPROVE,
            _l("审核同意"),
            guards=(elements_are_there, lead_is_named),
            stamp="approved_at",
            is_manual=False,
        ),
        Transition(
            "pass",
            frozenset({PlanState.SUBMITTED}),
            PlanState.APPROVED,
            PlanPermission.PASS,
            _l("经专家组评议通过"),
            guards=(elements_are_there, lead_is_named),
            stamp="approved_at",
            is_manual=False,
        ),
        Transition(
            "send_back",
            frozenset({PlanState.SUBMITTED}),
            PlanState.RETURNED,
            PlanPermission.APPROVE,
            _l("退回修改"),
            guards=(has_not_begun,),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
