"""States and elements of evaluation plans."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class PlanElement(Titled):
    """The twelve elements of an evaluation plan (R-AGENCY-08), in the order of the rule."""

    STAFF = "staff", _l("人员配置")
    SCHEDULE = "schedule", _l("时间安排")
    PURPOSE = "purpose", _l("评价目的")
    CONTENT = "content", _l("评价内容")
    BASIS = "basis", _l("评价依据")
    METHODS = "methods", _l("评价方法")
    INDICATORS = "indicators", _l("指标体系")
    STANDARDS = "standards", _l("评价标准")
    SAMPLE = "sample", _l("样本确定")
    QUESTIONNAIRE = "questionnaire", _l("调查问卷")
    MATERIAL = "material", _l("资料清单")
    DISCIPLINE = "discipline", _l("工作纪律")


class PlanState(State):
    """Where an evaluation plan stands; data are collected only under an approved one (R-AGENCY-09)."""

    DRAFT = "draft", _l("编制中"), "active"
    SUBMITTED = "submitted", _l("已提交，待评议或审核"), "waiting"
    APPROVED = "approved", _l("已通过"), "good"
    RETURNED = "returned", _l("已退回修改"), "bad"


class PlanWay(Titled):
    """Who passed a plan: the panel that reviewed the indicators, or the principal where none did (R-AGENCY-09)."""

    PANEL = "panel", _l("随指标评审经专家组评议")
    BUREAU = "bureau", _l("财政局审核同意")
