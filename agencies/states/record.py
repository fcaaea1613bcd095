"""The parts of an agency's record and what is chosen in them (R-AGENCY-03, R-AGENCY-04)."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class RecordPart(Titled):
    """The eight kinds of facts an agency records (R-AGENCY-03, art. 8), and its teams, in the order of their tabs."""

    BASICS = "basics", _l("基本情况")
    LEADS = "leads", _l("主评人")
    EXPERTS = "experts", _l("合作专家")
    BRANCHES = "branches", _l("分支机构")
    PROJECTS = "projects", _l("主要项目")
    CREDIT = "credit", _l("信用情况")
    SYSTEMS = "systems", _l("内部制度")
    OTHER = "other", _l("其他情况")
    TEAMS = "teams", _l("评价团队")


class SystemKind(Titled):
    """The internal rules an agency must have to be chosen (R-AGENCY-04, art. 9)."""

    GOVERNANCE = "governance", _l("法人治理结构")
    QUALITY = "quality", _l("质量控制制度")
    FINANCE = "finance", _l("财务会计制度")
    ASSETS = "assets", _l("资产管理制度")
    CONFIDENTIALITY = "confidentiality", _l("保密管理制度")
    TRAINING = "training", _l("业务培训制度")
    FURTHER = "further", _l("其他制度")


class BadRecordKind(Titled):
    """What an agency declares of itself: it bars entry, or it asks for a word (R-AGENCY-03, R-AGENCY-04)."""

    VIOLATION = "violation", _l("重大违法记录")
    PROHIBITED = "prohibited", _l("执业禁止行为被查处")
    DISHONESTY = "dishonesty", _l("不良信用记录")
    PENALTY = "penalty", _l("其他行政处罚")


class PremisesKind(Titled):
    """By what right an agency uses its office."""

    OWNED = "owned", _l("自有")
    RENTED = "rented", _l("租赁")
    LENT = "lent", _l("上级单位提供")


class WorkRole(Titled):
    """What the agency did in a project of its record."""

    LEADING = "leading", _l("独立承担")
    JOINT = "joint", _l("联合承担")
    PART = "part", _l("承担部分工作")
