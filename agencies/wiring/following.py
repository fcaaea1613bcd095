"""Plans, teams, milestones, work on site and requests: an engagement followed from its plan on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce everything about following engagements."""
    from agencies import sections, tasks
    from agencies.ports import add_engagement_sections
    from agencies.views import fieldwork, milestones, plans, requests, teams
    from core.i18n import _l
    from core.ports import AuditTag, registry

    add_engagement_sections(sections.following_sections)
    registry.tasks(tasks.following_tasks)
    registry.figures(tasks.following_figures)
    registry.owns_documents("evaluation_plan", plans.may_read_document)
    registry.explain(
        AuditTag("evaluation_plan.write", _l("编制评价方案")),
        AuditTag("evaluation_plan.submit", _l("提交评价方案")),
        AuditTag("evaluation_plan.withdraw", _l("撤回评价方案修改")),
        AuditTag("evaluation_plan.approve", _l("评价方案经财政局审核同意")),
        AuditTag("evaluation_plan.pass", _l("评价方案经专家组评议通过")),
        AuditTag("evaluation_plan.send_back", _l("退回评价方案")),
        AuditTag("team_member.join", _l("加入评价工作组")),
        AuditTag("engagement.drop_member", _l("移出评价工作组")),
        AuditTag("engagement.reach", _l("完成一个节点")),
        AuditTag("fieldwork.note", _l("记录现场调查")),
        AuditTag("engagement_request.ask", _l("机构提出申请")),
        AuditTag("engagement_request.agree", _l("同意机构的申请")),
        AuditTag("engagement_request.refuse", _l("不同意机构的申请")),
        AuditTag("engagement_request.withdraw", _l("机构撤回申请")),
    )
    for blueprint in (plans.plans, teams.teams, milestones.milestones, fieldwork.fieldwork, requests.requests):
        app.register_blueprint(blueprint)
