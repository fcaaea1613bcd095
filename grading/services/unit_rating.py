"""A unit's rating beside the result its project received, against retaliation (R-GRADE.unit)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from grading.models import Submission
from grading.queries import sheets_of
from grading.rating_spread import UnitTerms, looks_retaliatory
from grading.services.rating import quality_total
from grading.states import RaterKind

RULE = "R-GRADE.unit"


@dataclass(frozen=True)
class UnitBesideResult:
    """What the unit gave the report, what the report gave the unit's project, and whether both are poor."""

    rating: Decimal
    others: tuple[Decimal, ...]
    result: Decimal | None
    grade: str
    is_marked: bool


def unit_terms(uow: UnitOfWork) -> UnitTerms:
    """Return the bureau's numbers in force today."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)
    names = ("result_below", "rating_below", "under_median")
    return UnitTerms(*(book.number(RULE, name, on=on, overrides=local) for name in names))


def unit_beside_result(uow: UnitOfWork, submission: Submission) -> UnitBesideResult | None:
    """Return the unit's locked rating beside its project's result; None while the unit has not locked."""
    sheets = sheets_of(uow, submission)
    own = [quality_total(one) for one in sheets if one.kind is RaterKind.UNIT]
    if not own:
        return None
    others = tuple(quality_total(one) for one in sheets if one.kind is not RaterKind.UNIT)
    stated = submission.key_figures
    result = stated.score if stated is not None and stated.score is not None else submission.total_score
    grade = (stated.grade if stated is not None else "") or str((submission.coverage or {}).get("grade") or "")
    rating = min(own)
    return UnitBesideResult(rating, others, result, grade, looks_retaliatory(result, rating, others, unit_terms(uow)))
