"""Ties between suppliers and projects, and the codes of bad conduct with what may follow."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class RelationKind(Titled):
    """How two organisations belong together (R-TENDER-16, R-PERF-13)."""

    SAME_HEAD = "same-head", _l("单位负责人为同一人")
    CONTROL = "control", _l("直接控股")
    MANAGEMENT = "management", _l("管理关系")
    INTEREST = "interest", _l("其他直接利益关系")


class ServiceKind(Titled):
    """What an organisation did for a project before (R-TENDER-16, R-AGENCY-21)."""

    DESIGN = "design", _l("整体设计")
    SPECIFICATION = "specification", _l("需求或者规范编制")
    MANAGEMENT = "management", _l("项目管理")
    SUPERVISION = "supervision", _l("监理")
    TESTING = "testing", _l("检测")
    COSTING = "costing", _l("造价")
    TENDER_AGENT = "tender-agent", _l("招标代理")
    AUDIT = "audit", _l("审计")
    OTHER_PRINCIPAL = "other-principal", _l("受其他委托方委托评价或者评审同一项目")


class ConductCode(Titled):
    """What somebody did: the seven forms of collusion (条例 art. 74), those of 财监〔2021〕4号 art. 11, and others."""

    COLLUSION_INFORMED = "collusion-1", _l("从采购人或者代理机构处获得其他供应商情况并修改投标文件")
    COLLUSION_PROMPTED = "collusion-2", _l("按照采购人或者代理机构授意撤换、修改投标文件")
    COLLUSION_AGREED = "collusion-3", _l("供应商之间协商报价、技术方案等实质性内容")
    COLLUSION_GROUP = "collusion-4", _l("属于同一集团、协会、商会的供应商按该组织要求协同参加")
    COLLUSION_WINNER = "collusion-5", _l("供应商之间事先约定由特定供应商中标")
    COLLUSION_YIELDED = "collusion-6", _l("供应商之间商定部分供应商放弃参加或者放弃中标")
    COLLUSION_OTHER = "collusion-7", _l("其他谋求特定供应商中标或者排斥其他供应商的串通行为")
    TRANSFERRED = "agency-1", _l("转包业务")
    SUBCONTRACTED = "agency-2", _l("未经委托方同意分包业务")
    LENT_NAME = "agency-3", _l("出借或者借用名义开展业务")
    FALSE_REPORT = "agency-4", _l("未开展业务或者未履行程序即出具报告，或者报告虚假、重大遗漏")
    UNDERBID = "agency-5", _l("恶意压价竞争")
    UNQUALIFIED = "agency-6", _l("聘用不具备条件的人员开展业务")
    AGENCY_OTHER = "agency-7", _l("其他违反业务规范的行为")
    UNFOUNDED = "unfounded", _l("十二个月内多次投诉查无实据")
    FALSE_MATERIAL = "false-material", _l("提供虚假材料谋取中标")

    @property
    def rule_id(self) -> str:
        """The rule that names it."""
        family = self.value.partition("-")[0]
        return {"agency": "R-AGENCY-05", "unfounded": "R-REMEDY-04"}.get(family, "R-COLL-03")


class Sanction(Titled):
    """What follows (R-AGENCY-16, R-COLL-03)."""

    CORRECTION = "correction", _l("责令改正")
    ADMONITION = "admonition", _l("约谈诫勉")
    REGULATOR = "regulator", _l("通报行业主管部门")
    CREDIT = "credit", _l("记入不良诚信档案")
    WARNING = "warning", _l("警告")
    FINE = "fine", _l("罚款")
    BAN = "ban", _l("禁止参加政府采购活动")
    BAD_RECORD = "bad-record", _l("列入不良行为记录名单")
