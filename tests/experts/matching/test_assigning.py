"""Assignments of a season: the optimum is the optimum, every condition holds, and what cannot be is explained."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from experts.matching import Impossible, assign


def best_by_integer_program(scores, demand, loads, forbidden, group) -> float | None:
    """The optimum by a general solver that knows nothing of networks; None where there is none."""
    reviews, experts = scores.shape
    places = np.arange(reviews * experts).reshape(scores.shape)
    rows, low, high = [], [], []
    for review in range(reviews):
        for kind in range(demand.shape[1]):
            row = np.zeros(scores.size)
            row[places[review, group == kind]] = 1
            rows.append(row)
            low.append(demand[review, kind])
            high.append(demand[review, kind])
    for expert in range(experts):
        row = np.zeros(scores.size)
        row[places[:, expert]] = 1
        rows.append(row)
        low.append(loads[0][expert])
        high.append(loads[1][expert])
    found = milp(
        -scores.ravel(),
        constraints=LinearConstraint(np.array(rows), low, high),
        integrality=np.ones(scores.size),
        bounds=Bounds(0, np.where(forbidden.ravel(), 0, 1)),
    )
    return None if found.x is None else -found.fun


def holds(pairs, demand, loads, forbidden, group) -> bool:
    """Whether the pairs keep every condition."""
    seated = np.zeros(forbidden.shape, dtype=int)
    np.add.at(seated, (pairs[:, 0], pairs[:, 1]), 1)
    by_kind = np.stack([seated[:, group == kind].sum(axis=1) for kind in range(demand.shape[1])], axis=1)
    load = seated.sum(axis=0)
    return bool(
        seated.max(initial=0) <= 1
        and not seated[forbidden].any()
        and (by_kind == demand).all()
        and (load >= loads[0]).all()
        and (load <= loads[1]).all()
    )


@st.composite
def seasons(draw):
    """Small seasons of any kind: ties and negative scores, conflicts, loads owed, two categories."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    reviews, experts = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    kinds = draw(st.integers(1, 2))
    scores = rng.integers(-3, 9, (reviews, experts)).astype(float)
    if draw(st.booleans()):
        scores = rng.normal(size=(reviews, experts)) * 10.0 ** draw(st.integers(-4, 6))
    group = np.arange(experts) % kinds
    demand = rng.integers(0, 3, (reviews, len(set(group.tolist()))))
    most = rng.integers(0, 4, experts)
    least = np.minimum(most, rng.integers(0, 2, experts) * draw(st.integers(0, 1)))
    return scores, demand, least, most, rng.random((reviews, experts)) < 0.2, group


@given(seasons())
def test_the_total_is_the_best_there_is_or_the_season_is_impossible(season):
    scores, demand, least, most, forbidden, group = season
    best = best_by_integer_program(scores, demand, (least, most), forbidden, group)
    asked = {"demand": demand, "max_load": most, "min_load": least, "forbidden": forbidden, "categories": group}
    if best is None:
        with pytest.raises(Impossible) as refused:
            assign(scores, **asked)
        assert refused.value.reason["zh"]
        assert str(refused.value)
        return
    found = assign(scores, **asked)
    assert holds(found.pairs, demand, (least, most), forbidden, group)
    size = max(1.0, abs(best), float(np.abs(scores).max()))
    assert found.objective == pytest.approx(best, abs=1e-6 * size)
    assert found.objective == pytest.approx(scores[found.pairs[:, 0], found.pairs[:, 1]].sum(), abs=1e-9 * size)
    assert found.bound >= found.objective - 1e-9 * size
    assert found.gap <= 1e-6


def test_a_season_of_hundreds_is_proved_optimal_and_the_same_twice():
    rng = np.random.default_rng(5)
    scores, forbidden = rng.random((300, 200)), rng.random((300, 200)) < 0.05
    first = assign(scores, demand=3, max_load=6, min_load=2, forbidden=forbidden)
    again = assign(scores, demand=3, max_load=6, min_load=2, forbidden=forbidden)
    assert first.gap < 1e-9
    assert (first.pairs == again.pairs).all()
    assert len(first.pairs) == 900


