"""Classifications of agencies and their grades."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class AgencyKind(Titled):
    """Kinds of third-party agencies (R-AGENCY-01)."""

    CONSULTING = "consulting", _l("专业咨询机构")
    ACCOUNTING = "accounting", _l("会计师事务所")
    APPRAISAL = "appraisal", _l("资产评估机构")
    LAW = "law", _l("律师事务所")
    RESEARCH = "research", _l("科研院所")
    UNIVERSITY = "university", _l("高等院校")


class Grade(Titled):
    """The grade of an agency (R-GRADE.bands); `UNGRADED` when the sample is too small (R-GRADE.min)."""

    A = "A", _l("A 级")
    B = "B", _l("B 级")
    C = "C", _l("C 级")
    D = "D", _l("D 级")
    UNGRADED = "-", _l("不参评")
