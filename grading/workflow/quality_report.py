"""The state machine of the yearly report on quality."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from grading.models import QualityReport
from grading.permissions import QualityReportPermission
from grading.states import QualityReportState

QUALITY_REPORT: Workflow[QualityReport] = Workflow(
    noun="quality_report",
    title=_l("年度评价质量报告"),
    initial=QualityReportState.PREPARING,
    transitions=(
        Transition(
            "prepare",
            frozenset({QualityReportState.PREPARING}),
            QualityReportState.DRAFT,
            QualityReportPermission.PREPARE,
            _l("完成排印"),
            is_manual=False,
        ),
        Transition(
            "release",
            frozenset({QualityReportState.DRAFT}),
            QualityReportState.RELEASED,
            QualityReportPermission.RELEASE,
            _l("发布报告"),
            stamp="released_at",
            is_manual=False,
        ),
        Transition(
            "drop",
            frozenset({QualityReportState.PREPARING, QualityReportState.DRAFT}),
            QualityReportState.DROPPED,
            QualityReportPermission.WRITE,
            _l("作废，重新生成"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({QualityReportState.RELEASED}),
            QualityReportState.DROPPED,
            QualityReportPermission.WITHDRAW,
            _l("撤回报告"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
