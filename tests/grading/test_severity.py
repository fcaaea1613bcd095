"""The model of rater effects: known severities are found, nothing is invented where nothing differs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from grading.severity import NothingToCompare, estimate


def simulated(seed: int, *, reports: int = 120, raters: int = 9, spread: float = 6.0, noise: float = 2.0):
    rng = np.random.default_rng(seed)
    quality, severity = rng.normal(78, 6, reports), rng.normal(0, spread, raters)
    pairs = [(report, who) for report in range(reports) for who in rng.choice(raters, 2, replace=False)]
    report, rater = (np.array(column) for column in zip(*pairs, strict=True))
    return report, rater, quality[report] + severity[rater] + rng.normal(0, noise, len(pairs)), quality, severity


def test_known_severities_are_found_and_reports_rank_better_than_by_plain_means():
    report, rater, rating, quality, severity = simulated(3)
    found = estimate(report, rater, rating)
    apart = severity - severity.mean()
    assert np.abs(found.severity - found.severity.mean() - apart).max() < 2.0
    assert spearmanr(found.adjusted, quality)[0] > spearmanr(found.raw, quality)[0] + 0.03
    assert found.noise == pytest.approx(2.0, abs=0.4)


def test_intervals_hold_the_true_quality_about_as_often_as_they_say():
    inside = []
    for seed in range(6):
        report, rater, rating, quality, severity = simulated(seed, reports=400, raters=60)
        found = estimate(report, rater, rating - severity.mean())
        inside.append(np.mean(np.abs(found.adjusted - quality) <= 1.96 * found.adjusted_error))
    assert 0.9 < np.mean(inside) < 0.99


def test_where_raters_do_not_differ_nothing_is_taken_off():
    report, rater, rating, _quality, _severity = simulated(5, spread=0.0)
    found = estimate(report, rater, rating)
    assert np.abs(found.severity).max() < 1.0
    assert np.abs(found.adjusted - found.raw).max() < 1.0


def test_one_strict_rater_among_equals_is_named():
    rating = [80.0, 80.0, 70.0, 85.0, 85.0, 75.0, 90.0, 90.0, 80.0, 77.0, 77.0, 67.0]
    found = estimate([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3], [0, 1, 2] * 4, rating)
    assert int(np.argmin(found.severity)) == 2
    assert found.severity[2] - found.severity[0] == pytest.approx(-10, abs=0.2)


def test_a_rater_who_shares_no_report_keeps_no_severity():
    found = estimate([0, 0, 1, 1, 2], [0, 1, 0, 1, 2], [80.0, 70.0, 85.0, 76.0, 20.0])
    assert found.known.tolist() == [True, True, False]
    assert found.severity[2] == 0
    assert found.adjusted[2] == 20


def test_nothing_is_said_where_no_report_has_two_raters():
    with pytest.raises(NothingToCompare):
        estimate([0, 1], [0, 1], [80.0, 90.0])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(-20, 20))
def test_severities_do_not_depend_on_the_level_nor_on_the_order(seed, shift):
    report, rater, rating, _quality, _severity = simulated(seed, reports=25, raters=5)
    found = estimate(report, rater, rating)
    order = np.random.default_rng(seed).permutation(len(report))
    other = estimate(report[order], rater[order], rating[order] + shift)
    assert np.allclose(found.severity, other.severity, atol=1e-3)
    assert np.allclose(found.adjusted + shift, other.adjusted, atol=1e-3)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_severities_are_shrunk_and_balance_out(seed):
    report, rater, rating, _quality, _severity = simulated(seed, reports=25, raters=5)
    found = estimate(report, rater, rating)
    assert abs(found.severity.sum()) < 1e-6
    low, high = rating.min(), rating.max()
    assert np.abs(found.severity).max() <= high - low
    assert (found.severity_error >= 0).all()
    assert all(lower <= upper for lower, upper in map(found.interval, range(25)))
