"""Who writes the yearly report on quality, who releases it, and who reads it."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, PolicyMap, anyone, predicate, role, system
from grading.models import QualityReport
from grading.permissions.report import bureau, quality, watchers
from grading.states import QualityReportState


class QualityReportPermission(Permission):
    """What one may do with the yearly report on quality."""

    BROWSE = "quality-report:browse", _l("查看年度评价质量报告目录")
    READ = "quality-report:read", _l("查看年度评价质量报告")
    WRITE = "quality-report:write", _l("生成年度评价质量报告")
    PREPARE = "quality-report:prepare", _l("计算并排印年度评价质量报告")
    RELEASE = "quality-report:release", _l("发布年度评价质量报告")
    WITHDRAW = "quality-report:withdraw", _l("撤回已发布的年度评价质量报告")


@predicate(_l("报告已发布"))
def is_released(_actor: Actor, report: QualityReport) -> bool:
    """The report was released."""
    return report.state is QualityReportState.RELEASED


@predicate(_l("生成与发布须由不同的人办理"))
def not_its_maker(actor: Actor, report: QualityReport) -> bool:
    """Release is by somebody else than who had it written (four eyes)."""
    return report.made_by_id != actor.user_id


approver = role(Role.PROCUREMENT_APPROVER)

QUALITY_REPORT_POLICY: PolicyMap = {
    QualityReportPermission.BROWSE: ((anyone,),),
    QualityReportPermission.READ: ((is_released,), (bureau,), (watchers,)),
    QualityReportPermission.WRITE: ((quality,),),
    QualityReportPermission.PREPARE: ((system,),),
    QualityReportPermission.RELEASE: ((approver, not_its_maker),),
    QualityReportPermission.WITHDRAW: ((approver,),),
}
