"""Conduct, standing and coaching: their pages, tasks, documents and words on timelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce everything about what agencies do wrong, how they stand, and who is coached."""
    from agencies import tasks
    from agencies.permissions import ConductPermission
    from agencies.views import coaching, conduct, measures, standing
    from core.i18n import _l
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, registry

    registry.tasks(tasks.conduct_tasks)
    registry.owns_documents("conduct_case", conduct.may_read_document)
    registry.owns_documents("conduct_measure", measures.may_read_document)
    registry.owns_documents("outside_sanction", standing.may_read_proof)
    registry.navigate(
        NavigationEntry(
            "agency_conduct.index",
            _l("机构监管"),
            "shield-search",
            ConductPermission.BROWSE,
            order=42,
            roles=frozenset({Role.QUALITY_OFFICER}),
        )
    )
    registry.explain(
        AuditTag("conduct_case.open", _l("告知违规事项"), conduct.sees_hearing),
        AuditTag("conduct_case.state", _l("机构陈述申辩"), conduct.sees_hearing),
        AuditTag("conduct_case.record", _l("认定并记入诚信档案")),
        AuditTag("conduct_case.dismiss", _l("不予认定"), conduct.sees_hearing),
        AuditTag("conduct_case.amend", _l("更正诚信记录")),
        AuditTag("conduct_case.withdraw", _l("撤销诚信记录")),
        AuditTag("conduct_measure.propose", _l("提出处理措施"), conduct.sees_desk),
        AuditTag("conduct_measure.issue", _l("签发处理措施")),
        AuditTag("conduct_measure.cancel", _l("撤回处理措施"), conduct.sees_desk),
        AuditTag("conduct_measure.report", _l("报告整改情况")),
        AuditTag("conduct_measure.send_back", _l("退回继续整改")),
        AuditTag("conduct_measure.fulfil", _l("处理措施已落实")),
        AuditTag("outside_sanction.take_over", _l("登记外部处罚"), conduct.sees_desk),
        AuditTag("outside_sanction.confirm", _l("核对外部处罚")),
        AuditTag("outside_sanction.reject", _l("不采用外部处罚"), conduct.sees_desk),
        AuditTag("outside_sanction.withdraw", _l("撤销外部处罚")),
        AuditTag("standing_decision.propose", _l("提出在库状态的决定"), conduct.sees_desk),
        AuditTag("standing_decision.ask", _l("机构申请退出或者恢复")),
        AuditTag("standing_decision.support", _l("审核机构的申请")),
        AuditTag("standing_decision.decide", _l("确认在库状态的决定")),
        AuditTag("standing_decision.refuse", _l("未同意")),
        AuditTag("standing_decision.revoke", _l("撤销在库状态的决定")),
        AuditTag("coaching.begin", _l("安排辅导")),
        AuditTag("coaching.session", _l("记录辅导")),
        AuditTag("coaching.close", _l("结束辅导")),
    )
    for blueprint in (conduct.conduct, measures.measures, standing.standings, coaching.coaching):
        app.register_blueprint(blueprint)
