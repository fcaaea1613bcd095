"""What the parts of a fit are called, on pages and in workbooks."""

from __future__ import annotations

from collections.abc import Mapping

from core.i18n import Text, _l

PART_TITLES: Mapping[str, tuple[str, str]] = {
    "industry": ("行业", "Industry"),
    "words": ("专长用词", "Speciality"),
    "past": ("同行业经历", "Past reviews"),
    "ratings": ("履职评分", "Ratings"),
    "load": ("本年负担", "Load"),
    "balance": ("历年均衡", "Balance"),
}
"""Chinese and English, for workbooks."""

PART_WORDS: Mapping[str, Text] = {
    "industry": _l("行业"),
    "words": _l("专长用词"),
    "past": _l("同行业经历"),
    "ratings": _l("履职评分"),
    "load": _l("本年负担"),
    "balance": _l("历年均衡"),
}
"""The same for pages."""

HOW: Mapping[str, Text] = {
    "industry": _l("项目所属行业在其熟悉的行业之内，得满分"),
    "words": _l("专长与项目名称、目标、内容的共同用词"),
    "past": _l("提交过评审表的同行业评审：1 项得一半，2 项得四分之三"),
    "ratings": _l("历次履职评分的平均，次数少的向通常水平靠拢"),
    "load": _l("本年已承担的评审越少越高"),
    "balance": _l("三年内承担的不多于平均的得满分"),
}
"""How each part comes about."""
