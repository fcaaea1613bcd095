"""How many experts to ask at once so that all seats are taken: from each one's history of answers; pure.

Each expert's chance to accept is the share of invitations accepted so far, held towards the usual share as long as
there are few (the mean of a Beta distribution). Answers are taken as independent, so that the number of acceptances is
Poisson-binomial. The wave is the shortest beginning of the order for which all seats are taken with the wanted chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Prior:
    """The share usually accepted, and how many invitations that knowledge counts for."""

    share: float
    weight: float


@dataclass(frozen=True)
class History:
    """How many invitations an expert answered or let pass, and how many of them were accepted."""

    asked: int = 0
    accepted: int = 0


@dataclass(frozen=True)
class Wave:
    """How many to ask (`size`), the chance that all seats are then taken, and that of asking the seats alone."""

    seats: int
    size: int
    chance: float
    alone: float

    @property
    def spare(self) -> int:
        """How many are asked beyond the seats."""
        return self.size - self.seats


def acceptance(history: History, prior: Prior) -> float:
    """Return the chance that somebody with this history accepts."""
    return (history.accepted + prior.share * prior.weight) / (history.asked + prior.weight)


def chance_of(chances: Sequence[float], seats: int) -> float:
    """Return the chance that at least `seats` of these accept."""
    if seats <= 0:
        return 1.0
    counts = [1.0] + [0.0] * seats  # the last one: so many or more
    for one in chances:
        full = counts[seats]
        for number in range(seats, 0, -1):
            counts[number] = counts[number] * (1 - one) + counts[number - 1] * one
        counts[0] *= 1 - one
        counts[seats] += full * one
    return min(1.0, counts[seats])


def wave(chances: Sequence[float], seats: int, *, wanted: float, spare_max: int) -> Wave:
    """Return the shortest wave, in the order given, that fills `seats` as probably as `wanted`, or the longest one.

    `chances` are those of everybody who could be asked, in the order of the draw: first those of the seats.
    """
    alone = chance_of(chances[:seats], seats)
    longest = min(len(chances), seats + max(0, spare_max))
    size, chance = min(seats, len(chances)), alone
    while chance < wanted and size < longest:
        size += 1
        chance = chance_of(chances[:size], seats)
    return Wave(seats, size, chance, alone)
