"""The one entry: an assignment of a season, by total fit, by fairness, or by lottery."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from experts.matching.fair import fairest
from experts.matching.flow import best_flow
from experts.matching.lottery import draw_pairs
from experts.matching.problem import Problem, make_problem
from experts.matching.result import Assignment, sorted_pairs
from experts.matching.together import keep_apart

Fairness = Literal["maxmin"]


def assign(
    scores: ArrayLike,
    *,
    demand: Any,
    max_load: ArrayLike,
    min_load: ArrayLike = 0,
    forbidden: ArrayLike | None = None,
    categories: Sequence[Hashable] | None = None,
    pair_cap: ArrayLike | None = None,
    fairness: Fairness | bool | None = None,
    seed: int | None = None,
    together: int | None = None,
) -> Assignment:
    """Assign experts to reviews so that every review has whom it wants and nobody too much.

    `scores` is reviews × experts, higher is better; `forbidden` marks conflicts; the loads and `demand` are one number
    or one for each. With `categories` (one label an expert) `demand` is a mapping from label to number or vector, a
    list of such mappings (one a review), or an array of reviews × sorted labels. The result is the exact optimum of
    total fit, proved by `bound`.

    `pair_cap` (a number or a matrix in (0, 1]) asks for a lottery in which no pair is more probable than that: the
    expected fit is the greatest possible, and `seed` draws the pairs (Jecmen et al., 2020). `fairness="maxmin"` serves
    the worst served review best instead; `together` limits how many reviews two experts share. Both of these are hard
    problems: `gap` shows how far the result may be from the best.

    Raises `Impossible` (a ValueError) naming the cause where nothing keeps every condition, ValueError for input that
    is none.
    """
    problem = make_problem(
        scores,
        demand=demand,
        max_load=max_load,
        min_load=min_load,
        forbidden=forbidden,
        categories=categories,
        pair_cap=pair_cap,
    )
    _check_whole("seed", seed)
    _check_whole("together", together)
    if fairness not in (None, False, True, "maxmin"):
        raise ValueError(f"fairness is 'maxmin' or None, not {fairness!r}")
    if pair_cap is not None:
        if fairness or together is not None:
            raise ValueError("a lottery (pair_cap) cannot be combined with fairness or together")
        return _lottery(problem, seed)
    if fairness:
        return _fair(problem, together)
    return _best(problem, together)


def _check_whole(name: str, value: Any) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0):
        raise ValueError(f"{name} is a whole number from 0, not {value!r}")


def _best(problem: Problem, together: int | None) -> Assignment:
    flow = best_flow(problem)
    reviews, experts, objective = flow.reviews, flow.experts, flow.objective
    if together is not None:
        reviews, experts = keep_apart(problem, reviews, experts, together)
        objective = float(problem.scores[reviews, experts].sum())
    return Assignment(sorted_pairs(reviews, experts), objective, max(flow.bound, objective), objective)


def _fair(problem: Problem, together: int | None) -> Assignment:
    reviews, experts, worst, bound = fairest(problem)
    if together is not None:
        reviews, experts = keep_apart(problem, reviews, experts, together)
        served = np.bincount(reviews, problem.scores[reviews, experts], problem.reviews)
        worst = float(served[problem.demand.sum(axis=1) > 0].min(initial=np.inf))
    total = float(problem.scores[reviews, experts].sum())
    return Assignment(sorted_pairs(reviews, experts), worst, max(bound, worst), total)


def _lottery(problem: Problem, seed: int | None) -> Assignment:
    flow = best_flow(problem)
    places = flow.reviews * problem.groups + problem.group[flow.experts]
    drawn = draw_pairs(places, flow.experts, flow.amounts, np.random.default_rng(seed))
    reviews, experts = flow.reviews[drawn], flow.experts[drawn]
    chances = np.column_stack([flow.reviews, flow.experts, flow.amounts])
    total = float(problem.scores[reviews, experts].sum())
    bound = max(flow.bound, flow.objective)
    return Assignment(sorted_pairs(reviews, experts), flow.objective, bound, total, chances)
