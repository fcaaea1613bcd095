"""What the pool knows of somebody's past service: answers given, load, ratings; pure.

`experts.queries.service_records` reads many at once; `experts.season.fit` and `experts.waves` reckon with it by rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

USUAL_RATING, RATING_PRIOR = 80.0, 3


@dataclass(frozen=True)
class ServiceRecord:
    """What the pool knows of one person's service.

    Invitations `asked`, of which `accepted`, `declined` and `silent` (never answered); `absent` after accepting;
    services `this_year` and within `three_years`; how many were rated and their `average` of 100 points.
    """

    asked: int = 0
    accepted: int = 0
    declined: int = 0
    silent: int = 0
    absent: int = 0
    this_year: int = 0
    three_years: int = 0
    rated: int = 0
    average: Decimal | None = None
    last_served_on: date | None = None

    @property
    def expected_rating(self) -> float:
        """What rating out of 100 to expect, drawn to the usual where few services were rated."""
        own = float(self.average) * self.rated if self.average is not None else 0.0
        return (own + USUAL_RATING * RATING_PRIOR) / (self.rated + RATING_PRIOR)
