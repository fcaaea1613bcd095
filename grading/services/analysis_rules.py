"""The numbers by which quality is analysed (R-GRADE.analysis), and the lines between grades."""

from __future__ import annotations

from dataclasses import dataclass

from core.parameters import overrides
from core.unit_of_work import UnitOfWork

RULE = "R-GRADE.analysis"


@dataclass(frozen=True)
class AnalysisRules:
    """`level` of intervals (a share), below how many reports something is said to rest on few, the most to read.

    `lines` are the lower ends of A, B and C (R-GRADE.bands) as today's rules have them, for plots alone.
    """

    level: float
    common_least: int
    reports_least: int
    sample: int
    lines: tuple[tuple[str, float], ...]

    @property
    def percent(self) -> str:
        """The level in words, e.g. `95%`."""
        return f"{100 * self.level:g}%"


def analysis_rules(uow: UnitOfWork) -> AnalysisRules:
    """Return them as they stand today; one query."""
    book, day, local = uow.house.rules, uow.today, overrides(uow)

    def whole(name: str) -> int:
        return int(book.number(RULE, name, on=day, overrides=local))

    bands = tuple(
        (letter, float(book.number("R-GRADE.bands", f"{letter.lower()}_from", on=day, overrides=local)))
        for letter in "ABC"
    )
    return AnalysisRules(whole("interval") / 100, whole("common_min"), whole("reports_min"), whole("sample_max"), bands)
