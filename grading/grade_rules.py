"""The rule sets in force, with the rule book's numbers and the bureau's local values (R-GRADE, R-GRADE.zhuhai)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.errors import Refusal, Refused
from core.i18n import _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from grading.rule_sets import HOUSE, rule_sets
from grading.scale import BadRating, GradeRules

ELEMENTS = ("plan", "team", "process", "report", "timeliness", "archive")


def grade_rules(uow: UnitOfWork, key: str = HOUSE, *, on: date | None = None) -> GradeRules:
    """Return a rule set as it stands on a day (today unless given); one query.

    Raises `Refused` when there is none of that key, or when the bureau's own numbers no longer make it hold.
    """
    chosen = rule_sets().get(key)
    if chosen is None:
        raise Refused(Refusal(_l("没有这套评级规则"), field="rule_set"))
    book, day, local = uow.house.rules, on or uow.today, overrides(uow)

    def number(rule: str, name: str) -> Decimal:
        return book.number(rule, name, on=day, overrides=local)

    try:
        return chosen.rules(number, f"{day:%Y-%m-%d}")
    except BadRating as error:
        raise Refused(
            Refusal(
                _l("评级规则的本地参数不成立：各要素分值应合计 100，权重应为正数，分数线应依次降低"),
                rule_id="R-GRADE.task",
                field="rule_set",
            )
        ) from error
