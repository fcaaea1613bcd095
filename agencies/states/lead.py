"""What is chosen of a lead evaluator (R-LEAD-01, art. 7)."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class TitleRank(Titled):
    """How high a professional title ranks."""

    SENIOR = "senior", _l("高级")
    INTERMEDIATE = "intermediate", _l("中级")
    NONE = "none", _l("没有中级以上职称")


class Licence(Titled):
    """Certificates that stand in for a title; the notice's list is open, so another one is looked at by people."""

    ACCOUNTANT = "accountant", _l("注册会计师")
    APPRAISER = "appraiser", _l("资产评估师")
    LAWYER = "lawyer", _l("律师执业证")
    INTERNAL_AUDITOR = "internal-auditor", _l("内部审计师")
    COST_ENGINEER = "cost-engineer", _l("注册造价工程师")
    CONSULTING_ENGINEER = "consulting-engineer", _l("注册咨询工程师")
    OTHER = "other", _l("其他相关证书")


class Degree(Titled):
    """The highest degree."""

    DOCTOR = "doctor", _l("博士")
    MASTER = "master", _l("硕士")
    BACHELOR = "bachelor", _l("本科")
    COLLEGE = "college", _l("大专")
    OTHER = "other", _l("大专以下")


class Offence(Titled):
    """Criminal liability: a negligent offence stops counting some years after the sentence was served (art. 7)."""

    NONE = "none", _l("没有受过刑事处罚")
    NEGLIGENT = "negligent", _l("因过失犯罪受过刑事处罚")
    OTHER = "other", _l("因其他犯罪受过刑事处罚")


class Answer(Titled):
    """How one condition is answered: kept, to be looked at by a person, or not kept."""

    KEPT = "kept", _l("符合")
    DOUBTFUL = "doubtful", _l("需要说明")
    BROKEN = "broken", _l("不符合")
