"""The bureau's numbers for indicator reviews and the pool, read once (R-IND, R-EXP, R-COMM-07)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.i18n import Text, _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork

LINES: tuple[tuple[str, Text, Text], ...] = (
    ("fit", _l("目标契合"), _l("指标与项目绩效目标、政策目的是否一致")),
    ("completeness", _l("指标完整与权重"), _l("决策、过程、产出、效益是否齐全，产出与效益权重是否不低于 60")),
    ("measurability", _l("可量化与数据可得"), _l("目标值是否清晰可衡量，数据来源是否可靠可得")),
    ("standards", _l("标准依据"), _l("计划、行业、历史标准的依据是否充分")),
    ("scoring", _l("评分细则可操作"), _l("得分、扣分规则是否明确，不同的人能否评出同样的分")),
    ("samples", _l("样本与问卷"), _l("抽样方法、样本量和问卷是否合理")),
)
"""The sheet's lines (R-IND.sheet): key in the rule data, title, what to look at."""

SEATS = ("performance", "trade", "finance", "scholar")
"""The kinds of voting seats (R-IND.seats), by key in the rule data."""


@dataclass(frozen=True)
class ReviewRules:
    """The numbers in force today; points of 100, counts of people."""

    size_min: int
    size_max: int
    seats: Mapping[str, int]
    sheet: Mapping[str, Decimal]
    pass_from: Decimal
    return_below: Decimal
    vetoes_one_in: int
    quorum_of_three: int
    failures: int
    per_employer: int
    in_post_max: int
    age_max: int
    load_max: int
    repeat_max: int
    cooldown_months: int
    term_years: int
    fee: Decimal


def review_rules(uow: UnitOfWork) -> ReviewRules:
    """Read the rule book with the bureau's local values; one query."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)

    def whole(rule: str, name: str) -> int:
        return book.whole(rule, name, on=on, overrides=local)

    def number(rule: str, name: str) -> Decimal:
        return book.number(rule, name, on=on, overrides=local)

    return ReviewRules(
        size_min=whole("R-IND.panel", "members_min"),
        size_max=whole("R-IND.panel", "members_max"),
        seats={key: whole("R-IND.seats", key) for key in SEATS},
        sheet={key: number("R-IND.sheet", key) for key, _title, _hint in LINES},
        pass_from=number("R-IND.pass", "pass_from"),
        return_below=number("R-IND.pass", "return_below"),
        vetoes_one_in=whole("R-IND.pass", "vetoes_one_in"),
        quorum_of_three=whole("R-IND.quorum", "locked_of_three"),
        failures=whole("R-IND.third", "failures"),
        per_employer=whole("R-COMM-07", "per_employer_max"),
        in_post_max=whole("R-EXP.age", "in_post_max"),
        age_max=whole("R-EXP.age", "age_max"),
        load_max=whole("R-EXP.load", "reviews_max"),
        repeat_max=whole("R-EXP.repeat", "reviews_max"),
        cooldown_months=whole("R-EXP.cooldown", "months"),
        term_years=whole("R-EXP.term", "years"),
        fee=number("R-EXP.fee", "fee"),
    )
