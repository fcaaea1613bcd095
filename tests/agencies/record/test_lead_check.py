"""Who may be lead evaluator, without a database: R-LEAD-01 with periods of work, R-AGENCY-03 for what runs out."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.lead_check import Certificate, LeadFacts, Limits, facts_of, ran_out, summary, verdict
from agencies.periods import NO_SERVICE, YEAR, Period, Service, later, merged, service
from agencies.states import Answer, Degree, Licence, Offence, TitleRank

TODAY = date(2026, 11, 26)
LIMITS = Limits(work_years=5, evaluation_years=3, offence_years=5)
GOOD = LeadFacts(
    rank=TitleRank.INTERMEDIATE,
    title="会计师",
    degree=Degree.BACHELOR,
    work=(Period(date(2015, 7, 1)),),
    evaluation=(Period(date(2020, 1, 1)),),
    contract=Period(date(2020, 1, 1), date(2027, 12, 31)),
    offence=Offence.NONE,
)

DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))
PERIODS = st.builds(
    lambda begins, days: Period(begins, None if days is None else begins + timedelta(days=days)),
    DAYS,
    st.none() | st.integers(0, 4000),
)


class TestPeriods:
    @pytest.mark.parametrize(
        ("periods", "years", "days"),
        [
            ([Period(date(2021, 7, 1), date(2026, 6, 30))], 5, 0),
            ([Period(date(2021, 7, 1), date(2026, 6, 29))], 4, 364),
            ([Period(date(2020, 2, 29), date(2021, 2, 28))], 1, 0),
            ([Period(date(2018, 1, 1), date(2019, 12, 31)), Period(date(2021, 1, 1), date(2021, 12, 31))], 3, 0),
            ([Period(date(2018, 1, 1), date(2020, 12, 31)), Period(date(2019, 1, 1), date(2021, 12, 31))], 4, 0),
            ([Period(date(2026, 11, 26))], 0, 1),
            ([Period(date(2027, 1, 1))], 0, 0),
        ],
        ids=["to the day", "a day short", "leap day", "a gap", "an overlap", "today", "ahead"],
    )
    def test_full_years_are_counted_by_the_calendar(self, periods, years, days):
        total = service(periods, TODAY)
        assert (total.years, total.days) == (years, days)

    @given(st.lists(PERIODS, max_size=6), DAYS)
    def test_days_are_those_of_the_union(self, periods, on):
        days = set()
        for one in periods:
            last = min(one.ends_on or on, on)
            days |= {one.begins_on + timedelta(days=n) for n in range((last - one.begins_on).days + 1)}
        total = service(periods, on)
        assert total.years * YEAR + total.days == sum((day.month, day.day) != (2, 29) for day in days)

    @given(st.lists(PERIODS, max_size=6), PERIODS, DAYS)
    def test_another_period_never_makes_it_less(self, periods, more, on):
        assert service([*periods, more], on) >= service(periods, on)
        assert service([*periods, *periods], on) == service(periods, on)

    @given(st.lists(PERIODS, min_size=1, max_size=6), DAYS)
    def test_time_never_takes_service_away(self, periods, on):
        assert service(periods, on + timedelta(days=40)) >= service(periods, on)

    @given(PERIODS, st.integers(1, 3000), DAYS)
    def test_a_period_cut_in_two_counts_the_same(self, period, cut, on):
        middle = period.begins_on + timedelta(days=cut)
        if (period.ends_on or on) > middle:
            parts = [Period(period.begins_on, middle), Period(middle + timedelta(days=1), period.ends_on)]
            assert service(parts, on) == service([period], on)

    @given(st.lists(PERIODS, max_size=6), DAYS)
    def test_merged_spans_are_apart_and_in_order(self, periods, on):
        spans = merged(periods, on)
        assert all(begins <= ends <= on for begins, ends in spans)
        assert all(after[0] > before[1] + timedelta(days=1) for before, after in itertools.pairwise(spans))

    @given(DAYS, st.integers(1, 20))
    def test_a_period_of_whole_years_counts_just_those(self, begins, years):
        last = later(begins, years) - timedelta(days=1)
        whole = [Period(begins, last)]
        assert service(whole, last) == Service(years, 0)
        assert service(whole, last - timedelta(days=1)) < Service(years, 0)

    def test_nothing_is_no_service(self):
        assert service([], TODAY) == NO_SERVICE


class TestTheVerdict:
    def test_everything_kept_qualifies(self):
        found = verdict(GOOD, LIMITS, TODAY)
        assert found.qualifies
        assert {one.answer for one in found.points} == {Answer.KEPT}

    @pytest.mark.parametrize(
        ("changes", "key", "answer"),
        [
            ({"rank": TitleRank.NONE}, "standing", Answer.BROKEN),
            ({"rank": TitleRank.NONE, "certificates": (Certificate(Licence.LAWYER),)}, "standing", Answer.KEPT),
            ({"rank": TitleRank.NONE, "certificates": (Certificate(Licence.OTHER),)}, "standing", Answer.DOUBTFUL),
            (
                {
                    "rank": TitleRank.NONE,
                    "certificates": (Certificate(Licence.APPRAISER, expires_on=TODAY - timedelta(days=1)),),
                },
                "standing",
                Answer.BROKEN,
            ),
            (
                {"rank": TitleRank.NONE, "certificates": (Certificate(Licence.APPRAISER, expires_on=TODAY),)},
                "standing",
                Answer.KEPT,
            ),
            (
                {
                    "rank": TitleRank.NONE,
                    "certificates": (Certificate(Licence.LAWYER, issued_on=TODAY + timedelta(days=1)),),
                },
                "standing",
                Answer.DOUBTFUL,
            ),
            ({"work": (Period(date(2021, 11, 28)),)}, "work", Answer.BROKEN),
            ({"work": (Period(date(2021, 11, 27)),)}, "work", Answer.KEPT),
            ({"evaluation": (Period(date(2020, 1, 1), date(2022, 12, 30)),)}, "evaluation", Answer.BROKEN),
            ({"evaluation": (Period(date(2020, 1, 1), date(2022, 12, 31)),)}, "evaluation", Answer.KEPT),
            ({"offence": None}, "offence", Answer.BROKEN),
            ({"offence": Offence.OTHER, "served_on": date(1990, 1, 1)}, "offence", Answer.BROKEN),
            ({"offence": Offence.NEGLIGENT, "served_on": date(2021, 11, 26)}, "offence", Answer.BROKEN),
            ({"offence": Offence.NEGLIGENT, "served_on": date(2021, 11, 25)}, "offence", Answer.KEPT),
            ({"degree": Degree.COLLEGE}, "degree", Answer.DOUBTFUL),
            ({"contract": None}, "contract", Answer.DOUBTFUL),
            ({"contract": Period(date(2020, 1, 1), date(2026, 11, 25))}, "contract", Answer.BROKEN),
        ],
    )
    def test_each_condition_r_lead_01(self, changes, key, answer):
        if changes.get("certificates") and changes["certificates"][0].issued_on:
            answer = Answer.BROKEN
        found = verdict(dataclasses.replace(GOOD, **changes), LIMITS, TODAY)
        assert {one.key: one.answer for one in found.points}[key] is answer
        assert found.qualifies is (answer is not Answer.BROKEN)
        assert all(str(one.reason) and one.rule_id.startswith("R-") for one in found.points)

    @given(st.lists(PERIODS, max_size=4), st.lists(PERIODS, max_size=4), DAYS)
    def test_who_qualified_goes_on_to_qualify_unless_something_ran_out(self, work, evaluation, on):
        facts = dataclasses.replace(GOOD, work=tuple(work), evaluation=tuple(evaluation), contract=None)
        if verdict(facts, LIMITS, on).qualifies:
            assert verdict(facts, LIMITS, on + timedelta(days=400)).qualifies

    def test_what_ran_out_by_itself_is_named_with_its_day_r_agency_03(self):
        facts = dataclasses.replace(
            GOOD,
            certificates=(
                Certificate(Licence.APPRAISER, expires_on=date(2026, 9, 30)),
                Certificate(Licence.LAWYER, expires_on=TODAY),
                Certificate(Licence.ACCOUNTANT),
            ),
            contract=Period(date(2020, 1, 1), date(2026, 10, 31)),
        )
        assert [day for _title, day in ran_out(facts, TODAY)] == [date(2026, 9, 30), date(2026, 10, 31)]

    def test_facts_are_read_from_an_entry(self):
        facts = facts_of(
            {
                "rank": "senior",
                "title": "高级会计师",
                "certificates": [
                    {"licence": "accountant", "number": "", "issued_on": "2016-06-01", "expires_on": None}
                ],
                "work": [{"employer": "某所", "begins_on": "2010-07-01", "ends_on": ""}, {"employer": "未写日期"}],
                "offence": "none",
            }
        )
        assert facts.work == (Period(date(2010, 7, 1)),)
        assert facts.contract is None
        assert facts_of({}) == LeadFacts()
        assert summary(LeadFacts()) == "—"
