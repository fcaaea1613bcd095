"""The plan of a season: who reviews what, around what is fixed by hand, without clashes; pure.

`experts.matching.assign` finds the optimum for demands, loads and conflicts. Further conditions are not of its form: no
employer sends two people to one review (R-COMM-07), nobody sits in two meetings at once, judges one agency too often
(R-EXP.repeat) or one unit twice within the cool-down (R-EXP.cooldown, like a clash of time). Where an optimum breaks
one, the pair that is worth less is barred and the season is solved again, until nothing is broken; the bound stays that
of the season without these conditions, so that the gap shown is honest. A lottery is drawn again instead, from the same
seed, until a draw breaks nothing; only where none of many does is a pair barred. The chances are those of one draw.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experts.matching import Impossible, Relaxation, assign, least_relaxation, make_problem
from experts.matching.lottery import draw_pairs

ROUNDS = 400
DRAWS = 200
CERTAIN = 1e-9
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Options:
    """How to assign: loads in the season, fairness to the worst served review, co-service cap, chance of a pair."""

    load_max: int
    load_min: int = 0
    fairness: bool = False
    together: int | None = None
    pair_cap: float | None = None
    seed: int = 0


@dataclass(frozen=True)
class Case:
    """A season as numbers: reviews × experts with their fit, what is barred, wanted, fixed, and what clashes.

    `demand[r]` maps kinds to how many are wanted, `kinds` is the kind of each expert, `free` how many reviews each may
    still take this year, `employers` where each works; `clashes` are pairs of reviews that meet at the same time.
    """

    fit: Floats
    barred: Bools
    demand: Sequence[dict[str, int]]
    kinds: Sequence[str]
    free: Sequence[int]
    employers: Sequence[str]
    clashes: Collection[tuple[int, int]] = ()
    fixed: Collection[tuple[int, int]] = ()
    agencies: Sequence[str] = ()
    """The agency whose work each review judges; nobody judges one more often than `repeat_max` in a year."""
    repeat_max: int = 0
    judged: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """How often an expert has judged an agency this year."""


@dataclass(frozen=True)
class Plan:
    """Who reviews what, fixed pairs among them, with the proof and, in a lottery, each pair's chance."""

    pairs: Sequence[tuple[int, int]]
    objective: float
    bound: float
    total: float
    worst: float
    chances: dict[tuple[int, int], float] = field(default_factory=dict)
    rounds: int = 1

    @property
    def gap(self) -> float:
        """How far the objective may be from the best, as a share of the bound."""
        return max(0.0, self.bound - self.objective) / max(abs(self.bound), 1e-12)


class NoPlan(Exception):
    """No plan keeps every condition: the cause and the least that would have to give."""

    def __init__(self, cause: Impossible, relaxation: Relaxation | None) -> None:
        self.cause, self.relaxation = cause, relaxation
        super().__init__(str(cause))


def plan_season(case: Case, options: Options) -> Plan:
    """Return the best plan. Raises `NoPlan` with the cause and the least relaxation."""
    barred = case.barred.copy()
    for review, expert in case.fixed:
        _bar_beside(case, barred, review, expert)
    bound = None
    for turn in range(1, ROUNDS + 1):
        demand, most, least = _left(case, options)
        asked: dict[str, Any] = {
            "demand": demand,
            "max_load": most,
            "min_load": least,
            "forbidden": barred,
            "categories": case.kinds,
        }
        try:
            found = assign(
                case.fit,
                **asked,
                pair_cap=options.pair_cap,
                fairness="maxmin" if options.fairness and options.pair_cap is None else None,
                seed=options.seed if options.pair_cap is not None else None,
                together=options.together if options.pair_cap is None else None,
            )
        except Impossible as cause:
            raise NoPlan(cause, _relaxation(case, asked)) from cause
        bound = found.bound if bound is None else bound
        drawn, chances = [(int(review), int(expert)) for review, expert in found.pairs], {}
        broken = _broken(case, drawn)
        if found.chances is not None:
            chances = {(int(row[0]), int(row[1])): float(row[2]) for row in found.chances if row[2] > CERTAIN}
            drawn, broken = _draw(case, chances, options.seed)
        if not broken:
            return _plan(case, options, drawn, bound=bound, turn=turn, chances=chances, objective=found.objective)
        for review, expert in broken:
            barred[review, expert] = True
    raise NoPlan(
        Impossible("避免冲突的分配没有在限定步数内找到", "clashes were not resolved in time", kind="clashes"), None
    )


