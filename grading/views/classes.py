"""The classes of findings as shown (FINDINGS)."""

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
    "count-sum": _l("数量合计"),
    "missing-section": _l("缺少部分"),
    "malformed-number": _l("数字写法"),
}


def class_title(code: str) -> Text:
    """Return a class's title; a class that nobody named yet shows its code."""
    return CLASSES.get(code, code)
