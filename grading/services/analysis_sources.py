"""What the exhibits of one page are made from: read once, however many exhibits ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from agencies.states import Grade
from core.unit_of_work import UnitOfWork
from grading.queries.analysis_grades import YearSums, counts_by_year, sums_by_year
from grading.queries.analysis_ratings import RatingRow, ratings_in
from grading.queries.analysis_scope import Scope
from grading.services.analysis_rules import AnalysisRules


class Sources:
    """The unit of work, the scope and the rules of an analysis, the day it is made for, and what exhibits share."""

    def __init__(self, uow: UnitOfWork, scope: Scope, rules: AnalysisRules, as_of: date | None = None) -> None:
        self.uow, self.scope, self.rules, self.today = uow, scope, rules, as_of or uow.today

    @cached_property
    def counts(self) -> Mapping[int, Mapping[Grade, int]]:
        """How many agencies have each grade, by year."""
        return counts_by_year(self.uow, self.scope)

    @cached_property
    def sums(self) -> Mapping[int, YearSums]:
        """How the scores lie, by year."""
        return sums_by_year(self.uow, self.scope)

    @cached_property
    def ratings(self) -> list[RatingRow]:
        """The ratings of a sample of each year's tasks."""
        return ratings_in(self.uow, self.scope, self.rules.sample)

    @property
    def newest(self) -> int:
        """The newest year with published grades, else the last of the scope."""
        return max(self.counts, default=self.scope.last)

    @property
    def narrowed(self) -> dict[str, str]:
        """What the addresses of the rows behind a number carry of the scope."""
        kind, sector = self.scope.kind, self.scope.sector
        return {"kind": kind.value if kind else "", "field": sector.value if sector else ""}

    @property
    def within(self) -> dict[str, object]:
        """The same with the years."""
        return {**self.narrowed, "from": self.scope.first, "to": self.scope.last}
