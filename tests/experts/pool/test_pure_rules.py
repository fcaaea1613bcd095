"""Admission, appraisal, suitability and tax without a database.

R-EXP.age, R-EXP-02, R-EXP-03, R-EXP-04, R-EXP-08, R-EXP.score, R-EXP.exit, R-EXP.suspension, R-EXP.tax, R-EXP.month.
"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experts.admission import DECLARATIONS, Candidate, Limits, findings
from experts.appraisal import Mark, Thresholds, Verdict, average, verdict, year_scores
from experts.states import Category, Division, Education, ExitKind
from experts.suitability import ServiceRecord
from experts.withholding import Bracket, TaxScale, withhold
from projects.states import Industry

TODAY = date(2026, 11, 26)
LIMITS = Limits(
    in_post_max=65,
    age_max=70,
    entry_age=65,
    field_years=8,
    model_years=10,
    specialities_max=3,
    look_back_years=3,
    reentry_years=1,
)
GOOD = Candidate(
    "教授",
    1975,
    is_retired=False,
    field_since=2000,
    education=Education.DOCTOR,
    categories=(Category.SCHOLAR,),
    specialities=2,
    declared=frozenset(key for key, _words, _rule in DECLARATIONS),
)
THRESHOLDS = Thresholds(Decimal(60), 3, 5, 3, 10, Decimal(90), 2)
SCALE = TaxScale(
    Decimal(800),
    Decimal(4000),
    Decimal(20),
    (
        Bracket(Decimal(20000), 20, Decimal(0)),
        Bracket(Decimal(50000), 30, Decimal(2000)),
        Bracket(None, 40, Decimal(7000)),
    ),
)
FEES = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)


class TestAdmission:
    def test_nothing_speaks_against_a_good_candidate(self):
        assert findings(GOOD, LIMITS, TODAY) == []

    @pytest.mark.parametrize(
        ("changes", "rule", "bars"),
        [
            ({"birth_year": 1960}, "R-EXP.age", True),
            ({"birth_year": 1961}, "R-EXP-02", False),
            ({"birth_year": 1955, "is_retired": True}, "R-EXP.age", True),
            ({"birth_year": 1957, "is_retired": True}, "R-EXP-02", False),
            ({"title": "会计师", "field_since": 2020}, "R-EXP-04", False),
            ({"title": "科员"}, "R-EXP-08", False),
            ({"field_since": 2018}, "R-EXP-08", False),
            ({"education": Education.OTHER}, "R-EXP-08", False),
            ({"specialities": 4}, "R-EXP-04", False),
            ({"breaches": [date(2025, 3, 1)]}, "R-COMM-14", True),
            ({"declared": GOOD.declared - {"no_offence"}}, "R-EXP-02", True),
            ({"declared": GOOD.declared - {"reports_changes"}}, "R-EXP-01", True),
            ({"left": (ExitKind.FALSE_MATERIAL, date(2010, 1, 1))}, "R-EXP-02", True),
            ({"left": (ExitKind.SCORE, date(2026, 1, 1))}, "R-EXP-02", True),
        ],
    )
    def test_what_bars_and_what_only_asks_for_a_reason(self, changes, rule, bars):
        found = findings(dataclasses.replace(GOOD, **changes), LIMITS, TODAY)
        assert (rule, bars) in {(one.rule_id, one.bars) for one in found}
        assert any(one.bars for one in found) is bars

    def test_after_the_years_one_may_return_and_representatives_need_no_title(self):
        returning = dataclasses.replace(GOOD, left=(ExitKind.SCORE, date(2025, 11, 1)))
        deputy = dataclasses.replace(
            GOOD, title="", field_since=None, education=None, categories=(Category.CONGRESS, Category.AUDIT)
        )
        assert findings(returning, LIMITS, TODAY) == findings(deputy, LIMITS, TODAY) == []

    @given(st.integers(1930, 2005), st.booleans())
    def test_being_younger_never_harms(self, born, is_retired):
        older = dataclasses.replace(GOOD, birth_year=born, is_retired=is_retired, field_since=None)
        younger = dataclasses.replace(older, birth_year=born + 1)
        assert len(findings(younger, LIMITS, TODAY)) <= len(findings(older, LIMITS, TODAY))


class TestAppraisal:
    def test_years_are_averaged_apart_newest_first(self):
        marks = [Mark(date(2025, 3, 1), Decimal(80)), Mark(date(2026, 3, 1), Decimal(90)), Mark(TODAY, Decimal(71))]
        assert [(one.year, one.average, one.count) for one in year_scores(marks)] == [
            (2026, Decimal("80.50"), 2),
            (2025, Decimal("80.00"), 1),
        ]
        assert average([]) is None

    @pytest.mark.parametrize(
        ("points", "absences", "silences", "expected"),
        [
            ([], 0, 0, Verdict.UNRATED),
            ([59, 60, 60], 0, 0, Verdict.EXIT),
            ([0, 0], 0, 0, Verdict.KEEP),
            ([60, 60, 60], 0, 0, Verdict.KEEP),
            ([90], 5, 0, Verdict.SUSPEND),
            ([90], 0, 3, Verdict.SUSPEND),
            ([50, 50, 50], 5, 3, Verdict.EXIT),
            ([90] * 10, 0, 0, Verdict.SENIOR),
            ([90] * 9, 0, 0, Verdict.KEEP),
            ([90] * 10 + [89], 0, 0, Verdict.KEEP),
        ],
    )
    def test_what_follows(self, points, absences, silences, expected):
        marks = [Mark(TODAY - timedelta(days=number), Decimal(one)) for number, one in enumerate(points)]
        assert verdict(marks, absences, silences, THRESHOLDS, TODAY) is expected

    @given(st.lists(st.integers(0, 100), min_size=1, max_size=12), st.integers(0, 4), st.integers(0, 2))
    def test_better_points_never_lead_out_of_the_pool(self, points, absences, silences):
        marks = [Mark(TODAY, Decimal(one)) for one in points]
        better = [Mark(TODAY, min(Decimal(100), one.points + 5)) for one in marks]
        if verdict(marks, absences, silences, THRESHOLDS, TODAY) is not Verdict.EXIT:
            assert verdict(better, absences, silences, THRESHOLDS, TODAY) is not Verdict.EXIT


class TestServiceRecord:
    def test_without_ratings_the_usual_is_expected_and_own_ones_count_the_more_there_are(self):
        assert ServiceRecord().expected_rating == pytest.approx(80)
        few, many = (ServiceRecord(rated=rated, average=Decimal(95)).expected_rating for rated in (1, 9))
        assert 80 < few < many < 95


class TestTax:
    @pytest.mark.parametrize(
        ("gross", "tax"),
        [("800", "0"), ("1500", "140"), ("4000", "640"), ("5000", "800"), ("30000", "5200"), ("100000", "25000")],
    )
    def test_the_published_examples_r_exp_tax(self, gross, tax):
        assert withhold(Decimal(gross), SCALE).tax == Decimal(tax)

    @given(FEES, FEES)
    def test_splitting_a_months_fees_changes_nothing_r_exp_month(self, first, second):
        before = withhold(first, SCALE)
        after = withhold(second, SCALE, earlier=first, withheld=before.tax)
        assert before.tax + after.tax == withhold(first + second, SCALE).tax
        assert 0 <= after.tax < second

    @given(FEES, FEES)
    def test_each_alone_where_the_bureau_says_so(self, first, second):
        alone = dataclasses.replace(SCALE, month_together=False)
        assert withhold(second, alone, earlier=first, withheld=Decimal(1)) == withhold(second, alone)

    @given(FEES, FEES)
    def test_who_earns_more_keeps_more(self, one, other):
        low, high = sorted((one, other))
        assert withhold(low, SCALE).net <= withhold(high, SCALE).net


def test_every_division_belongs_to_its_section():
    assert len(Division) == 97
    assert (Division("83").section, Division("01").section, Division("97").section) == (
        Industry.P,
        Industry.A,
        Industry.T,
    )
    assert {one.section for one in Division} == set(Industry)
