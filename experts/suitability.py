"""How suitable somebody's past service makes them: answers given, load, ratings; pure.

`ServiceRecord` is what the pool knows of a person (`experts.queries.service_records` reads many at once), `fitness`
turns it into one number between 0 and 1 whose parts can be shown. Trade and keywords are for whoever matches people to
matters; they add their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

RATING_WEIGHT, ANSWER_WEIGHT, REST_WEIGHT = 0.5, 0.3, 0.2
USUAL_RATING, RATING_PRIOR = 80.0, 3
USUAL_ACCEPTANCE, ANSWER_PRIOR = 0.6, 4


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
    def acceptance(self) -> float:
        """How probably they accept the next invitation: their own history, drawn to the usual where it is short."""
        closed = self.accepted + self.declined + self.silent
        return (self.accepted + USUAL_ACCEPTANCE * ANSWER_PRIOR) / (closed + ANSWER_PRIOR)

    @property
    def expected_rating(self) -> float:
        """What rating out of 100 to expect, drawn to the usual where few services were rated."""
        own = float(self.average) * self.rated if self.average is not None else 0.0
        return (own + USUAL_RATING * RATING_PRIOR) / (self.rated + RATING_PRIOR)


@dataclass(frozen=True)
class Fitness:
    """The parts, each between 0 and 1, and their weighted total."""

    rating: float
    answers: float
    rest: float

    @property
    def total(self) -> float:
        """The weighted total, between 0 and 1."""
        return RATING_WEIGHT * self.rating + ANSWER_WEIGHT * self.answers + REST_WEIGHT * self.rest


def fitness(record: ServiceRecord, *, load_max: int) -> Fitness:
    """Return how suitable a record makes somebody who may serve `load_max` times a year (R-EXP.load)."""
    came = 1 - record.absent / max(record.accepted, record.absent, 1)
    rest = max(0.0, 1 - record.this_year / load_max) if load_max > 0 else 0.0
    return Fitness(record.expected_rating / 100, record.acceptance * came, rest)
