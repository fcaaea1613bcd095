"""News about procurement plans and substitutes: to approvers whose level covers it, to who drew the plan up."""

from __future__ import annotations

from sqlalchemy import select

from core.i18n import _l
from core.identity.models import Membership
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from procurement.models import ApprovalSubstitute, Plan
from procurement.planning.authority import authority

PLAN_SUBMITTED = NotificationKind(
    "plan.submitted",
    _l("待审批：%(year)s 年采购计划"),
    _l("%(purchaser)s %(year)s 年采购计划已提交审批，请核对后批准或退回修改。"),
)
PLAN_SENT_BACK = NotificationKind(
    "plan.sent-back",
    _l("退回修改：%(year)s 年采购计划"),
    _l("%(purchaser)s %(year)s 年采购计划被退回：%(reason)s"),
)
PLAN_APPROVED = NotificationKind(
    "plan.approved",
    _l("已批准：%(year)s 年采购计划"),
    _l("%(purchaser)s %(year)s 年采购计划已批准，可以公开采购意向、发起采购。"),
)
SUBSTITUTE_NAMED = NotificationKind(
    "approval.substitute-named",
    _l("您将代理采购审批"),
    _l("%(first)s 至 %(last)s，由您代理 %(absent)s 的采购审批权限。"),
)


def tell_of_plan(uow: UnitOfWork, event: TransitionFired) -> None:
    """Tell who has the next step when a plan is submitted, sent back or approved."""
    if event.workflow != "procurement_plan":
        return
    plan: Plan = event.subject
    words = {"year": str(plan.year), "purchaser": plan.purchaser.name, "reason": event.reason or ""}
    url = f"/plans/{plan.id}"
    makers = {one for one in (plan.drafted_by_id, plan.submitted_by_id) if one is not None}
    if event.name == "submit":
        largest, levels = max(one.amount for one in plan.items), authority(uow)
        approvers = uow.session.scalars(
            select(Membership.user_id).where(
                Membership.role == Role.PROCUREMENT_APPROVER, Membership.ended_at.is_(None)
            )
        )
        asked = [one for one in approvers if one not in makers and levels.covers(one, largest)]
        notify(uow, PLAN_SUBMITTED, asked, url=url, params=words)
    elif event.name == "send_back":
        notify(uow, PLAN_SENT_BACK, makers, url=url, params=words)
    elif event.name == "approve":
        notify(uow, PLAN_APPROVED, makers, url=url, params=words)


def tell_substitute(uow: UnitOfWork, row: ApprovalSubstitute, absent: str) -> None:
    """Tell somebody that they stand in for an absent approver, and on which days."""
    words = {"first": row.first_on.isoformat(), "last": row.last_on.isoformat(), "absent": absent}
    notify(uow, SUBSTITUTE_NAMED, [row.substitute_id], url="/approvals", params=words)
