"""How scores move over the years: who came and went, what those that stayed did, a trend, and the raters' part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from grading.analysis.estimates import Estimate
from grading.severity import NothingToCompare, normal_equations, strictness

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
GROUPS = 10
"""Into how many groups reports are dealt to see how far the raters' part is chance."""


@dataclass(frozen=True)
class Parts:
    """Why the mean of one year differs from that of the year before; the three add up to the whole exactly.

    `stayed` is what agencies graded in both years changed, `came` what new ones brought, `left` what those that are
    gone no longer bring.
    """

    stayed: float
    came: float
    left: float

    @property
    def whole(self) -> float:
        """The difference of the two means."""
        return self.stayed + self.came + self.left


def parts_of(before: float, now: float, stayed_before: float | None, stayed_now: float | None) -> Parts | None:
    """Return the parts of `now - before` from the means of all agencies and of those graded in both years."""
    if stayed_before is None or stayed_now is None:
        return None
    return Parts(stayed_now - stayed_before, now - stayed_now, stayed_before - before)


@dataclass(frozen=True)
class TrendSums:
    """Sums over agencies graded in two years or more, of each agency's own deviations from its own means.

    With S(tt) an agency's sum of squares of its years and S(ty) that of the products with its scores: how many
    agencies, ΣS(tt), ΣS(ty), ΣS(ty)², ΣS(ty)S(tt), ΣS(tt)².
    """

    agencies: int
    tt: float
    ty: float
    ty_ty: float
    ty_tt: float
    tt_tt: float


def trend_of(sums: TrendSums, level: float) -> Estimate | None:
    """Return by how many points a year the same agencies' scores rise, or None where too few say anything.

    The slope within agencies (fixed effects), its error clustered by agency (Liang and Zeger 1986, G/(G-1)), so that
    who comes or goes moves it not at all.
    """
    if sums.agencies < 3 or sums.tt <= 0:
        return None
    slope = sums.ty / sums.tt
    squares = sums.ty_ty - 2 * slope * sums.ty_tt + slope**2 * sums.tt_tt
    error = math.sqrt(max(squares, 0.0) * sums.agencies / (sums.agencies - 1)) / sums.tt
    half = float(stats.t.ppf((1 + level) / 2, sums.agencies - 1)) * error
    return Estimate(slope, slope - half, slope + half, sums.agencies)


@dataclass(frozen=True)
class Rating:
    """A rating (0–100) of a report, by whom, in which year; reports and raters by any key."""

    report: str
    rater: str
    year: int
    value: float


@dataclass(frozen=True)
class Leniency:
    """A year's mean rating beside what the raters of both years make of it.

    `raters` is by how much the mean moved because other raters rated, with its interval; `reports` what is left for
    the reports themselves; `common` how many raters rated in both years.
    """

    whole: float
    raters: Estimate
    reports: float
    common: int


def leniency_of(ratings: Sequence[Rating], before: int, now: int, level: float) -> Leniency | None:
    """Return the raters' part of the drift between two years, or None where the years share no rater to compare by.

    Severities are estimated from all ratings of both years at once and held fixed: raters who grew milder together
    cannot be told from reports that grew better. The interval leaves out a tenth of the reports at a time.
    """
    chosen = [one for one in ratings if one.year in (before, now)]
    years = [{one.rater for one in chosen if one.year == year} for year in (before, now)]
    if not years[0] & years[1]:
        return None
    _names, report = np.unique([one.report for one in chosen], return_inverse=True)
    _names, rater = np.unique([one.rater for one in chosen], return_inverse=True)
    value = np.array([one.value for one in chosen])
    this = np.array([one.year == now for one in chosen])
    try:
        found = strictness(report, rater, value)
    except NothingToCompare:
        return None
    ratio = (found.spread / found.noise) ** 2 if found.noise > 0 else 0.0
    raw, part = _step(value, this), _step(found.severity[rater], this)
    left = [_part(report, rater, value, this, keep=report % GROUPS != one, ratio=ratio) for one in range(GROUPS)]
    known = np.array([one for one in left if one is not None])
    if len(known) < GROUPS:
        return None
    error = math.sqrt((GROUPS - 1) / GROUPS * float(((known - known.mean()) ** 2).sum()))
    half = float(stats.t.ppf((1 + level) / 2, GROUPS - 1)) * error
    reports = int(report.max()) + 1
    return Leniency(raw, Estimate(part, part - half, part + half, reports), raw - part, len(years[0] & years[1]))


def _part(
    report: Whole, rater: Whole, value: Floats, this: NDArray[np.bool_], *, keep: NDArray[np.bool_], ratio: float
) -> float | None:
    """Return the raters' part of some of the reports, severities shrunk as far as those of all reports are."""
    report, rater, value, this = report[keep], rater[keep], value[keep], this[keep]
    if this.all() or not this.any():
        return None
    if ratio <= 0:
        return 0.0
    _kept, report = np.unique(report, return_inverse=True)
    _kept, rater = np.unique(rater, return_inverse=True)
    many = np.bincount(report).astype(np.float64)
    shared = many[report] > 1
    apart = value - (np.bincount(report, value) / many)[report]
    count = int(rater.max()) + 1
    gram, right = normal_equations(report[shared], rater[shared], apart[shared], many, count)
    severity: Floats = np.asarray(np.linalg.solve(gram + np.eye(count) / ratio, right), np.float64)
    return _step(severity[rater], this)


def _step(values: Floats, this: NDArray[np.bool_]) -> float:
    return float(values[this].mean() - values[~this].mean())
