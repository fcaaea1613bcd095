"""评审因素: criteria with kinds, maximum and bands, and the scheme they make (R-EVAL-02/03, R-TENDER-07)."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from core.records import Fault
from procurement.scoring.price import PLACES, Procedure, Subject, check_price_weight

FULL = Decimal(100)


class CriterionKind(enum.StrEnum):
    """实质性要求 passes or fails; 客观分 is the same for every member; 主观分 is each member's own judgement."""

    SUBSTANTIVE = "substantive"
    OBJECTIVE = "objective"
    SUBJECTIVE = "subjective"


@dataclass(frozen=True)
class Band:
    """A range of points, both ends included, and what earns it."""

    minimum: Decimal
    maximum: Decimal
    description: str = ""


@dataclass(frozen=True)
class Criterion:
    """One evaluation factor; `maximum` is in points; a substantive requirement has 0 and no bands."""

    id: str
    title: str
    kind: CriterionKind
    maximum: Decimal
    bands: tuple[Band, ...] = ()

    def allows(self, points: Decimal) -> bool:
        """Return whether points lie within the maximum and, where there are bands, in one of them."""
        if not points.is_finite() or not 0 <= points <= self.maximum:
            return False
        return not self.bands or any(band.minimum <= points <= band.maximum for band in self.bands)


@dataclass(frozen=True)
class Scheme:
    """综合评分法: the criteria and the price weight, together 100 points; figures are printed to `places`.

    A bid whose quality points lie below `minimum` falls out before prices are compared.
    """

    criteria: tuple[Criterion, ...]
    price_weight: Decimal
    places: int = PLACES
    minimum: Decimal | None = None

    @property
    def scored(self) -> tuple[Criterion, ...]:
        """Return the criteria that earn points."""
        return tuple(one for one in self.criteria if one.kind is not CriterionKind.SUBSTANTIVE)


def check_scheme(
    scheme: Scheme,
    subject: Subject = Subject.SERVICES,
    procedure: Procedure = Procedure.TENDER,
    qualifications: Sequence[str] = (),
) -> list[Fault]:
    """Return everything that keeps a scheme from being published.

    `qualifications` are the texts of the qualification conditions: none of them may be scored as well (R-EVAL-02).
    """
    faults = check_price_weight(scheme.price_weight, subject, procedure)
    total = sum((one.maximum for one in scheme.scored), Decimal(0)) + scheme.price_weight
    if total != FULL:
        faults.append(
            Fault("R-TENDER-07", "criteria", f"各项分值合计 {total},应为 100。", f"All points add to {total}, not 100.")
        )
    conditions = {"".join(text.split()) for text in qualifications}
    seen: set[str] = set()
    for one in scheme.criteria:
        at = f"criteria/{one.id}"
        if one.id in seen:
            faults.append(Fault("R-EVAL-02", at, "评审因素重复。", "The criterion is given twice."))
        seen.add(one.id)
        faults += _criterion_faults(one, at)
        if one.kind is not CriterionKind.SUBSTANTIVE and "".join(one.title.split()) in conditions:
            faults.append(
                Fault("R-EVAL-02", at, "资格条件不得作为评审因素。", "A qualification condition may not be scored.")
            )
    return faults


def _criterion_faults(one: Criterion, at: str) -> list[Fault]:
    if one.kind is CriterionKind.SUBSTANTIVE:
        if one.maximum or one.bands:
            return [Fault("R-EVAL-03", at, "实质性要求不计分。", "A substantive requirement earns no points.")]
        return []
    faults = []
    if not one.maximum.is_finite() or one.maximum <= 0:
        faults.append(Fault("R-EVAL-02", at, "评审因素应有分值。", "A criterion must have points."))
    if not one.bands:
        faults.append(
            Fault(
                "R-EVAL-02",
                at,
                "评审因素应细化量化，每个区间对应分值。",
                "A criterion must have bands, each with its points.",
            )
        )
    bands = sorted(one.bands, key=lambda band: band.minimum)
    crossed = any(not 0 <= band.minimum <= band.maximum <= one.maximum for band in bands)
    if crossed or any(low.maximum > high.minimum for low, high in pairwise(bands)):
        faults.append(
            Fault("R-EVAL-02", at, "分值区间重叠或超出分值。", "Bands overlap or leave the range of the points.")
        )
    elif bands and bands[-1].maximum != one.maximum:
        faults.append(Fault("R-EVAL-02", at, "没有可得满分的区间。", "No band reaches the full points."))
    return faults
