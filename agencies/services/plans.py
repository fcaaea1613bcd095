"""Drawing up an evaluation plan and having it passed (R-AGENCY-08, R-AGENCY-09)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from agencies.addresses import plan_page
from agencies.models import Engagement, EvaluationPlan, PlanPart
from agencies.notifications import PLAN_DECIDED, PLAN_SUBMITTED
from agencies.plan_elements import DERIVED, FROM_SYSTEM, Written
from agencies.queries.engagement import engagement_of
from agencies.queries.following import plan_of
from agencies.services.milestones import plan_milestones, reached
from agencies.services.plan_paper import plan_paper
from agencies.states import EngagementState, MilestoneKind, PlanElement, PlanState, PlanWay
from agencies.workflow import ENGAGEMENT, PLAN, PLAN_FILE, plan_standings
from core.documents.accept import MEGABYTE, accept_file, keep_bytes
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired

KINDS = ("pdf", "docx")
MOST_BYTES = 30 * MEGABYTE
PLAN_PAPER = "plan-paper"
"""The purpose of the paper that keeps each submitted round as it stood."""


def follow(uow: UnitOfWork, engagement: Engagement) -> EvaluationPlan:
    """Begin to follow a new engagement: an empty plan, and the dates of its milestones."""
    plan = uow.add(
        EvaluationPlan(
            engagement_id=engagement.id,
            engagement=engagement,
            state=PlanState.DRAFT,
            submitted_at=None,
            approved_at=None,
            way=None,
        )
    )
    uow.session.flush()
    plan_milestones(uow, engagement)
    return plan


def keep_plan(uow: UnitOfWork, plan: EvaluationPlan, written: Mapping[PlanElement, Written]) -> None:
    """Keep what was written of the elements. Raises `Refused` while the plan is submitted or passed.

    Indicators and standards are never typed: they are those of the indicator system.
    """
    uow.lock(plan)
    _ensure_drafted(plan)
    known = {part.element: part for part in plan.parts}
    for element, one in written.items():
        if element in FROM_SYSTEM:
            continue
        part = known.get(element)
        if not one.is_there:
            if part is not None:
                plan.parts.remove(part)
            continue
        if part is None:
            part = PlanPart(id=uow.ids.new(), element=element)
            plan.parts.append(part)
        part.body, part.place = one.body.strip(), one.place.strip()
    flag_modified(plan, "round")  # another window's form was filled from what was written before
    uow.session.flush()
    uow.record("evaluation_plan.write", plan, after={"elements": len(plan.parts)})


def keep_file(uow: UnitOfWork, plan: EvaluationPlan, upload: Any) -> None:
    """Keep the plan as a file (PDF or DOCX); its elements then say where they stand in it."""
    _ensure_drafted(plan)
    accept_file(uow, upload, owner=plan, purpose=PLAN_FILE, kinds=KINDS, max_bytes=MOST_BYTES, field="file")


def submit_plan(uow: UnitOfWork, plan: EvaluationPlan) -> None:
    """Hand the plan in, keeping its round as a paper.

    Raises `Refused` with what is missing of the twelve elements (R-AGENCY-08), and without a lead (R-AGENCY-07).
    """
    again = plan.state is PlanState.RETURNED
    PLAN.fire(uow, plan, "submit", assign={"round": plan.round + 1} if again else None)
    name = f"评价方案-{plan.engagement.number}-第{plan.round}稿.pdf"
    paper = plan_paper(uow, plan, plan_standings(uow, plan))
    keep_bytes(uow, paper, owner=plan, purpose=PLAN_PAPER, name=name, media_type="application/pdf")
    notify(
        uow,
        PLAN_SUBMITTED,
        user_ids_with(uow, Role.QUALITY_OFFICER),
        url=plan_page(plan.engagement_id),
        params={"project": plan.engagement.project.name, "agency": plan.engagement.agency.name},
    )


def approve_plan(uow: UnitOfWork, plan: EvaluationPlan, opinion: str = "") -> None:
    """Approve a plan that no panel reviewed (R-AGENCY-09); with the indicators agreed the evaluation begins."""
    PLAN.fire(uow, plan, "approve", assign={"way": PlanWay.BUREAU, "opinion": opinion.strip()})
    _passed(uow, plan)


def return_plan(uow: UnitOfWork, plan: EvaluationPlan, opinion: str) -> None:
    """Send a plan back with what to change."""
    if not opinion.strip():
        raise Refused(Refusal(_l("请写明退回理由和修改要求"), rule_id="R-AGENCY-09", field="opinion"))
    PLAN.fire(uow, plan, "send_back", reason=opinion.strip(), assign={"opinion": opinion.strip()})
    _tell(uow, plan)


def follow_indicator_system(uow: UnitOfWork, event: TransitionFired) -> None:
    """When an indicator system is approved, the panel that passed it has passed the plan before it as well."""
    if event.workflow != "indicator_system" or event.name != "approve":
        return
    engagement = engagement_of(uow, event.subject)
    if engagement is None:
        return
    plan = plan_of(uow, engagement)
    if plan is not None and plan.state is PlanState.SUBMITTED and not PLAN.refusals(uow, plan, PLAN["pass"]):
        PLAN.fire(uow, plan, "pass", assign={"way": PlanWay.PANEL}, as_system=True)
        _passed(uow, plan)
    else:
        begin_if_ready(uow, engagement)


def begin_if_ready(uow: UnitOfWork, engagement: Engagement) -> bool:
    """Begin the evaluation once indicators, plan and team allow it; return whether it has begun."""
    if engagement.state is not EngagementState.PREPARING:
        return False
    if ENGAGEMENT.refusals(uow, engagement, ENGAGEMENT["begin"]):
        return False
    ENGAGEMENT.fire(uow, engagement, "begin", as_system=True)
    return True


def _passed(uow: UnitOfWork, plan: EvaluationPlan) -> None:
    uow.session.flush()
    reached(uow, plan.engagement, MilestoneKind.PLAN)
    begin_if_ready(uow, plan.engagement)
    _tell(uow, plan)


def _tell(uow: UnitOfWork, plan: EvaluationPlan) -> None:
    notify(
        uow,
        PLAN_DECIDED,
        user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=plan.engagement.agency_id),
        url=plan_page(plan.engagement_id),
        params={"project": plan.engagement.project.name, "outcome": str(plan.state.label)},
    )


def _ensure_drafted(plan: EvaluationPlan) -> None:
    if plan.state is PlanState.SUBMITTED:
        raise Refused(Refusal(_l("评价方案已提交，要修改请先撤回"), rule_id="R-AGENCY-09"))
    if plan.state is PlanState.APPROVED:
        raise Refused(Refusal(_l("评价方案已通过，不能再修改"), rule_id="R-AGENCY-09"))


TYPED = tuple(one for one in PlanElement if one not in FROM_SYSTEM)
"""Elements that the agency may write about; of the team and the dates it may say more than the house knows."""
EXTRA = tuple(one for one in DERIVED if one not in FROM_SYSTEM)
"""Elements whose words only add to what the house knows."""
