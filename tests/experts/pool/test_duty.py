"""Duty on committees in the pool, and the conditions for judging bids: R-COMM-13, R-COMM-14, R-EXP.load, R-EXP.fee."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.identity.roles import Role
from experts.exclusions import Exclusion
from experts.models import Expert
from experts.qualification import Conditions, Standing, shortcoming, title_level
from experts.services.conflicts import screen
from experts.services.duty import Duty, conditions, duties_of, keep_duty, shortcomings
from experts.services.pool import admit_expert
from experts.states import DutyRating, TitleLevel
from tests.factories.experts import entry, make_expert, submitted_engagement
from tests.factories.identity import make_user

TODAY = date(2026, 11, 26)
NUMBERS = Conditions(field_years=8, age_max=70, look_back_years=3)
GOOD = Standing("副教授", 1980, None)


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("教授", TitleLevel.SENIOR),
        ("副教授", TitleLevel.SENIOR),
        ("研究员", TitleLevel.SENIOR),
        ("副研究员", TitleLevel.SENIOR),
        ("正高级经济师", TitleLevel.SENIOR),
        ("高级工程师", TitleLevel.SENIOR),
        ("助理研究员", TitleLevel.INTERMEDIATE),
        ("注册会计师", TitleLevel.INTERMEDIATE),
        ("讲师", TitleLevel.INTERMEDIATE),
        ("助理工程师", TitleLevel.OTHER),
        ("助教", TitleLevel.OTHER),
        ("", TitleLevel.OTHER),
    ],
)
def test_titles_rank_by_their_words_r_comm_14(title, level):
    assert title_level(title) is level


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"title": "会计师", "field_since": 2018}, None),
        ({"title": "会计师", "field_since": 2019}, "不满8年"),
        ({"title": "会计师"}, "没有起始年份"),
        ({"title": "科员", "field_since": 1999}, "没有中级"),
        ({"birth_year": 1956}, "已满70周岁"),
        ({"birth_year": 1957}, None),
        ({"breaches": [date(2024, 1, 5)]}, "违反评审纪律"),
        ({"breaches": [date(2023, 11, 25)]}, None),
    ],
)
def test_the_conditions_of_an_expert_r_comm_14(changes, words):
    reason = shortcoming(dataclasses.replace(GOOD, **changes), NUMBERS, TODAY)
    assert (reason is None) if words is None else words in str(reason)


@given(st.integers(1930, 2004), st.integers(0, 45), st.sampled_from(["会计师", "教授", "科员"]))
def test_a_year_more_in_the_field_never_harms_and_a_better_title_neither(born, years, title):
    fewer = Standing(title, born, TODAY.year - years)
    more = dataclasses.replace(fewer, field_since=max(born + 1, TODAY.year - years - 1))
    if shortcoming(fewer, NUMBERS, TODAY) is None:
        assert shortcoming(more, NUMBERS, TODAY) is None
        assert shortcoming(dataclasses.replace(fewer, title="教授"), NUMBERS, TODAY) is None


def duty(uow, number: int = 1, **changes) -> Duty:
    held = uow.today - timedelta(days=number)
    values = {
        "source": f"committee-seat:{number}",
        "number": f"CHZC-2026-{number}",
        "title": "绩效评价采购",
        "held_on": held,
        "rating": DutyRating.GOOD,
        "remark": "",
        "fee": Decimal(800),
    }
    return Duty(**{**values, **changes})


class TestThePool:
    def test_the_numbers_come_from_the_rule_data(self, uow):
        assert conditions(uow) == NUMBERS

    def test_a_corrected_record_replaces_the_first_and_strangers_have_none_r_comm_13(self, uow):
        expert = make_expert(uow)
        keep_duty(uow, expert.user_id, duty(uow))
        keep_duty(uow, expert.user_id, duty(uow, rating=DutyRating.BREACH, remark="迟到并带走资料", fee=Decimal(0)))
        assert [(one.rating, one.fee) for one in duties_of(uow, expert)] == [(DutyRating.BREACH, Decimal(0))]
        assert "违反评审纪律" in str(shortcomings(uow, [expert])[expert.id])
        assert keep_duty(uow, make_user(uow, Role.EXPERT).id, duty(uow, 2)) is None

    def test_reviews_of_bids_count_towards_the_years_load_r_exp_load(self, uow):
        engagement, _manager = submitted_engagement(uow)
        tired, fresh = make_expert(uow), make_expert(uow)
        for number in range(12):
            keep_duty(uow, tired.user_id, duty(uow, number, held_on=date(uow.today.year, 1, 2)))
        found = {one.expert.id: one.exclusion for one in screen(uow, engagement)}
        assert (found[tired.id], found[fresh.id]) == (Exclusion.LOAD, None)

    def test_a_year_in_the_field_before_birth_is_refused(self, uow):
        with pytest.raises(Refused) as refused:
            admit_expert(uow, entry(uow, birth_year=1980, field_since=1979))
        assert [(one.field, one.rule_id) for one in refused.value.refusals] == [("field_since", "R-COMM-14")]

    def test_the_page_shows_duty_fee_and_whether_one_may_judge_bids_r_exp_fee(self, uow, client_as):
        expert: Expert = make_expert(uow, professional_title="会计师", field_since=uow.today.year - 3)
        keep_duty(uow, expert.user_id, duty(uow, fee=Decimal(1250)))
        page = client_as(make_user(uow, Role.QUALITY_OFFICER)).get(f"/experts/{expert.id}").get_data(as_text=True)
        assert "1,250.00" in page
        assert "CHZC-2026-1" in page
        assert "不满8年" in page
        assert client_as(make_user(uow, Role.AGENCY_STAFF)).get(f"/experts/{expert.id}").status_code in (403, 404)
