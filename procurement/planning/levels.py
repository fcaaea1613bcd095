"""分级审批: who may approve which amount, and who stands in for whom on which days (R-SEC-02, R-SEC-02.levels).

Pure. A level is 1, 2 or 3; a substitute has, on the days set, the level of the absent person if it is the higher one. A
substitute's substitute gains nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HIGHEST = 3


@dataclass(frozen=True)
class Substitution:
    """`substitute` stands in for `absent` from the first to the last day, both included."""

    absent: uuid.UUID
    substitute: uuid.UUID
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Say whether it counts on this day."""
        return self.first <= day <= self.last


def level_needed(amount: Decimal, limits: Sequence[Decimal]) -> int:
    """Return the level that approves this amount (yuan): the first whose limit holds it, the highest above all."""
    return next((level for level, limit in enumerate(limits, start=1) if amount <= limit), len(limits) + 1)


def level_of(
    person: uuid.UUID, own: Mapping[uuid.UUID, int], substitutions: Iterable[Substitution], day: date
) -> tuple[int, uuid.UUID | None]:
    """Return a person's level on a day (0: none) and the absent one from whom it comes, None where it is their own."""
    best: tuple[int, uuid.UUID | None] = (own.get(person, 0), None)
    for one in substitutions:
        lent = own.get(one.absent, 0)
        if one.substitute == person and one.covers(day) and lent > best[0]:
            best = (lent, one.absent)
    return best
