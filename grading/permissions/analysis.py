"""Who may read the analysis of quality."""

from __future__ import annotations

from core.i18n import _l
from core.permissions import Permission, PolicyMap
from grading.permissions.report import bureau, watchers


class AnalysisPermission(Permission):
    """What one may read of the analysis."""

    READ = "quality-analysis:read", _l("查看质量分析")
    READ_INSIDE = "quality-analysis:read-inside", _l("查看各机构的疑点和逾期")


ANALYSIS_POLICY: PolicyMap = {
    AnalysisPermission.READ: ((bureau,), (watchers,)),
    AnalysisPermission.READ_INSIDE: ((bureau,),),
}
