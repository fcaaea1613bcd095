"""Findings for each report: an agency's own rate, shrunk towards the house's where few reports say little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from grading.analysis.estimates import Estimate

EVEN = 1e4
"""A prior as firm as this: agencies do not differ by more than chance."""


@dataclass(frozen=True)
class House:
    """What is known of all agencies together: findings for each report, and how alike agencies are.

    `shape` is that of the gamma distribution of agencies' own rates about the house's: large when they are all alike.
    """

    rate: float
    shape: float


def house_of(groups: Sequence[tuple[int, int, int]]) -> House | None:
    """Return the house's rate and the spread of agencies, from (findings, reports, how many agencies have that).

    Counts of agencies are Poisson about gamma rates with the house's mean; the shape that makes them likeliest.
    None where nobody delivered.
    """
    known = [(count, reports, many) for count, reports, many in groups if reports > 0]
    exposure = sum(reports * many for _count, reports, many in known)
    if not exposure:
        return None
    rate = sum(count * many for count, _reports, many in known) / exposure
    if rate == 0:
        return House(0.0, EVEN)
    counts, reports, many = (np.array(column, float) for column in zip(*known, strict=True))

    def unlikely(log_shape: float) -> float:
        shape = float(np.exp(log_shape))
        beta = shape / rate
        each = (
            special.gammaln(counts + shape)
            - special.gammaln(shape)
            + shape * np.log(beta / (beta + reports))
            - counts * np.log(beta + reports)
        )
        return -float((many * each).sum())

    found = optimize.minimize_scalar(unlikely, bounds=(np.log(0.05), np.log(EVEN)), method="bounded")
    return House(rate, float(np.exp(found.x)))


def shrunk(count: int, reports: int, house: House, level: float) -> Estimate:
    """Return an agency's rate given the house's: the mean of what its own findings leave of the prior, its interval."""
    if house.rate == 0:
        return Estimate(0.0, 0.0, 0.0, count)
    shape, scale = house.shape + count, 1 / (house.shape / house.rate + reports)
    low, high = (float(stats.gamma.ppf(at, shape, scale=scale)) for at in ((1 - level) / 2, (1 + level) / 2))
    return Estimate(shape * scale, low, high, count)