def _draw(
    case: Case, chances: Mapping[tuple[int, int], float], seed: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Draw from the lottery until nothing clashes; else return the draw with the fewest clashes, and those.

    Draw after draw follows from the seed, so that anybody gets the same one; a draw with a clash is set aside whole.
    """
    pairs = list(chances)
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(case.kinds))}
    places = np.array([review * len(kinds) + kinds[case.kinds[expert]] for review, expert in pairs], dtype=np.int64)
    experts = np.array([expert for _review, expert in pairs], dtype=np.int64)
    amounts = np.array([chances[one] for one in pairs], dtype=np.float64)
    best: tuple[list[tuple[int, int]], list[tuple[int, int]]] | None = None
    for turn in range(DRAWS):
        rng = np.random.default_rng([seed, turn])
        drawn = [pairs[place] for place in draw_pairs(places, experts, amounts, rng)]
        broken = _broken(case, drawn)
        if best is None or len(broken) < len(best[1]):
            best = drawn, broken
        if not broken:
            break
    return best if best is not None else ([], [])


def _left(case: Case, options: Options) -> tuple[list[dict[str, int]], list[int], list[int]]:
    """Return what is left to assign beside the fixed pairs: demand, largest and least loads."""
    demand = [dict(one) for one in case.demand]
    taken = [0] * len(case.kinds)
    for review, expert in case.fixed:
        kind = case.kinds[expert]
        demand[review][kind] = max(0, demand[review].get(kind, 0) - 1)
        taken[expert] += 1
    most = [max(0, min(options.load_max, free) - used) for free, used in zip(case.free, taken, strict=True)]
    least = [
        max(0, min(options.load_min, free) - used) if free else 0 for free, used in zip(case.free, taken, strict=True)
    ]
    return demand, most, least


def _bar_beside(case: Case, barred: Bools, review: int, expert: int) -> None:
    """Bar what a fixed pair rules out: itself again, its employer's others, and meetings at the same time."""
    barred[review, expert] = True
    for other, employer in enumerate(case.employers):
        if employer and employer == case.employers[expert]:
            barred[review, other] = True
    for one, two in case.clashes:
        if review in (one, two):
            barred[two if review == one else one, expert] = True


def _broken(case: Case, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs to bar: of each clash the one that is worth less."""
    found: set[tuple[int, int]] = set()
    best: dict[tuple[int, str], tuple[int, int]] = {}
    ordered = sorted(pairs, key=lambda one: (-case.fit[one], one))
    for review, expert in ordered:
        employer = case.employers[expert]
        if employer and best.setdefault((review, employer), (review, expert)) != (review, expert):
            found.add((review, expert))
    reviews_of: dict[int, list[int]] = {}
    for review, expert in ordered:
        reviews_of.setdefault(expert, []).append(review)
    at_once = {frozenset(one) for one in case.clashes}
    for expert, reviews in reviews_of.items():
        kept = [review for review, own in case.fixed if own == expert]
        for review in reviews:
            clashes = any(frozenset((review, one)) in at_once for one in kept)
            if clashes or _too_often(case, expert, review, kept):
                found.add((review, expert))
            else:
                kept.append(review)
    return sorted(found)


def _too_often(case: Case, expert: int, review: int, kept: Sequence[int]) -> bool:
    """Whether one more review of this agency is beyond what one may judge of it in a year (R-EXP.repeat)."""
    if not case.agencies or not case.repeat_max:
        return False
    agency = case.agencies[review]
    count = case.judged.get((expert, agency), 0) + sum(case.agencies[one] == agency for one in kept)
    return count >= case.repeat_max


def _plan(
    case: Case,
    options: Options,
    drawn: Sequence[tuple[int, int]],
    *,
    bound: float,
    turn: int,
    chances: dict[tuple[int, int], float],
    objective: float,
) -> Plan:
    pairs = sorted({*drawn, *case.fixed})
    fixed = float(sum(case.fit[one] for one in case.fixed))
    sums = {review: 0.0 for review, one in enumerate(case.demand) if sum(one.values())}
    for review, expert in pairs:
        sums[review] = sums.get(review, 0.0) + float(case.fit[review, expert])
    worst = min(sums.values(), default=0.0)
    total = float(sum(case.fit[one] for one in pairs))
    if options.fairness and options.pair_cap is None:
        if case.fixed:  # what is fixed counts as well, so that the bound is each review's own best around it
            bound = min((_own_best(case, review) for review in sums), default=0.0)
        return Plan(pairs, worst, max(bound, worst), total, worst, chances, turn)
    reached = (objective if options.pair_cap is not None else float(sum(case.fit[one] for one in drawn))) + fixed
    return Plan(pairs, reached, max(bound + fixed, reached), total, worst, chances, turn)


def _own_best(case: Case, review: int) -> float:
    """Return the most that a review could get if it alone chose, around what is fixed for it."""
    fixed = [expert for one, expert in case.fixed if one == review]
    best = float(sum(case.fit[review, expert] for expert in fixed))
    for kind, wanted in case.demand[review].items():
        left = wanted - sum(case.kinds[expert] == kind for expert in fixed)
        allowed = sorted(
            (
                float(case.fit[review, expert])
                for expert, own in enumerate(case.kinds)
                if own == kind and not case.barred[review, expert] and expert not in fixed
            ),
            reverse=True,
        )
        best += sum(allowed[: max(0, left)])
    return best


def _relaxation(case: Case, asked: dict[str, Any]) -> Relaxation | None:
    try:
        return least_relaxation(make_problem(case.fit, **asked))
    except ValueError:  # a kind of expert that nobody is
        return None


def kinds_for(can: Sequence[Collection[str]], wanted: dict[str, int]) -> list[str]:
    """Return the one kind in which each expert takes part; of several, the one most short of people."""
    supply = dict.fromkeys(wanted, 0)
    for own in can:
        if len(own) == 1:
            supply[next(iter(own))] = supply.get(next(iter(own)), 0) + 1
    found = []
    for own in can:
        open_to = [kind for kind in wanted if kind in own]
        if not open_to:
            found.append("")
            continue
        kind = max(open_to, key=lambda one: (wanted[one] / (supply[one] + 0.5), -list(wanted).index(one)))
        if len(own) > 1:
            supply[kind] += 1
        found.append(kind)
    return found
