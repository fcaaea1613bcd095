"""A tender's criteria as the scoring scheme that points are checked and added up by (R-EVAL-02, R-EVAL-03)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from procurement.models import Criterion as CriterionRow
from procurement.models import Tender
from procurement.scoring import Band, Criterion, CriterionKind, Scheme

_NUMBERS = re.compile(r"\d+(?:\.\d+)?")


def scheme_of(tender: Tender) -> Scheme:
    """Return the scheme: criteria by their ids, with the price weight together 100 points."""
    return Scheme(tuple(_criterion(row) for row in tender.criteria), tender.price_weight)


def bands_of(bands: Sequence[dict[str, Any]]) -> tuple[Band, ...]:
    """Read stored bands: `points` is one number, or a range such as `3-5` with both ends included."""
    read = []
    for one in bands:
        numbers = [Decimal(found) for found in _NUMBERS.findall(str(one["points"]))]
        if numbers:
            read.append(Band(min(numbers), max(numbers), str(one.get("text", ""))))
    return tuple(read)


def _criterion(row: CriterionRow) -> Criterion:
    return Criterion(
        str(row.id), row.title, CriterionKind(row.kind.value), row.maximum or Decimal(0), bands_of(row.bands)
    )
