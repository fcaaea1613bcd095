"""The thresholds of a year as the bureau has set them (R-THR-01): data by year, shown as unconfirmed."""

from __future__ import annotations

from core.parameters import first_day, overrides
from core.rules.rule import Standing
from core.unit_of_work import UnitOfWork
from procurement.planning.proposal import Thresholds

RULE = "R-THR-01"


def thresholds(uow: UnitOfWork, year: int | None = None) -> Thresholds:
    """Return the year's open-tender threshold and procurement limit; one query."""
    year = year or uow.today.year
    book, on, local = uow.house.rules, first_day(year), overrides(uow)
    return Thresholds(
        year=year,
        open_tender=book.number(RULE, "open_tender", on=on, overrides=local),
        limit=book.number(RULE, "limit", on=on, overrides=local),
        confirmed=book.rule(RULE, on=on).standing is Standing.LAW,
    )
