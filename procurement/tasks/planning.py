"""What officers and approvers have to do about plans."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.drafting.requirement import needs_survey, records_of
from procurement.models import Plan, Tender
from procurement.permissions import PlanPermission, PreparationPermission
from procurement.permissions.agents import OWN_SIDE
from procurement.planning.authority import authority
from procurement.queries.preparation import requirement_of
from procurement.states import PlanState, ReviewKind, TenderState


def plan_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield plans to finish and plans to approve."""
    if uow.actor.user_id is None or not uow.actor.has(*OWN_SIDE):
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


def review_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield the requirements whose reviews are missing, to those who may review them (R-TENDER-19)."""
    if not uow.actor.has(Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER):
        return
    for tender in uow.session.scalars(
        select(Tender).where(Tender.state == TenderState.DRAFT).order_by(Tender.created_at)
    ):
        if not needs_survey(uow, tender) or not policy.allows(
            uow.actor, PreparationPermission.REVIEW, requirement_of(uow, tender)
        ):
            continue
        records = records_of(uow, tender)
        for kind in ReviewKind:
            review = records.reviews.get(kind)
            if review is None or (review.passed and not records.is_current(review)):
                page = url_for("preparation.show", tender_id=tender.id)
                yield Task(_l("审查采购需求：%(kind)s", kind=kind.label), tender.title, page, rule_id="R-TENDER-19")
