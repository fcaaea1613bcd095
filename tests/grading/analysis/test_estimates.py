"""Intervals, rates, waiting times and drift against published values and brute force."""

from __future__ import annotations

from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.analysis.drift import Rating, TrendSums, leniency_of, parts_of, trend_of
from grading.analysis.durations import waiting_of
from grading.analysis.estimates import mean_of, rate_of, share_of
from grading.analysis.rates import EVEN, House, house_of, shrunk

FREIREICH = [
    (6, True, 3), (6, False, 1), (7, True, 1), (9, False, 1), (10, True, 1), (10, False, 1), (11, False, 1),
    (13, True, 1), (16, True, 1), (17, False, 1), (19, False, 1), (20, False, 1), (22, True, 1), (23, True, 1),
    (25, False, 1), (32, False, 2), (34, False, 1), (35, False, 1),
]  # fmt: skip
"""Weeks of remission under 6-MP, Freireich and others (1963): the textbook example of the product limit."""


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 3.69), (5, 1.62, 11.67), (10, 4.80, 18.39)])
def test_poisson_intervals_are_the_tables(count, low, high):
    found = rate_of(count, 1, 0.95)
    assert (round(found.low, 2), round(found.high, 2)) == (low, high)
    assert rate_of(count, 0, 0.95) is None


def test_a_share_of_nothing_is_unknown_and_wilsons_interval_is_known():
    assert share_of(0, 0, 0.95) is None
    found = share_of(3, 20, 0.95)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3604)


def test_a_mean_of_one_case_has_no_interval():
    assert mean_of(1, 80.0, None, 0.95) is None
    assert mean_of(4, 80.0, 2.0, 0.95).low == pytest.approx(80 - 3.1824, abs=1e-3)


def test_the_product_limit_is_the_textbooks():
    found = waiting_of(FREIREICH, 0.95)
    assert [(one.day, round(one.open, 3), one.at_risk) for one in found.steps] == [
        (6, 0.857, 21), (7, 0.807, 17), (10, 0.753, 15), (13, 0.690, 12), (16, 0.627, 11), (22, 0.538, 7), (23, 0.448, 6),
    ]  # fmt: skip
    assert (found.median, found.median_low, found.median_high) == (23, 13, None)
    assert (found.done, found.still_open) == (9, 12)


def test_letters_that_are_all_open_have_no_median():
    found = waiting_of([(3, False, 2)], 0.95)
    assert (found.median, found.done, found.still_open, found.steps) == (None, 0, 2, ())


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.integers(1, 4)), min_size=1, max_size=20))
def test_what_is_open_only_falls_and_lies_in_its_interval(groups):
    found = waiting_of(groups, 0.95)
    shares = [one.open for one in found.steps]
    assert shares == sorted(shares, reverse=True)
    assert all(one.low <= one.open + 1e-9 and one.open <= one.high + 1e-9 for one in found.steps)


def test_agencies_that_differ_no_more_than_by_chance_are_drawn_to_the_mean():
    rng = np.random.default_rng(3)
    alike = [(int(rng.poisson(8)), 4, 1) for _agency in range(200)]
    house = house_of(alike)
    assert house.rate == pytest.approx(2, rel=0.1)
    assert shrunk(16, 4, house, 0.95).value == pytest.approx(house.rate, rel=0.25)


def test_agencies_that_do_differ_keep_their_own_rate_and_few_reports_less_of_it():
    rng = np.random.default_rng(4)
    groups = [(int(rng.poisson(rate * 5)), 5, 1) for rate in rng.gamma(1.5, 2 / 1.5, 300)]
    house = house_of(groups)
    assert house.shape == pytest.approx(1.5, rel=0.4)
    much, little = shrunk(60, 10, house, 0.95), shrunk(6, 1, house, 0.95)
    assert abs(much.value - 6) < abs(little.value - 6)
    assert little.high - little.low > much.high - much.low
    assert much.side_of(house.rate) == 1


def test_no_reports_and_no_findings():
    assert house_of([]) is None
    assert house_of([(0, 3, 2)]) == House(0.0, EVEN)
    assert shrunk(0, 3, House(0.0, EVEN), 0.95).high == 0


scores = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(40, 100), min_size=1)


@given(scores, scores)
def test_the_parts_of_a_change_add_up_to_it(before, now):
    both = sorted(set(before) & set(now))
    found = parts_of(
        fmean(before.values()),
        fmean(now.values()),
        fmean(before[one] for one in both) if both else None,
        fmean(now[one] for one in both) if both else None,
    )
    assert (found is None) == (not both)
    if found is not None:
        assert found.whole == pytest.approx(fmean(now.values()) - fmean(before.values()), abs=1e-6)


def test_a_trend_of_sums_is_the_regression_within_agencies():
    rng = np.random.default_rng(6)
    sums, slopes = np.zeros(6), []
    for _agency in range(60):
        years = np.sort(rng.choice(6, rng.integers(2, 6), replace=False)).astype(float)
        values = 80 + rng.normal(0, 8) + 0.7 * years + rng.normal(0, 1, len(years))
        year, value = years - years.mean(), values - values.mean()
        tt, ty = float(year @ year), float(year @ value)
        sums += np.array([1, tt, ty, ty * ty, ty * tt, tt * tt])
        slopes.append((tt, ty))
    found = trend_of(TrendSums(int(sums[0]), *(float(one) for one in sums[1:])), 0.95)
    whole = sum(ty for _tt, ty in slopes) / sum(tt for tt, _ty in slopes)
    assert found.value == pytest.approx(whole)
    assert found.low < 0.7 < found.high
    assert found.side_of(0) == 1
    assert trend_of(TrendSums(2, 1, 1, 1, 1, 1), 0.95) is None


def ratings(before, now, *, milder=0.0):
    rng = np.random.default_rng(8)
    for year, raters in ((2024, before), (2025, now)):
        for number in range(60):
            quality = rng.normal(80, 6)
            for rater in rng.choice(raters, 2, replace=False):
                severity = {"strict": -6.0, "mild": 6.0}.get(str(rater), 0.0)
                yield Rating(f"{year}-{number}", str(rater), year, quality + severity + milder + rng.normal(0, 1))


def test_the_raters_part_is_found_when_milder_people_rate():
    found = leniency_of(list(ratings(["strict", "plain"], ["plain", "mild"])), 2024, 2025, 0.95)
    assert found.raters.value == pytest.approx(6, abs=1.5)
    assert found.raters.low > 0
    assert found.whole == pytest.approx(found.raters.value + found.reports)
    assert found.common == 1


def test_years_without_a_common_rater_cannot_be_compared():
    assert leniency_of(list(ratings(["a", "b"], ["c", "d"])), 2024, 2025, 0.95) is None
    assert leniency_of([], 2024, 2025, 0.95) is None
