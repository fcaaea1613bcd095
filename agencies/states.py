"""States and classifications of agencies and engagements."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class AgencyKind(Titled):
    """Kinds of third-party agencies (R-AGENCY-01)."""

    CONSULTING = "consulting", _l("专业咨询机构")
    ACCOUNTING = "accounting", _l("会计师事务所")
    APPRAISAL = "appraisal", _l("资产评估机构")
    LAW = "law", _l("律师事务所")
    RESEARCH = "research", _l("科研院所")
    UNIVERSITY = "university", _l("高等院校")


class EngagementState(State):
    """Where an engagement stands; nothing is evaluated before the indicators are approved (R-IND-01)."""

    PREPARING = "preparing", _l("编制指标体系"), "active"
    EVALUATING = "evaluating", _l("开展评价"), "active"
    DELIVERED = "delivered", _l("报告已提交"), "waiting"
    CLOSED = "closed", _l("已办结"), "good"
    TERMINATED = "terminated", _l("委托已终止"), "bad"


class Grade(Titled):
    """The grade of an agency (R-GRADE.bands); `UNGRADED` when the sample is too small (R-GRADE.min)."""

    A = "A", _l("A 级")
    B = "B", _l("B 级")
    C = "C", _l("C 级")
    D = "D", _l("D 级")
    UNGRADED = "-", _l("不参评")
