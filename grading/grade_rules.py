"""The grading rules in force, from the rule book with the bureau's local values (R-GRADE)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from grading.scale import Grade, GradeRules, HonestyLoss

ELEMENTS = ("plan", "team", "process", "report", "timeliness", "archive")


def grade_rules(uow: UnitOfWork, *, on: date | None = None) -> GradeRules:
    """Read the numbers of R-GRADE as they stand on a day (today unless given); one query."""
    book, day, local = uow.house.rules, on or uow.today, overrides(uow)

    def number(rule: str, name: str) -> Decimal:
        return book.number(rule, name, on=day, overrides=local)

    return GradeRules(
        version=f"{day:%Y-%m-%d}",
        elements={name: number("R-GRADE.task", name) for name in ELEMENTS},
        raters={name: number("R-GRADE.raters", name) for name in ("unit", "bureau", "experts")},
        bands={
            Grade.A: number("R-GRADE.bands", "a_from"),
            Grade.B: number("R-GRADE.bands", "b_from"),
            Grade.C: number("R-GRADE.bands", "c_from"),
        },
        losses={
            HonestyLoss.MINOR: number("R-GRADE.year", "deduction"),
            HonestyLoss.MAJOR: number("R-GRADE.year", "deduction_serious"),
        },
        repeat_factor=number("R-GRADE.year", "repeat_factor"),
        minimum_sample=book.whole("R-GRADE.min", "tasks_min", on=day, overrides=local),
        spread=number("R-GRADE.spread", "from_median"),
    )
