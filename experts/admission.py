"""Whether somebody may enter the pool (R-EXP.age, R-EXP-02, R-EXP-04, R-EXP-08, R-COMM-14); pure.

What the bureau's own rules ask for bars; what other places ask for (R-EXP-02, R-EXP-04, R-EXP-08) is shown to whoever
decides, who may admit in spite of it and says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.i18n import Text, _l
from experts.qualification import title_level
from experts.states import Category, Education, ExitKind, TitleLevel

DECLARATIONS: tuple[tuple[str, Text, str], ...] = (
    ("no_offence", _l("没有受过刑事处罚，没有被开除公职"), "R-EXP-02"),
    ("no_dishonesty", _l("没有被列入失信被执行人，前三年没有不良信用记录"), "R-COMM-14"),
    ("no_agent", _l("不是采购代理机构的工作人员或者股东"), "R-EXP-02"),
    ("independent", _l("能够独立、公正地评审，身体健康"), "R-COMM-14"),
    ("reports_changes", _l("工作单位等信息变化时及时申报，遇有利害关系主动回避"), "R-EXP-01"),
    ("is_true", _l("所填内容和所附材料真实；虚假的不得再次申请"), "R-EXP-02"),
)
"""What a candidate declares: key, words, rule."""

REPRESENTATIVES = frozenset({Category.CONGRESS, Category.CPPCC, Category.DISCIPLINE, Category.AUDIT})
"""Capacities in which one represents a body: no professional title is asked for."""

NEVER_AGAIN = frozenset({ExitKind.FALSE_MATERIAL, ExitKind.OFFENCE})
AFTER_A_WHILE = frozenset({ExitKind.SCORE, ExitKind.REFUSAL})


@dataclass(frozen=True)
class Limits:
    """The rules' numbers: ages, years in the field, most specialities, years looked back and until one may return."""

    in_post_max: int
    age_max: int
    entry_age: int
    field_years: int
    model_years: int
    specialities_max: int
    look_back_years: int
    reentry_years: int


@dataclass(frozen=True)
class Candidate:
    """What is known of somebody who would enter: `left` is how and when they left the pool before."""

    title: str
    birth_year: int
    is_retired: bool
    field_since: int | None
    education: Education | None
    categories: Sequence[Category]
    specialities: int
    declared: frozenset[str] = frozenset()
    breaches: Sequence[date] = ()
    left: tuple[ExitKind, date] | None = None


@dataclass(frozen=True)
class Finding:
    """What speaks against admission: it bars, or it only asks for a reason. `field` is the field it concerns."""

    rule_id: str
    reason: Text
    field: str
    bars: bool


def findings(one: Candidate, limits: Limits, today: date) -> list[Finding]:
    """Return everything that speaks against admitting somebody; empty: nothing does."""
    found = [*_by_age(one, limits, today), *_by_record(one, limits, today)]
    if not REPRESENTATIVES.issuperset(one.categories):
        found += _by_title(one, limits, today)
    if one.specialities > limits.specialities_max:
        found.append(
            Finding("R-EXP-04", _l("专业超过%(most)s个", most=limits.specialities_max), "divisions", bars=False)
        )
    missing = [(words, rule) for key, words, rule in DECLARATIONS if key not in one.declared]
    found += [
        Finding(rule, _l("没有声明：%(words)s", words=words), "declarations", bars=True) for words, rule in missing
    ]
    return found


def age_limit(*, is_retired: bool, limits: Limits) -> int:
    """Return the highest age at which somebody may serve (R-EXP.age)."""
    return limits.age_max if is_retired else limits.in_post_max


def _by_age(one: Candidate, limits: Limits, today: date) -> list[Finding]:
    age, most = today.year - one.birth_year, age_limit(is_retired=one.is_retired, limits=limits)
    if age > most:
        return [
            Finding("R-EXP.age", _l("年龄%(age)s岁，超过%(most)s周岁", age=age, most=most), "birth_year", bars=True)
        ]
    if age >= limits.entry_age:
        reason = _l("年龄%(age)s岁，一般应未满%(most)s周岁入库", age=age, most=limits.entry_age)
        return [Finding("R-EXP-02", reason, "birth_year", bars=False)]
    return []


def _by_record(one: Candidate, limits: Limits, today: date) -> list[Finding]:
    found = []
    since = _years_before(today, limits.look_back_years)
    if any(day > since for day in one.breaches):
        reason = _l("前%(years)s年内有违反评审纪律的记录", years=limits.look_back_years)
        found.append(Finding("R-COMM-14", reason, "name", bars=True))
    if one.left is not None:
        kind, day = one.left
        if kind in NEVER_AGAIN:
            found.append(
                Finding("R-EXP-02", _l("曾因“%(kind)s”退出，不得再次入库", kind=kind.label), "name", bars=True)
            )
        elif kind in AFTER_A_WHILE and day > _years_before(today, limits.reentry_years):
            reason = _l("因“%(kind)s”退出不满%(years)s年", kind=kind.label, years=limits.reentry_years)
            found.append(Finding("R-EXP-02", reason, "name", bars=True))
    return found


def _by_title(one: Candidate, limits: Limits, today: date) -> list[Finding]:
    found = []
    level, years = title_level(one.title), today.year - (one.field_since or today.year)
    if level is TitleLevel.OTHER:
        found.append(Finding("R-EXP-08", _l("没有中级以上专业技术职称"), "professional_title", bars=False))
    elif level is TitleLevel.INTERMEDIATE and years < limits.field_years:
        reason = _l("中级职称从事相关领域工作不满%(years)s年", years=limits.field_years)
        found.append(Finding("R-EXP-04", reason, "field_since", bars=False))
    if years < limits.model_years:
        reason = _l("从事相关领域工作不满%(years)s年", years=limits.model_years)
        found.append(Finding("R-EXP-08", reason, "field_since", bars=False))
    if one.education is Education.OTHER or one.education is None:
        found.append(Finding("R-EXP-08", _l("没有本科以上学历或者没有填写"), "education", bars=False))
    return found


def _years_before(today: date, years: int) -> date:
    return date(today.year - years, today.month, min(today.day, 28))
