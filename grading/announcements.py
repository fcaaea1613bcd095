"""What the room announces to the house: navigation entries and how its audit tags read."""

from __future__ import annotations

from typing import Any

from agencies.models import Engagement
from agencies.permissions import of_its_agency
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import policy
from core.ports import AuditTag, NavigationEntry
from grading.models import Submission
from grading.permissions import GradePermission, SubmissionPermission
from grading.queries import BUREAU


def navigation() -> list[NavigationEntry]:
    """Return the entries of the left-hand navigation."""
    readers = frozenset({Role.QUALITY_OFFICER, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, Role.UNIT_OFFICER})
    graders = frozenset({Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR})
    return [
        NavigationEntry(
            "submissions.index",
            _l("报告核查"),
            "file-search",
            SubmissionPermission.BROWSE,
            order=34,
            roles=readers,
        ),
        NavigationEntry("cycles.index", _l("机构评级"), "award", GradePermission.BROWSE, order=50, roles=graders),
    ]


def sees_findings(actor: Actor, subject: Any) -> bool:
    """What became of findings is for the bureau and the agency; others' timelines leave it out."""
    if isinstance(subject, Engagement):
        return actor.has(*BUREAU) or of_its_agency.holds(actor, subject)
    return not isinstance(subject, Submission) or policy.allows(actor, SubmissionPermission.READ_FINDINGS, subject)


def audit_tags() -> list[AuditTag]:
    """Return how the room's audit tags read on timelines."""
    return [
        AuditTag("submission.deliver", _l("提交评价报告")),
        AuditTag("submission.check", _l("自动核查完成"), sees_findings),
        AuditTag("submission.fail", _l("报告无法读取")),
        AuditTag("submission.retry", _l("重新读取报告")),
        AuditTag("submission.dispose", _l("疑点处置完成"), sees_findings),
        AuditTag("submission.reopen", _l("重新处置疑点"), sees_findings),
        AuditTag("submission.supersede", _l("由新版本取代")),
        AuditTag("submission.rate", _l("锁定评分表")),
        AuditTag("submission.score", _l("确认任务得分")),
        AuditTag("question_letter.send", _l("发出询问函"), sees_findings),
        AuditTag("question_letter.answer", _l("机构答复询问函"), sees_findings),
        AuditTag("question_letter.correct", _l("机构提交修改版"), sees_findings),
        AuditTag("submission.recheck", _l("重新核查"), sees_findings),
        AuditTag("check_batch.make", _l("批量核查")),
        AuditTag("triage_version.ask", _l("要求重新训练核查模型")),
        AuditTag("triage_version.train", _l("重新训练核查模型")),
        AuditTag("triage_version.use", _l("启用核查模型的一个版本")),
        AuditTag("report_finding.withdraw", _l("复查未再发现")),
        AuditTag("report_finding.uphold", _l("疑点成立")),
        AuditTag("report_finding.dismiss", _l("疑点不成立")),
        AuditTag("grading_cycle.compute", _l("测算年度评级")),
        AuditTag("grade_appeal.file", _l("机构提出评级申诉")),
        AuditTag("grade_appeal.uphold", _l("评级申诉成立")),
        AuditTag("grade_appeal.reject", _l("评级申诉不成立")),
        AuditTag("grading_cycle.drop", _l("作废年度评级测算")),
        AuditTag("grading_cycle.publish", _l("公布年度评级")),
    ]
