"""评分宽严: how strict each rater is, by an additive model of who rated what, shrunk where little is known.

A rating is the report's quality plus its rater's severity plus chance. A rater's severity is shrunk towards none by
how far raters differ at all, which the ratings themselves tell (restricted maximum likelihood); reports are left free.
A rater all of whose reports nobody else rated says nothing about severity and keeps none. Pure: arrays in, arrays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
SURE = 1.959963984540054
"""Standard deviations on either side that hold 95 of 100."""
SMALLEST, LARGEST = 1e-4, 1e4
"""The range in which the ratio of severity to chance is looked for."""


class NothingToCompare(Exception):
    """No report was rated by two raters, so nothing is known about severity."""


@dataclass(frozen=True)
class Effects:
    """What the model found.

    `severity` is what a rater gives more (lenient, positive) or less (strict, negative) than the others for the same
    report, with `severity_error` its standard error; `adjusted` is each report's mean with the severities taken off,
    with `adjusted_error`; `raw` the plain mean. `noise` and `spread` are the standard deviations of chance and of
    severity. `known` tells which raters share a report with another one.
    """

    severity: Floats
    severity_error: Floats
    adjusted: Floats
    adjusted_error: Floats
    raw: Floats
    noise: float
    spread: float
    known: NDArray[np.bool_]

    def interval(self, report: int) -> tuple[float, float]:
        """Return the interval that holds the report's adjusted rating with 95 %, between 0 and 100."""
        half = SURE * float(self.adjusted_error[report])
        middle = float(self.adjusted[report])
        return max(0.0, middle - half), min(100.0, middle + half)


@dataclass(frozen=True)
class Strictness:
    """What the model found of raters alone: severity, its standard error, who is known, and chance beside severity."""

    severity: Floats
    severity_error: Floats
    known: NDArray[np.bool_]
    noise: float
    spread: float
    inverse: Floats
    """The raters' covariance over the variance of chance."""


def estimate(reports: Sequence[int], raters: Sequence[int], ratings: Sequence[float]) -> Effects:
    """Return the severities of raters 0..m-1 from ratings of reports 0..n-1, one entry for each rating.

    Every report and every rater must occur. Raises NothingToCompare when no report has two raters.
    """
    report, rater = np.asarray(reports, np.int64), np.asarray(raters, np.int64)
    rating = np.asarray(ratings, np.float64)
    found = strictness(report, rater, rating)
    many = np.bincount(report).astype(np.float64)
    chance = found.noise**2
    return Effects(
        found.severity,
        found.severity_error,
        np.bincount(report, rating - found.severity[rater]) / many,
        np.sqrt(chance / many + chance * _carried(report, rater, many, found.inverse)),
        np.bincount(report, rating) / many,
        found.noise,
        found.spread,
        found.known,
    )


def strictness(report: Whole, rater: Whole, rating: Floats) -> Strictness:
    """Return the severities alone: in memory a few numbers for each rating and three squares of the raters.

    As `estimate`, whose intervals of reports ask for reports times raters.
    """
    many = np.bincount(report).astype(np.float64)
    raw = np.bincount(report, rating) / many
    shared = many[report] > 1
    count = int(rater.max()) + 1
    known = np.bincount(rater[shared], minlength=count) > 0
    freedom = int(shared.sum()) - int((many > 1).sum())
    if freedom < 1:
        raise NothingToCompare
    gram, right = normal_equations(report[shared], rater[shared], (rating - raw[report])[shared], many, count)
    values, vectors = np.linalg.eigh(gram)
    values = np.clip(values, 0.0, None)
    turned = vectors.T @ right
    total = float((((rating - raw[report]) ** 2)[shared]).sum())
    ratio = _ratio(values, turned, total, freedom)
    solved = vectors / (values + 1.0 / ratio) if ratio > 0 else np.zeros_like(vectors)
    inverse = solved @ vectors.T
    noise = max(_left(values, turned, total, ratio) / freedom, 0.0)
    return Strictness(
        inverse @ right,
        np.sqrt(noise * np.clip(np.diag(inverse), 0.0, None)),
        known,
        float(np.sqrt(noise)),
        float(np.sqrt(noise * ratio)),
        inverse,
    )


def normal_equations(report: Whole, rater: Whole, apart: Floats, many: Floats, count: int) -> tuple[Floats, Floats]:
    """Return the raters' normal equations with the reports taken out: of each rating, its report's mean."""
    shape = (int(report.max()) + 1, count)
    meetings = scipy.sparse.csr_matrix((np.ones(len(report)), (report, rater)), shape=shape)
    share = scipy.sparse.diags_array(1.0 / np.maximum(many[: shape[0]], 1.0))
    gram = np.diag(np.bincount(rater, minlength=count).astype(np.float64)) - (meetings.T @ share @ meetings).toarray()
    return np.asarray(gram, np.float64), np.bincount(rater, apart, minlength=count).astype(np.float64)


def _left(values: Floats, turned: Floats, total: float, ratio: float) -> float:
    """Return the sum of squares that the severities at this ratio leave, penalty included."""
    return total - float((turned**2 * ratio / (values * ratio + 1.0)).sum())


def _ratio(values: Floats, turned: Floats, total: float, freedom: int) -> float:
    """Return the variance of severity over that of chance which the ratings make likeliest."""

    def unlikely(log_ratio: float) -> float:
        ratio = float(np.exp(log_ratio))
        left = max(_left(values, turned, total, ratio), 1e-12)
        return freedom * float(np.log(left)) + float(np.log1p(values * ratio).sum())

    found = scipy.optimize.minimize_scalar(
        unlikely, bounds=(float(np.log(SMALLEST)), float(np.log(LARGEST))), method="bounded"
    )
    return float(np.exp(found.x))


def _carried(report: Whole, rater: Whole, many: Floats, inverse: Floats) -> Floats:
    """Return what the uncertainty of its raters' severities adds to each report's mean."""
    shape = (len(many), len(inverse))
    weights = scipy.sparse.csr_matrix((1.0 / many[report], (report, rater)), shape=shape)
    added: Floats = np.asarray(weights.multiply(weights @ inverse).sum(axis=1), np.float64).ravel()
    return np.clip(added, 0.0, None)
