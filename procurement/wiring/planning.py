"""What plans and the preparation of purchases announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from core.unit_of_work import UnitOfWork
    from procurement.models import Tender
    from procurement.tender_page import Part


def register_planning(app: Flask) -> None:
    """Add the pages, tasks, timeline tags and navigation of what precedes a tender."""
    from core.events import subscribe
    from core.i18n import _l
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from core.workflow import TransitionFired
    from procurement.permissions import ApprovalPermission, PlanPermission
    from procurement.plan_news import tell_of_plan
    from procurement.queries.preparation import may_read_paper
    from procurement.tasks.planning import plan_tasks, review_tasks
    from procurement.tender_page import add_tender_parts
    from procurement.views import approvals, dates, intentions, lots, plans, preparation, requirements

    subscribe(TransitionFired, tell_of_plan)
    add_tender_parts(preparation_part)
    registry.owns_documents("requirement_survey", may_read_paper)
    registry.owns_documents("requirement_review", may_read_paper)
    registry.tasks(plan_tasks)
    registry.tasks(review_tasks)
    registry.open_to_all(
        PublicPage("intentions.index", _l("采购意向公开"), _l("预计要采购的评价服务；正式采购以公告为准。"), order=5),
    )
    registry.navigate(
        NavigationEntry(
            "plans.index",
            _l("采购计划"),
            "calendar-stats",
            PlanPermission.BROWSE,
            order=20,
            roles=frozenset({Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.PROCUREMENT_SUPERVISOR}),
        ),
        NavigationEntry(
            "approvals.index",
            _l("审批权限"),
            "user-check",
            ApprovalPermission.READ,
            order=92,
            roles=frozenset({Role.ADMINISTRATOR, Role.PROCUREMENT_APPROVER}),
        ),
    )
    registry.explain(
        AuditTag("procurement_plan.open", _l("建立采购计划")),
        AuditTag("procurement_plan.submit", _l("提交采购计划审批")),
        AuditTag("procurement_plan.send_back", _l("退回采购计划")),
        AuditTag("procurement_plan.approve", _l("批准采购计划")),
        AuditTag("procurement_plan.adjust", _l("调整采购计划")),
        AuditTag("plan_item.add", _l("添加计划项目")),
        AuditTag("plan_item.change", _l("更改计划项目")),
        AuditTag("plan_item.remove", _l("删除计划项目")),
        AuditTag("plan_item.buy", _l("从计划发起采购")),
        AuditTag("tender.set_lots", _l("修改分包")),
        AuditTag("approval.set_level", _l("设定审批级别")),
        AuditTag("approval.name_substitute", _l("登记代理人")),
        AuditTag("approval.end_substitution", _l("代理结束")),
        AuditTag("tender.prepare", _l("填写采购方式和条款")),
        AuditTag("intention.publish", _l("公开采购意向")),
        AuditTag("requirement.survey", _l("记录需求调查")),
        AuditTag("requirement.review", _l("审查采购需求")),
        AuditTag("requirement.name_author", _l("列出参与编制需求的人员")),
    )
    for blueprint in (
        plans.plans,
        preparation.preparation,
        requirements.requirements,
        intentions.intentions,
        approvals.approvals,
        lots.lots,
        dates.dates,
    ):
        app.register_blueprint(blueprint)


def preparation_part(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield the line of a tender's page that leads to its preparation, with what is still missing."""
    from flask import url_for

    from core.i18n import _l
    from core.permissions import policy
    from procurement.permissions import PreparationPermission
    from procurement.queries.preparation import requirement_of
    from procurement.tender_page import Part

    if not policy.allows(uow.actor, PreparationPermission.READ, requirement_of(uow, tender)):
        return
    yield Part(
        title=_l("采购准备"),
        note=_l("采购方式、意向、需求调查和审查"),
        url=url_for("preparation.show", tender_id=tender.id),
        order=5,
    )
