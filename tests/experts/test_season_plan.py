"""A season's plan: parts of the fit, clashes avoided, fixed pairs kept, impossible ones explained; pure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experts.season.fit import PARTS, Matter, Profile, Usual, pairs_of, points, shares, total
from experts.season.plan import Case, NoPlan, Options, kinds_for, plan_season
from experts.suitability import ServiceRecord

WEIGHTS = {"industry": 40, "words": 20, "past": 10, "ratings": 15, "load": 10, "balance": 5}


def profile(**changes) -> Profile:
    return Profile(
        **{
            "industries": frozenset({"P"}),
            "words": "学前教育经费",
            "served": {},
            "record": ServiceRecord(),
            **changes,
        }
    )


def case(rng, reviews=4, experts=12, **changes) -> Case:
    return Case(
        **{
            "fit": rng.random((reviews, experts)) * 100,
            "barred": rng.random((reviews, experts)) < 0.1,
            "demand": [{"a": 2, "b": 1}] * reviews,
            "kinds": ["a", "b", "a"] * (experts // 3),
            "free": [6] * experts,
            "employers": [f"e{number}" for number in range(experts)],
            **changes,
        }
    )


class TestFit:
    def test_the_parts_add_up_and_the_trade_weighs_most(self):
        matter, usual = Matter("P", "普惠性学前教育补助"), Usual(12, 3.0)
        found = shares(matter, profile(), usual)
        assert found["industry"] == 1
        assert 0 < found["words"] < 1
        mine = points(found, WEIGHTS)
        assert total(mine) == pytest.approx(sum(mine.values()), abs=0.01)
        other = points(shares(matter, profile(industries=frozenset({"Q"})), usual), WEIGHTS)
        assert total(mine) - total(other) == pytest.approx(40)

    @given(st.integers(0, 30), st.integers(0, 60), st.integers(0, 40))
    def test_who_served_more_gets_less_for_load_and_balance_and_no_part_leaves_its_range(self, this, three, past):
        record = ServiceRecord(this_year=this, three_years=three)
        busier = ServiceRecord(this_year=this + 1, three_years=three + 1)
        usual = Usual(12, 5.0)
        one, two = (
            shares(Matter("P", "教育"), profile(record=each, served={"P": past}), usual) for each in (record, busier)
        )
        assert two["load"] <= one["load"]
        assert two["balance"] <= one["balance"]
        assert all(0 <= one[part] <= 1 for part in PARTS)

    def test_words_that_every_project_has_tell_nothing(self):
        assert pairs_of("项目绩效评价") == frozenset()
        assert shares(Matter("P", "绩效评价"), profile(words=""), Usual(12, 0))["words"] == 0


class TestPlan:
    def test_nobody_sits_twice_at_once_and_no_employer_sends_two(self):
        rng = np.random.default_rng(3)
        employers = [f"e{number % 5}" for number in range(12)]
        wanted = case(rng, employers=employers, clashes=[(0, 1), (2, 3)], demand=[{"a": 1, "b": 1}] * 4)
        found = plan_season(wanted, Options(load_max=3))
        for review in range(4):
            sent = [employers[expert] for one, expert in found.pairs if one == review]
            assert len(sent) == len(set(sent)) == 2
        for one, two in wanted.clashes:
            assert not {e for r, e in found.pairs if r == one} & {e for r, e in found.pairs if r == two}
        assert found.bound >= found.objective
        assert found.total == pytest.approx(sum(wanted.fit[pair] for pair in found.pairs))

    def test_a_plan_without_clashes_is_the_proved_optimum(self):
        found = plan_season(case(np.random.default_rng(5)), Options(load_max=3))
        assert found.gap < 1e-9
        assert found.rounds == 1

    @given(st.integers(0, 10_000))
    def test_what_is_fixed_stays_and_the_rest_is_the_best_around_it(self, seed):
        rng = np.random.default_rng(seed)
        wanted = case(rng, barred=np.zeros((4, 12), dtype=bool))
        free = plan_season(wanted, Options(load_max=3))
        fixed = plan_season(
            case(rng, fit=wanted.fit, barred=wanted.barred, fixed=[(0, 3), (2, 7)]), Options(load_max=3)
        )
        assert {(0, 3), (2, 7)} <= set(fixed.pairs)
        assert len(fixed.pairs) == 12
        assert fixed.total <= free.total + 1e-9
        load = np.bincount([expert for _review, expert in fixed.pairs], minlength=12)
        assert load.max() <= 3

    def test_a_lottery_keeps_chances_below_the_cap_and_its_draw_clean(self):
        rng = np.random.default_rng(8)
        employers = [f"e{number % 8}" for number in range(24)]
        wanted = case(rng, experts=24, employers=employers)
        found = plan_season(wanted, Options(load_max=4, pair_cap=0.5, seed=11))
        assert max(found.chances.values()) <= 0.5 + 1e-9
        assert found.pairs == plan_season(wanted, Options(load_max=4, pair_cap=0.5, seed=11)).pairs
        for review in range(4):
            sent = [employers[expert] for one, expert in found.pairs if one == review]
            assert len(sent) == len(set(sent)) == 3

    def test_fairness_serves_the_worst_review_no_worse_around_fixed_pairs_too(self):
        wanted = case(np.random.default_rng(2), fixed=[(1, 4)], barred=np.zeros((4, 12), dtype=bool))
        fair, plain = (plan_season(wanted, Options(load_max=2, fairness=one)) for one in (True, False))
        assert fair.worst >= plain.worst - 1e-9
        assert fair.bound >= fair.objective == fair.worst

    def test_what_cannot_be_comes_with_its_cause_and_the_least_relaxation(self):
        wanted = case(np.random.default_rng(1), barred=np.zeros((4, 12), dtype=bool), demand=[{"a": 8, "b": 4}] * 4)
        with pytest.raises(NoPlan) as refused:
            plan_season(wanted, Options(load_max=2))
        assert refused.value.cause.kind == "group"
        assert refused.value.relaxation.raise_load == 2
        assert refused.value.relaxation.missing == 24
        with pytest.raises(NoPlan) as refused:
            plan_season(case(np.random.default_rng(1), demand=[{"c": 1}] * 4), Options(load_max=2))
        assert (refused.value.cause.kind, refused.value.cause.label) == ("label", "c")

    def test_somebody_of_several_kinds_takes_part_where_people_are_short(self):
        can = [{"a"}, {"a"}, {"a", "b"}, {"b", "c"}, set()]
        assert kinds_for(can, {"a": 2, "b": 2, "c": 1}) == ["a", "a", "b", "c", ""]
