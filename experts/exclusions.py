"""Why an expert is not drawn for a review, in words that stand in records and on pages alike."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class Exclusion(Titled):
    """The reason kept in the snapshot of a draw; stable codes, worded when shown (R-COMM-06, R-EXP)."""

    EMPLOYMENT = "employment", _l("与有关单位有劳动关系或任职")
    DIRECTORSHIP = "directorship", _l("担任有关单位董事、监事或者顾问")
    SHAREHOLDING = "shareholding", _l("持有机构股份或控制机构")
    KINSHIP = "kinship", _l("与有关单位负责人有亲属关系")
    PAST_WORK = "past-work", _l("三年内与有关单位有业务合作")
    COACHING = "coaching", _l("指导过该机构或该指标体系")
    REQUIREMENT = "requirement", _l("参与过有关需求或者指标的编制、论证")
    OTHER = "other", _l("申报了其他可能影响公正的关系")
    SUPERVISION = "supervision", _l("采购监管人员不得担任评审专家")
    TERM = "term", _l("聘期已满或尚未开始")
    AGE = "age", _l("超过年龄上限")
    LOAD = "load", _l("本年度评审次数已达上限")
    REPEAT = "repeat", _l("本年度与该机构相关的评审已达上限")
    COOLDOWN = "cooldown", _l("与该项目单位的评审间隔未满")
    PREPARED = "prepared", _l("参加过本项目采购需求的编制、审查或者论证")
    CONDITIONS = "conditions", _l("不符合评审专家的职称、年龄或者诚信条件")
    KEYHOLDER = "keyholder", _l("持有本项目开标密钥")
    SEATED = "seated", _l("已在评标委员会名单中，或者已经受邀")
    INDICATORS = "indicators", _l("评审过本项目的指标体系")

    @property
    def rule_id(self) -> str:
        """The rule that asks for it."""
        return RULES.get(self, "R-COMM-06")


RULES = {
    Exclusion.TERM: "R-EXP.term",
    Exclusion.AGE: "R-EXP.age",
    Exclusion.LOAD: "R-EXP.load",
    Exclusion.REPEAT: "R-EXP.repeat",
    Exclusion.COOLDOWN: "R-EXP.cooldown",
    Exclusion.PREPARED: "R-COMM-07",
    Exclusion.CONDITIONS: "R-COMM-14",
    Exclusion.KEYHOLDER: "R-OPEN-01",
    Exclusion.SEATED: "R-COMM-01",
    Exclusion.INDICATORS: "R-GRADE.panel",
}
