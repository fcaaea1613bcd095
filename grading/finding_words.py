"""The classes of findings as shown (FINDINGS): their titles and what is compared."""

from __future__ import annotations

from core.i18n import Text, _l

CLASSES: dict[str, Text] = {
    "score-sum": _l("得分合计"),
    "score-over-weight": _l("得分超过权重"),
    "weight-sum": _l("权重合计"),
    "score-rate": _l("得分率"),
    "grade-band": _l("评级与得分"),
    "grade-missing": _l("缺少评级"),
    "wrong-category": _l("指标类别与数字不符"),
    "execution-rate": _l("预算执行率"),
    "money-sum": _l("金额合计"),
    "fact-conflict": _l("同一数据前后不一"),
    "paid-used": _l("拨付与使用不一"),
    "percent-of": _l("占比与金额不符"),
    "growth-rate": _l("增长率"),
    "unit": _l("计量单位"),
    "malformed-number": _l("数字写法"),
    "period": _l("期间"),
    "entity-name": _l("名称不是本项目"),
    "document-kind": _l("文件种类"),
    "target-score": _l("完成情况与得分"),
    "score-monotone": _l("完成得多反而得分少"),
    "actual-copies-target": _l("实际值照抄目标值"),
    "problem-score": _l("问题与扣分"),
    "vague-problem": _l("问题空泛"),
    "survey": _l("问卷数据"),
    "count-sum": _l("数量合计"),
    "recycled-text": _l("套用其他报告"),
    "repeated-text": _l("段落重复"),
    "missing-section": _l("缺少部分"),
    "indicator-mismatch": _l("与审定指标不符"),
    "independence": _l("独立性"),
}

COMPARED: dict[str, Text] = {
    "score-sum": _l("下级指标得分之和应等于上级得分和总得分"),
    "score-over-weight": _l("得分不能超过权重，也不能小于零"),
    "weight-sum": _l("各指标权重之和应等于上级权重和 100"),
    "score-rate": _l("得分 ÷ 权重应等于所写得分率"),
    "grade-band": _l("等级应是得分所在区间的等级"),
    "execution-rate": _l("支出 ÷ 预算应等于所写执行率，预算口径以报告所写为准"),
    "money-sum": _l("其中各项之和应等于总数"),
    "fact-conflict": _l("同一对象、同一指标、同一期间只应有一个数"),
    "paid-used": _l("拨付与使用不一致时应说明结转"),
    "percent-of": _l("基数 × 百分比应等于所写金额"),
    "growth-rate": _l("（本期 − 上期）÷ 上期应等于所写增长率"),
    "survey": _l("发放、回收、有效应依次不增，比率和满意度应能由份数算出"),
    "count-sum": _l("各项数量之和应等于总数"),
}


def class_title(code: str) -> Text:
    """Return a class's title; a class that nobody named yet shows its code."""
    return CLASSES.get(code, code)


def compared(code: str) -> Text:
    """Return what a class of arithmetic compares, "" for the others."""
    return COMPARED.get(code, "")
