"""Who may judge bids on a committee (R-COMM-14): title and years, age, and a clean record; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.i18n import Text, _l
from experts.states import TitleLevel

RULE = "R-COMM-14"
BELOW = ("助理研究员", "实习研究员", "助教", "助理", "技术员", "初级")
SENIOR = ("正高", "副高", "高级", "教授", "研究员", "主任医师", "编审", "一级律师", "二级律师", "研究馆员")
INTERMEDIATE = (
    "中级",
    "助理研究员",
    "讲师",
    "工程师",
    "会计师",
    "经济师",
    "审计师",
    "统计师",
    "评估师",
    "造价师",
    "律师",
    "编辑",
    "馆员",
    "主治医师",
)


@dataclass(frozen=True)
class Conditions:
    """The rule's numbers.

    Years in the field beside an intermediate title, the age at which one is too old, the years for which a breach of
    discipline keeps somebody off committees.
    """

    field_years: int
    age_max: int
    look_back_years: int


@dataclass(frozen=True)
class Standing:
    """What is known of somebody: title, years of birth and of entering the field, days of breaches of discipline."""

    title: str
    birth_year: int
    field_since: int | None
    breaches: Sequence[date] = ()


def title_level(title: str) -> TitleLevel:
    """Return how high a title ranks, by the words titles are made of: 副教授 is senior, 助理研究员 intermediate."""
    words = title.strip()
    is_below = words.startswith(BELOW)
    if not is_below and any(word in words for word in SENIOR):
        return TitleLevel.SENIOR
    if words.startswith("助理研究员") or (not is_below and any(word in words for word in INTERMEDIATE)):
        return TitleLevel.INTERMEDIATE
    return TitleLevel.OTHER


def shortcoming(one: Standing, conditions: Conditions, today: date) -> Text | None:
    """Return why somebody may not judge bids (R-COMM-14), or None: the first of age, record and title."""
    if today.year - one.birth_year >= conditions.age_max:
        return _l("已满%(age)s周岁", age=conditions.age_max)
    since = date(today.year - conditions.look_back_years, today.month, min(today.day, 28))
    if any(day > since for day in one.breaches):
        return _l("前%(years)s年内有违反评审纪律的记录", years=conditions.look_back_years)
    return _short_of_title(one, conditions, today)


def _short_of_title(one: Standing, conditions: Conditions, today: date) -> Text | None:
    level = title_level(one.title)
    if level is TitleLevel.SENIOR:
        return None
    if level is TitleLevel.OTHER:
        return _l("没有中级以上专业技术职称")
    if one.field_since is None:
        return _l("中级职称须从事相关领域工作满%(years)s年，档案中没有起始年份", years=conditions.field_years)
    if today.year - one.field_since < conditions.field_years:
        return _l("中级职称从事相关领域工作不满%(years)s年", years=conditions.field_years)
    return None
