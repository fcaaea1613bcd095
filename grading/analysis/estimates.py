"""An estimate with its interval, and the intervals of means, shares and rates."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True)
class Estimate:
    """A value, the interval that holds it at the level asked for, and from how many cases it comes."""

    value: float
    low: float
    high: float
    cases: int

    def side_of(self, other: float) -> int:
        """Return 1 where the whole interval lies above another value, -1 below, 0 where it holds the value."""
        return (self.low > other) - (self.high < other)


def mean_of(cases: int, mean: float | None, deviation: float | None, level: float) -> Estimate | None:
    """Return a mean with Student's interval, or None for fewer than two cases.

    `deviation` is the sample's standard deviation, `level` a share such as 0.95.
    """
    if cases < 2 or mean is None or deviation is None:
        return None
    half = float(stats.t.ppf((1 + level) / 2, cases - 1)) * deviation / math.sqrt(cases)
    return Estimate(mean, mean - half, mean + half, cases)


def share_of(part: int, whole: int, level: float) -> Estimate | None:
    """Return a share with Wilson's interval (Wilson 1927), or None of nothing."""
    if whole < 1:
        return None
    found = stats.binomtest(part, whole).proportion_ci(level, method="wilson")
    return Estimate(part / whole, float(found.low), float(found.high), whole)


def rate_of(count: int, exposure: float, level: float) -> Estimate | None:
    """Return events for each unit of exposure with the exact Poisson interval (Garwood 1936), or None unexposed."""
    if exposure <= 0:
        return None
    outside = 1 - level
    low = float(stats.chi2.ppf(outside / 2, 2 * count)) / 2 if count else 0.0
    high = float(stats.chi2.ppf(1 - outside / 2, 2 * count + 2)) / 2
    return Estimate(count / exposure, low / exposure, high / exposure, count)
