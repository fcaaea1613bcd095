"""评分畸高畸低: points far from what the other members gave under the same subjective criterion (R-EVAL-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procurement.scoring.criteria import CriterionKind, Scheme
from procurement.scoring.sheets import Sheet

FEWEST_OTHERS = 2


@dataclass(frozen=True)
class Outlier:
    """One member's points for one bid under one criterion, and the exact mean of the others'."""

    member: str
    bid: str
    criterion: str
    points: Decimal
    others: Fraction

    @property
    def is_high(self) -> bool:
        """Whether they lie above the others."""
        return self.points > self.others


def outliers(scheme: Scheme, sheets: Sequence[Sheet], percent: Decimal) -> list[Outlier]:
    """Return every point farther from the mean of the others than `percent` of the criterion's full points.

    Only subjective criteria with at least two other members' points are looked at. A sign, never a verdict: the member
    says why, or corrects it.
    """
    found = []
    for criterion in scheme.scored:
        if criterion.kind is not CriterionKind.SUBJECTIVE:
            continue
        limit = criterion.maximum * percent
        for bid in dict.fromkeys(bid for sheet in sheets for bid in sheet.points):
            given = [
                (sheet.member, sheet.points[bid][criterion.id])
                for sheet in sheets
                if criterion.id in sheet.points.get(bid, {})
            ]
            if len(given) <= FEWEST_OTHERS:
                continue
            total = sum((points for _member, points in given), Decimal(0))
            count = len(given) - 1
            for member, points in given:
                # multiplied out, so that no division loses a digit: |points - others / count| > limit / 100
                if abs(points * count - (total - points)) * 100 > limit * count:
                    others = Fraction(total - points) / count
                    found.append(Outlier(member, bid, criterion.id, points, others))
    return found
