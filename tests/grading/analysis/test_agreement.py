"""Agreement against published worked examples with their known values, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.analysis.agreement import Ratings, alpha, correlations

KRIPPENDORFF_2011 = """1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 ."""
"""Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section E: interval alpha 0.849."""
THREE_CODERS = """. . . . . 3 4 1 2 1 1 3 3 . 3
1 . 2 1 3 3 4 3 . . . . . . .
. . 2 1 3 4 4 . 2 1 1 3 3 . 4"""
"""The three coders and fifteen units of the encyclopaedia's article on the coefficient: interval alpha 0.811."""
SHROUT_FLEISS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))
"""Shrout and Fleiss (1979), table 2: ICC(2,1) 0.29, ICC(2,4) 0.62."""


def rows_of(table):
    return [
        (str(unit), str(coder), float(value))
        for coder, line in enumerate(table.splitlines())
        for unit, value in enumerate(line.split())
        if value != "."
    ]


def targets():
    return [(str(i), str(j), float(value)) for i, line in enumerate(SHROUT_FLEISS) for j, value in enumerate(line)]


@pytest.mark.parametrize(("table", "known", "units"), [(KRIPPENDORFF_2011, 0.849, 11), (THREE_CODERS, 0.811, 12)])
def test_alpha_has_the_published_values_where_ratings_are_missing(table, known, units):
    found = alpha(Ratings.of(rows_of(table)), 0.95)
    assert round(found.value, 3) == known
    assert found.cases == units
    assert found.low <= found.value <= found.high


def test_alpha_needs_nobodys_name():
    nameless = [(unit, None, value) for unit, _coder, value in rows_of(KRIPPENDORFF_2011)]
    assert alpha(Ratings.of(nameless), 0.95) == alpha(Ratings.of(rows_of(KRIPPENDORFF_2011)), 0.95)


def test_correlations_have_the_published_values():
    found = correlations(Ratings.of(targets()), 0.95)
    assert round(found.single.value, 2) == 0.29
    assert round(found.average.value, 2) == 0.62
    assert found.raters_each == 4
    assert (round(found.of_reports, 2), round(found.of_raters, 2), round(found.of_chance, 2)) == (2.56, 5.24, 1.02)


def test_correlations_recover_known_variances_where_most_ratings_are_missing():
    rng = np.random.default_rng(5)
    severity, qualities = rng.normal(0, 3, 40), rng.normal(0, 6, 600)
    rows = [
        (str(report), str(rater), 80 + quality + severity[rater] + rng.normal(0, 4))
        for report, quality in enumerate(qualities)
        for rater in rng.choice(40, 3, replace=False)
    ]
    found = correlations(Ratings.of(rows), 0.95)
    of_reports, of_raters = qualities.var(ddof=1), severity.var(ddof=1)
    assert found.of_reports == pytest.approx(of_reports, rel=0.1)
    assert found.of_raters == pytest.approx(of_raters, rel=0.2)
    assert found.of_chance == pytest.approx(16, rel=0.1)
    assert found.single.low < of_reports / (of_reports + of_raters + 16) < found.single.high


def test_nothing_is_made_of_nothing():
    assert alpha(Ratings.of([]), 0.95) is None
    assert alpha(Ratings.of([("a", "x", 80.0), ("b", "x", 90.0)]), 0.95) is None
    assert alpha(Ratings.of([("a", "x", 80.0), ("a", "y", 80.0)]), 0.95) is None
    assert correlations(Ratings.of([("a", None, 80.0), ("a", None, 81.0)]), 0.95) is None
    assert correlations(Ratings.of([("a", "x", 80.0), ("a", "y", 81.0)]), 0.95) is None


ratings = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz"), st.integers(0, 100)),
    min_size=4,
    max_size=18,
    unique_by=lambda one: one[:2],
)


@given(ratings, st.integers(-20, 20), st.sampled_from([0.5, 2.0]))
def test_alpha_knows_neither_where_the_scale_begins_nor_its_unit(rows, shift, unit):
    before = alpha(Ratings.of([(a, b, float(c)) for a, b, c in rows]), 0.95)
    after = alpha(Ratings.of([(a, b, c * unit + shift) for a, b, c in rows]), 0.95)
    assert (before is None) == (after is None)
    if before is not None:
        assert after.value == pytest.approx(before.value, abs=1e-6)
        assert before.value <= 1 + 1e-9


@given(ratings)
def test_full_agreement_is_one(rows):
    same = Ratings.of([(report, rater, float(ord(report))) for report, rater, _value in rows])
    found = alpha(same, 0.95)
    assert found is None or found.value == pytest.approx(1)
