"""Who sits at a review's meeting, how they signed in, and what became of a comment."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class Capacity(Titled):
    """In what capacity somebody attends beside the drawn experts (R-IND-03, R-IND.observers)."""

    FINANCE = "finance", _l("财政部门代表")
    DEPARTMENT = "department", _l("主管部门代表")
    AGENCY = "agency", _l("机构代表")
    UNIT = "unit", _l("项目单位")
    CONGRESS = "congress", _l("人大")
    CPPCC = "cppcc", _l("政协")
    DISCIPLINE = "discipline", _l("纪检监察")
    AUDIT = "audit", _l("审计")


REPRESENTATIVES = (Capacity.FINANCE, Capacity.DEPARTMENT, Capacity.AGENCY)
"""They belong to the panel by R-IND-03 and sign the minutes; they speak and do not score."""

OBSERVERS = (Capacity.CONGRESS, Capacity.CPPCC, Capacity.DISCIPLINE, Capacity.AUDIT)
"""Named by their body, never drawn, unpaid, without a vote (R-IND-02)."""


class Presence(Titled):
    """How somebody signed in."""

    SELF = "self", _l("本人签到")
    CODE = "code", _l("凭会场码签到")
    SECRETARY = "secretary", _l("工作人员登记")


class Adoption(Titled):
    """What the agency does about a comment."""

    ADOPTED = "adopted", _l("采纳")
    PARTLY = "partly", _l("部分采纳")
    NOT = "not", _l("不采纳")