def test_full_loads_need_pairs_far_from_every_review_s_favourites():
    """Everybody wants the same few: the optimum uses pairs that no review would have begun with."""
    scores = np.tile(np.arange(40.0), (60, 1)) + np.random.default_rng(1).random((60, 40)) / 100
    found = assign(scores, demand=2, max_load=3)
    demand, loads, none = np.full((60, 1), 2), np.full(40, 3), np.zeros((60, 40), dtype=bool)
    assert holds(found.pairs, demand, (np.zeros(40), loads), none, np.zeros(40, dtype=int))
    assert found.gap < 1e-9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"demand": 5}, "review 0, 1, 2 wants 5"),
        ({"max_load": 1, "demand": 2}, "4 places"),
        ({"min_load": 2}, "owe 8"),
        ({"min_load": 2, "max_load": 1}, "min_load above max_load"),
        ({"forbidden": [[True] * 4, [False] * 4, [False] * 4]}, "review 0 wants 1"),
        ({"categories": ["财务", "财务", "行业", "行业"], "demand": {"财务": 1, "法律": 1}}, "法律"),
        ({"categories": ["财务", "财务", "财务", "行业"], "demand": {"行业": 1}, "max_load": 2}, "category '行业'"),
        (
            {
                "forbidden": [[False, True, True, True], [False, True, True, True], [False] * 4],
                "max_load": 1,
            },
            "reviews 0, 1 together lack 1",
        ),
    ],
)
def test_what_cannot_be_is_explained(change, words):
    with pytest.raises(Impossible, match=words):
        assign(np.ones((3, 4)), **{"demand": 1, "max_load": 3, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"demand": -1},
        {"demand": 1.5},
        {"max_load": [1, 2]},
        {"forbidden": [[True]]},
        {"categories": ["a"]},
        {"pair_cap": 0},
        {"pair_cap": 1.5},
        {"pair_cap": 0.5, "seed": "abc"},
        {"seed": -1},
        {"together": -1},
        {"demand": "1"},
        {"demand": float("nan")},
        {"demand": [{"": 1}, {"": 1}]},
        {"max_load": None},
        {"max_load": float("inf")},
        {"forbidden": [["False"] * 4] * 3},
        {"forbidden": [[float("nan")] * 4] * 3},
        {"fairness": "most"},
        {"pair_cap": 0.5, "fairness": "maxmin"},
    ],
)
def test_input_that_is_none_is_refused(change):
    with pytest.raises(ValueError, match=r".+"):
        assign(np.ones((3, 4)), **{"demand": 1, "max_load": 3, **change})


