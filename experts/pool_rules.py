"""The bureau's numbers for the people of the pool, read once (R-EXP, R-COMM-14)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from experts.admission import Limits
from experts.appraisal import PARTS, Thresholds
from experts.withholding import Bracket, TaxScale


@dataclass(frozen=True)
class PoolRules:
    """The numbers in force today: who may enter, for how long, how service is rated, what follows from it."""

    limits: Limits
    thresholds: Thresholds
    parts: dict[str, Decimal]
    """The most points of each part of a rating (R-EXP.score)."""
    term_years: int
    load_max: int
    record_days: int
    change_days: int
    pay_days: int
    look_back_years: int
    """For how many years a tie that ended still counts (R-COMM-06)."""


def pool_rules(uow: UnitOfWork) -> PoolRules:
    """Read the rule book with the bureau's local values; one query."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)

    def whole(rule: str, name: str) -> int:
        return book.whole(rule, name, on=on, overrides=local)

    def number(rule: str, name: str) -> Decimal:
        return book.number(rule, name, on=on, overrides=local)

    return PoolRules(
        limits=Limits(
            in_post_max=whole("R-EXP.age", "in_post_max"),
            age_max=whole("R-EXP.age", "age_max"),
            entry_age=whole("R-EXP-02", "entry_age"),
            field_years=whole("R-EXP-04", "field_years"),
            model_years=whole("R-EXP-08", "field_years"),
            specialities_max=whole("R-EXP-04", "specialities_max"),
            look_back_years=whole("R-COMM-14", "look_back_years"),
            reentry_years=whole("R-EXP-02", "reentry_years"),
        ),
        thresholds=Thresholds(
            dismiss_below=number("R-EXP.exit", "dismiss_below"),
            reviews_min=whole("R-EXP.exit", "reviews_min"),
            absences=whole("R-EXP.suspension", "absences"),
            silences=whole("R-EXP.suspension", "silences"),
            senior_reviews=whole("R-EXP-03", "senior_reviews"),
            senior_from=number("R-EXP-03", "senior_from"),
            senior_years=whole("R-EXP-03", "senior_years"),
        ),
        parts={key: number("R-EXP.score", key) for key in PARTS},
        term_years=whole("R-EXP.term", "years"),
        load_max=whole("R-EXP.load", "reviews_max"),
        record_days=whole("R-COMM-13", "days"),
        change_days=whole("R-EXP-02", "change_days"),
        pay_days=whole("R-EXP-02", "pay_days"),
        look_back_years=whole("R-COMM-06", "look_back_years"),
    )


def tax_scale(uow: UnitOfWork) -> TaxScale:
    """Return the scale by which tax is withheld today (R-EXP.tax, R-EXP.month); one query."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)

    def number(name: str) -> Decimal:
        return book.number("R-EXP.tax", name, on=on, overrides=local)

    return TaxScale(
        allowance=number("allowance"),
        allowance_up_to=number("allowance_up_to"),
        allowance_share=number("allowance_share"),
        brackets=(
            Bracket(number("first_up_to"), int(number("first_rate")), Decimal(0)),
            Bracket(number("second_up_to"), int(number("second_rate")), number("second_quick")),
            Bracket(None, int(number("third_rate")), number("third_quick")),
        ),
        month_together=book.whole("R-EXP.month", "together", on=on, overrides=local) == 1,
    )
