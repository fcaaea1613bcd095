"""How far raters agree: Krippendorff's alpha for intervals, and intraclass correlations where ratings are missing.

Both take ratings of reports as they are, whoever is missing. Alpha needs no raters' names: a report's number of
ratings, their sum and their squares are all it asks. The correlations ICC(2,1) and ICC(2,k) of Shrout and Fleiss (1979)
ask who rated; with missing ratings their variances come from Henderson's first method (1953), which is the analysis of
variance where none is missing. Intervals come from drawing the reports again and again, the raters held as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grading.analysis.estimates import Estimate

Floats = NDArray[np.float64]
DRAWS = 400
SEED = 20260101
RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff's limits: conclusions may rest on 0.800 and more, tentative ones on 0.667."""


@dataclass(frozen=True)
class Ratings:
    """Ratings in columns: the report's place, the rater's (or -1), and the value."""

    report: NDArray[np.int64]
    rater: NDArray[np.int64]
    value: Floats

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str | None, float]]) -> Ratings:
        """Make them from (report, rater or None, value); reports that only one rated are left out."""
        many: dict[str, int] = {}
        for report, _rater, _value in rows:
            many[report] = many.get(report, 0) + 1
        kept = [row for row in rows if many[row[0]] > 1]
        reports = {key: place for place, key in enumerate(dict.fromkeys(row[0] for row in kept))}
        raters = {key: place for place, key in enumerate(dict.fromkeys(row[1] for row in kept if row[1] is not None))}
        return cls(
            np.array([reports[report] for report, _rater, _value in kept], np.int64),
            np.array([-1 if rater is None else raters[rater] for _report, rater, _value in kept], np.int64),
            np.array([value for _report, _rater, value in kept], np.float64),
        )

    @property
    def reports(self) -> int:
        """How many reports were rated by two or more."""
        return int(self.report.max()) + 1 if len(self.report) else 0

    @property
    def raters(self) -> int:
        """How many raters are known."""
        return int(self.rater.max()) + 1 if len(self.rater) else 0

    @property
    def named(self) -> bool:
        """Whether every rating has its rater."""
        return bool(len(self.rater)) and bool((self.rater >= 0).all())


def alpha(ratings: Ratings, level: float) -> Estimate | None:
    """Return Krippendorff's alpha (interval metric) with a bootstrap interval over reports.

    1 - Do/De of Krippendorff (2011, "Computing Krippendorff's alpha-reliability"), whose example of four observers and
    twelve units, some missing, has 0.849. None where no report has two ratings, or nothing varies.
    """
    if not ratings.reports:
        return None
    many = np.bincount(ratings.report).astype(np.float64)
    sums = np.bincount(ratings.report, ratings.value)
    squares = np.bincount(ratings.report, ratings.value**2)
    within = many * (squares - sums**2 / many) / (many - 1)
    table = np.column_stack([within, many, sums, squares])

    weights = np.vstack([np.ones(ratings.reports), _draws(ratings.reports)])
    inside, count, total, square = (weights @ table).T
    around = square - total**2 / count
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(around > 1e-9, 1 - (count - 1) * inside / (count * around), np.nan)
    return _between(found, ratings.reports, level)


@dataclass(frozen=True)
class Correlations:
    """One rater's reliability and that of the mean of `raters_each` raters, with the parts of the variance."""

    single: Estimate
    average: Estimate
    raters_each: float
    of_reports: float
    of_raters: float
    of_chance: float


def correlations(ratings: Ratings, level: float) -> Correlations | None:
    """Return ICC(2,1) and ICC(2,k), two-way random, absolute agreement, k the harmonic mean of raters a report.

    Shrout and Fleiss (1979), table 2: six targets, four judges, 0.29 and 0.62. None where raters are unknown, where
    there are fewer than two of either, or nobody rated with different others.
    """
    if not ratings.named or ratings.reports < 2 or ratings.raters < 2:
        return None
    many = np.bincount(ratings.report).astype(np.float64)
    each = float(len(many) / (1 / many).sum())

    whole = _components(ratings, np.ones(ratings.reports))
    if np.isnan(whole).any():
        return None
    drawn = np.array([_components(ratings, one) for one in _draws(ratings.reports)])
    parts = np.vstack([whole, drawn])
    one, mean = (_between(_icc(parts, raters), ratings.reports, level) for raters in (1.0, each))
    if one is None or mean is None:
        return None
    return Correlations(one, mean, each, float(whole[0]), float(whole[1]), float(whole[2]))


def _icc(parts: Floats, each: float) -> Floats:
    reports, raters, chance = np.clip(parts, 0.0, None).T
    whole = reports + (raters + chance) / each
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, reports / whole, np.nan)


def _components(ratings: Ratings, weight: Floats) -> Floats:
    """Return the variances of reports, raters and chance where each report counts `weight` times."""
    held = weight[ratings.report]
    value, total = ratings.value, float(held.sum())
    many = np.bincount(ratings.report, minlength=len(weight)).astype(np.float64)
    of_report = np.bincount(ratings.report, value, len(weight))
    per_rater = np.bincount(ratings.rater, held)
    of_rater = np.bincount(ratings.rater, held * value)
    seen = per_rater > 0
    squares, middle = float((held * value**2).sum()), float((held * value).sum()) ** 2 / total
    by_report = float((weight * of_report**2 / many).sum())
    by_rater = float((of_rater[seen] ** 2 / per_rater[seen]).sum())
    reports, raters = float(weight.sum()), float(seen.sum())
    left = np.array(
        [
            [0.0, total - reports, total - reports],
            [
                total - float((weight * many**2).sum()) / total,
                reports - float((per_rater**2).sum()) / total,
                reports - 1,
            ],
            [raters - float((weight * many**2).sum()) / total, total - float((per_rater**2).sum()) / total, raters - 1],
        ]
    )
    try:
        return np.linalg.solve(left, np.array([squares - by_report, by_report - middle, by_rater - middle]))
    except np.linalg.LinAlgError:
        return np.full(3, np.nan)


def _draws(reports: int) -> Floats:
    """Return how often each report is drawn when as many reports are drawn again and again."""
    rng = np.random.default_rng(SEED)
    return rng.multinomial(reports, np.full(reports, 1 / reports), size=DRAWS).astype(np.float64)


def _between(found: Floats, reports: int, level: float) -> Estimate | None:
    """Return the first value with the interval that the drawn ones after it leave; None where it is unknown."""
    whole, drawn = float(found[0]), found[1:][~np.isnan(found[1:])]
    if np.isnan(whole):
        return None
    if len(drawn) < DRAWS // 2:
        return Estimate(whole, -1.0, 1.0, reports)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(whole, min(float(low), whole), max(float(high), whole), reports)