def test_scores_that_are_no_numbers_are_refused_unless_the_pair_is_barred():
    scores = np.ones((2, 3))
    scores[0, 0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        assign(scores, demand=1, max_load=2)
    assert len(assign(scores, demand=1, max_load=2, forbidden=np.isnan(scores)).pairs) == 2


@pytest.mark.parametrize("unit", [1e-300, 1e-30, 1e-9, 1.0, 1e9, 1e100])
def test_the_unit_of_the_scores_changes_nothing(unit):
    scores = np.random.default_rng(1).random((6, 5))
    plain, scaled = (assign(scores * one, demand=2, max_load=3) for one in (1.0, unit))
    assert (plain.pairs == scaled.pairs).all()
    assert scaled.objective == pytest.approx(plain.objective * unit, rel=1e-12)
    assert scaled.gap <= 1e-9


def test_small_differences_on_top_of_large_scores_still_decide():
    scores = np.random.default_rng(4).random((7, 6))
    plain, lifted = (assign(scores + one, demand=2, max_load=3, min_load=1) for one in (0.0, 1e6))
    assert (plain.pairs == lifted.pairs).all()


@pytest.mark.parametrize(
    "scores",
    [
        [["a", "b"]],
        [[1j, 2]],
        [1, 2],
        None,
        [[1e308, 1e308]],
        [[1, object()]],
        np.ma.masked_array([[1.0, 2.0]], mask=[[True, False]]),
    ],
)
def test_scores_of_another_kind_are_refused(scores):
    with pytest.raises(ValueError, match="scores"):
        assign(scores, demand=1, max_load=2)


@pytest.mark.parametrize("kind", [list, np.float32, np.int8, np.uint16, bool, object])
def test_any_kind_of_number_is_taken(kind):
    whole = [[3, 1, 0], [2, 2, 1]]
    scores = whole if kind is list else np.array(whole, dtype=kind)
    found = assign(scores, demand=np.uint8(1), max_load=[1, 10**30, 1], forbidden=[[0, 0, 1], [1, 0, 0]])
    assert found.pairs.dtype == np.int64
    assert found.pairs[0].tolist() == [0, 0]


def test_a_review_without_anybody_open_to_it_may_want_nobody():
    found = assign(-np.ones((2, 2)), demand=[0, 1], max_load=1, forbidden=[[True, True], [False, False]])
    assert (len(found.pairs), found.objective, found.bound) == (1, -1.0, -1.0)


def test_each_review_may_say_what_it_wants_of_each_category():
    scores, kinds = np.random.default_rng(2).random((3, 6)), [("a", 1), ("b", 2)] * 3
    asked = [{("a", 1): 1}, {("b", 2): 2}, {}]
    by_array = assign(scores, demand=[[1, 0], [0, 2], [0, 0]], max_load=1, categories=kinds)
    assert (assign(scores, demand=asked, max_load=1, categories=kinds).pairs == by_array.pairs).all()


def test_a_pair_whose_cap_is_nothing_is_never_drawn():
    cap = np.full((4, 5), 0.6)
    cap[:, 2] = 0
    found = assign(np.ones((4, 5)), demand=2, max_load=3, pair_cap=cap, seed=3)
    assert 2 not in found.pairs[:, 1]


def test_nothing_wanted_is_nothing_assigned():
    assert assign([], demand=1, max_load=1).pairs.shape == (0, 2)
    assert assign(np.zeros((3, 0)), demand=0, max_load=2).pairs.shape == (0, 2)
    with pytest.raises(Impossible, match="owe 3"):
        assign(np.zeros((0, 3)), demand=1, max_load=2, min_load=1)
    assert assign(np.ones((2, 3)), demand=0, max_load=2).pairs.shape == (0, 2)
    assert assign(np.zeros((0, 3)), demand=1, max_load=2).pairs.shape == (0, 2)


def test_a_lottery_keeps_every_demand_and_no_pair_is_more_probable_than_its_cap():
    rng = np.random.default_rng(3)
    scores, forbidden, cap = rng.random((12, 15)), rng.random((12, 15)) < 0.1, 0.4
    seen = np.zeros(scores.shape)
    for seed in range(400):
        found = assign(scores, demand=3, max_load=4, forbidden=forbidden, pair_cap=cap, seed=seed)
        assert holds(
            found.pairs, np.full((12, 1), 3), (np.zeros(15), np.full(15, 4)), forbidden, np.zeros(15, dtype=int)
        )
        seen[found.pairs[:, 0], found.pairs[:, 1]] += 1
    assert found.chances[:, 2].max() <= cap + 1e-9
    assert found.gap < 1e-6
    chances = np.zeros(scores.shape)
    chances[found.chances[:, 0].astype(int), found.chances[:, 1].astype(int)] = found.chances[:, 2]
    assert np.abs(seen / 400 - chances).max() < 0.12, "the draw follows the stated chances"
    assert found.objective < assign(scores, demand=3, max_load=4, forbidden=forbidden).objective


def test_the_same_seed_draws_the_same_pairs():
    scores = np.random.default_rng(3).random((10, 12))
    draws = [assign(scores, demand=2, max_load=3, pair_cap=0.5, seed=7).pairs.tolist() for _twice in range(2)]
    assert draws[0] == draws[1]


@given(seasons())
def test_fairness_serves_the_worst_no_worse_and_its_bound_holds(season):
    scores, demand, _least, most, forbidden, group = season
    asked = {"demand": demand, "max_load": most, "forbidden": forbidden, "categories": group}
    try:
        plain = assign(scores, **asked)
    except Impossible:
        return
    found = assign(scores, **asked, fairness="maxmin")
    assert holds(found.pairs, demand, (np.zeros(len(most)), most), forbidden, group)
    asking = demand.sum(axis=1) > 0
    if not asking.any():
        return

    def worst(pairs) -> float:
        served = np.bincount(pairs[:, 0], scores[pairs[:, 0], pairs[:, 1]], len(scores))
        return float(served[asking].min())

    size = max(1.0, float(np.abs(scores).max()))
    assert found.objective == pytest.approx(worst(found.pairs), abs=1e-9 * size)
    assert found.bound >= max(found.objective, worst(plain.pairs)) - 1e-6 * size


def test_fairness_lifts_the_worst_review_close_to_its_bound():
    scores = np.random.default_rng(8).random((80, 60))
    found = assign(scores, demand=3, max_load=4, fairness="maxmin")
    plain = assign(scores, demand=3, max_load=4)
    served = np.bincount(plain.pairs[:, 0], scores[plain.pairs[:, 0], plain.pairs[:, 1]])
    assert found.objective > served.min()
    assert found.gap < 0.05


def test_two_experts_share_no_more_reviews_than_allowed():
    scores = np.tile(np.arange(8.0), (6, 1)) + np.random.default_rng(2).random((6, 8))
    found = assign(scores, demand=3, max_load=6, together=2)
    seated = np.zeros((6, 8), dtype=int)
    seated[found.pairs[:, 0], found.pairs[:, 1]] = 1
    shared = seated.T @ seated
    np.fill_diagonal(shared, 0)
    assert shared.max() <= 2
    assert (seated.sum(axis=1) == 3).all()
    assert found.bound >= found.objective
