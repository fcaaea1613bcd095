"""What officers and approvers have to do about plans."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.i18n import _l
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Plan
from procurement.permissions import PURCHASER_SIDE, PlanPermission
from procurement.planning.authority import authority
from procurement.states import PlanState


def plan_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield plans to finish and plans to approve."""
    if uow.actor.user_id is None or not uow.actor.has(*PURCHASER_SIDE):
        return
    open_ones = uow.session.scalars(
        select(Plan).where(Plan.state != PlanState.APPROVED).options(selectinload(Plan.items)).order_by(Plan.year)
    ).all()
    levels = authority(uow) if open_ones else None
    for plan in open_ones:
        page, title = url_for("plans.show", plan_id=plan.id), f"{plan.year} · {plan.purchaser.name}"
        if plan.state is PlanState.DRAFT:
            if plan.drafted_by_id == uow.actor.user_id:
                yield Task(_l("完成采购计划并提交审批"), title, page)
        elif policy.allows(uow.actor, PlanPermission.APPROVE, plan):
            largest = max(one.amount for one in plan.items)
            if levels is not None and levels.covers(uow.actor.user_id, largest):
                yield Task(_l("审批采购计划"), title, page, rule_id="R-SEC-02")
        elif uow.actor.user_id in (plan.drafted_by_id, plan.submitted_by_id):
            yield Task(_l("等待审批采购计划"), title, page, group="waiting")
