"""Adding up periods of work on a day: overlaps count once, gaps not at all, what lies ahead never; pure.

A year is 365 days that are no 29 February. So one period without a gap counts exactly as the calendar does, several
add up without loss, and neither a further period nor a further day ever makes it less.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From a day to a day, both counted; without an end it still runs."""

    begins_on: date
    ends_on: date | None = None


@dataclass(frozen=True, order=True)
class Service:
    """How long all periods together last: full years, and the days beyond them."""

    years: int
    days: int


YEAR = 365
NO_SERVICE = Service(0, 0)


def merged(periods: Iterable[Period], on: date) -> list[tuple[date, date]]:
    """Return what of the periods lies up to and with a day: first and last days, apart from each other, in order."""
    known: list[tuple[date, date]] = []
    spans = sorted((one.begins_on, min(one.ends_on or on, on)) for one in periods)
    for begins, ends in spans:
        if ends < begins:
            continue
        if known and begins <= known[-1][1] + _DAY:
            known[-1] = (known[-1][0], max(known[-1][1], ends))
        else:
            known.append((begins, ends))
    return known


def service(periods: Iterable[Period], on: date) -> Service:
    """Return how long the periods last together up to and with a day."""
    days = sum((ends - begins).days + 1 - leap_days(begins, ends) for begins, ends in merged(periods, on))
    return Service(*divmod(days, YEAR))


def leap_days(first: date, last: date) -> int:
    """Return how many 29 Februaries lie between two days, both included."""
    leaps = (date(year, 2, 29) for year in range(first.year, last.year + 1) if isleap(year))
    return sum(first <= one <= last for one in leaps)


def later(day: date, years: int) -> date:
    """Return the same day so many years later; after a 29 February, 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
