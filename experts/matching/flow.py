"""The exact optimum of a transport problem too wide to write down whole: columns are generated as prices ask for them.

A season of 2,000 reviews and 2,000 experts has four million pairs, of which an optimum uses a few thousand. The linear
program starts from each review's best experts, and its prices (duals) are then held against every pair at once; pairs
that would pay are added and the program is solved again from where it stood. When none pays, the restricted optimum is
the optimum of the whole, and the prices prove it: `bound` is the dual value over all pairs, whatever the solver thinks.
Vertices of a transport program are whole numbers, so no rounding is done (Dantzig 1951; Gilmore and Gomory 1961).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np

from experts.matching.infeasible import explain
from experts.matching.problem import Bools, Floats, Impossible, Ints, Problem
from experts.quiet_solver import new_model

SPARE = 7  # how many more experts than wanted a review begins with: 5 to 10 need few rounds, 20 slow the solver
ADDED = 6  # at most so many new pairs of a review in a round
BLOCK = 1 << 20  # pairs priced at a time: eight megabytes
PAYS = 1e-9  # of the range of scores; smaller gains are noise of the solver
OPTIONS = (
    ("presolve", "off"),
    ("solver", "simplex"),
    ("threads", 1),
    ("random_seed", 0),
    ("dual_feasibility_tolerance", 1e-9),
)


@dataclass(frozen=True)
class Flow:
    """The pairs in use with their amounts (1, or a probability), what they are worth, and the proved bound."""

    reviews: Ints
    experts: Ints
    amounts: Floats
    objective: float
    bound: float


def best_flow(problem: Problem, weights: Floats | None = None) -> Flow:
    """Return the assignment of greatest weighted fit, `weights` one a review (1 each where None).

    Raises `Impossible` naming the cause where no assignment keeps every demand and load.
    """
    if not problem.demand.any() and not problem.least.any():
        nothing = np.zeros(0, dtype=np.int64)
        return Flow(nothing, nothing, np.zeros(0), 0.0, 0.0)
    return _Columns(problem, np.ones(problem.reviews) if weights is None else weights).solve()


class _Columns:
    """The restricted program and the prices it is extended by."""

    def __init__(self, problem: Problem, weights: Floats) -> None:
        self.problem, self.weights = problem, weights
        self.wanted = problem.demand > 0
        self.row_of = np.full(problem.demand.shape, -1, dtype=np.int64)
        self.row_of[self.wanted] = np.arange(int(self.wanted.sum()))
        self.known: Bools = problem.forbidden.copy()
        for group in range(problem.groups):
            members = problem.group == group
            self.known[np.ix_(~self.wanted[:, group], members)] = True
        self.offset, self.spread = self._range()
        self.model = new_model()
        self.reviews, self.experts = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)

    def solve(self) -> Flow:
        """Extend and solve until no pair pays; then read the pairs off."""
        problem = self.problem
        penalty = 9.0
        most = 2.0 * (problem.reviews + problem.experts) + 1
        self._begin(penalty)
        while True:
            bound, reviews, experts = self._price()
            if len(reviews):
                self._add(reviews, experts)
                self._run()
                continue
            missing = self._missing()
            if missing < 1e-7:
                return self._flow(bound)
            if penalty >= most:
                raise explain(problem) or Impossible("满足全部条件的分配不存在", "no assignment keeps every condition")
            penalty = min(penalty * 64, most)
            self._penalise(penalty)

    def _range(self) -> tuple[Floats, float]:
        """Return each review's lowest score and the widest weighted range above it, among the pairs allowed.

        The program is solved on scores from 0 to 1: a review's places are fixed in number, so that what its lowest
        score adds is the same in every assignment, and the solver's tolerances mean the same whatever the unit.
        """
        offset, spread = np.zeros(self.problem.reviews), 0.0
        for rows in self._rows():
            allowed = ~self.known[rows]
            fit = self.problem.scores[rows]
            lowest = np.min(fit, axis=1, where=allowed, initial=np.inf)
            highest = np.max(fit, axis=1, where=allowed, initial=-np.inf)
            busy = lowest <= highest
            offset[rows] = np.where(busy, lowest, 0.0)
            width = np.zeros(len(busy))
            width[busy] = (highest[busy] - lowest[busy]) * self.weights[rows][busy]
            spread = max(spread, float(width.max(initial=0.0)))
        return offset, spread or 1.0

    def _rows(self) -> Iterator[slice]:
        size = max(1, BLOCK // max(1, self.problem.experts))
        return (slice(start, start + size) for start in range(0, self.problem.reviews, size))

    def _worth(self, reviews: Ints, experts: Ints) -> Floats:
        """Return what these pairs are worth, from 0 to 1."""
        above: Floats = self.problem.scores[reviews, experts] - self.offset[reviews]
        return above * self.weights[reviews] / self.spread

    def _blocks(self) -> Iterator[tuple[slice, Floats]]:
        for rows in self._rows():
            fit = self.problem.scores[rows] - self.offset[rows, None]
            fit *= self.weights[rows, None]
            fit /= self.spread
            yield rows, fit

    def _begin(self, penalty: float) -> None:
        problem, model = self.problem, self.model
        demand = problem.demand[self.wanted].astype(float)
        least, most = problem.least.astype(float), problem.most.astype(float)
        self.demand_rows = len(demand)
        rows = self.demand_rows + problem.experts
        self.short = np.concatenate(
            [np.arange(self.demand_rows), self.demand_rows + np.flatnonzero(problem.least)]
        ).astype(np.int32)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.short), rows
        lp.col_cost_ = np.full(len(self.short), penalty)
        lp.col_lower_, lp.col_upper_ = np.zeros(len(self.short)), np.full(len(self.short), highspy.kHighsInf)
        lp.row_lower_, lp.row_upper_ = np.concatenate([demand, least]), np.concatenate([demand, most])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.arange(len(self.short) + 1, dtype=np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = self.short, np.ones(len(self.short))
        model.passModel(lp)
        for option, value in OPTIONS:
            model.setOptionValue(option, value)
        self._add(*self._first())
        self._run()
        model.setOptionValue("simplex_strategy", 4)  # primal: new columns leave the basis primal feasible

    def _first(self) -> tuple[Ints, Ints]:
        """Each review's best experts of each group it wants, and each expert's best reviews where a load is owed."""
        problem = self.problem
        chosen = np.zeros(problem.scores.shape, dtype=bool)
        cap = problem.cap
        lowest_cap = cap if isinstance(cap, float) else float(cap[cap > 0].min(initial=1.0))
        for rows, fit in self._blocks():
            for group in range(problem.groups):
                members = np.flatnonzero(problem.group == group)
                most = int(problem.demand[rows, group].max(initial=0))
                if most:
                    keep = min(len(members), int(np.ceil(most / lowest_cap)) + SPARE)
                    _mark_best(chosen[rows], np.where(self.known[rows], -np.inf, fit), members, keep)
        owing = np.flatnonzero(problem.least)
        if len(owing):
            # An expert's reviews are compared among each other, so that the offset of each review counts here.
            fit = np.where(self.known, -np.inf, problem.scores * self.weights[:, None])[:, owing].T
            keep = min(problem.reviews, int(problem.least.max()) + SPARE)
            part = np.zeros(fit.shape, dtype=bool)
            _mark_best(part, fit, np.arange(problem.reviews), keep)
            chosen[:, owing] |= part.T
        reviews, experts = np.nonzero(chosen & ~self.known)
        return reviews.astype(np.int64), experts.astype(np.int64)

    def _add(self, reviews: Ints, experts: Ints) -> None:
        problem, count = self.problem, len(reviews)
        if not count:
            return
        self.known[reviews, experts] = True
        self.reviews = np.concatenate([self.reviews, reviews])
        self.experts = np.concatenate([self.experts, experts])
        index = np.empty(2 * count, dtype=np.int32)
        index[0::2] = self.row_of[reviews, problem.group[experts]]
        index[1::2] = self.demand_rows + experts
        self.model.addCols(
            count,
            -self._worth(reviews, experts),
            np.zeros(count),
            problem.cap_of(reviews, experts),
            2 * count,
            np.arange(0, 2 * count, 2, dtype=np.int32),
            index,
            np.ones(2 * count),
        )

    def _run(self) -> None:
        self.model.run()
        status = self.model.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:  # only loads can be: demand may stay open at a price
            raise explain(self.problem) or Impossible(
                "专家的最少任务数超过上限", "an expert's least load is above its most"
            )
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"the solver stopped: {self.model.modelStatusToString(status)}")

    def _price(self) -> tuple[float, Ints, Ints]:
        """Hold the prices against every pair: the bound they prove, and the pairs that would pay."""
        problem = self.problem
        price = np.asarray(self.model.getSolution().row_dual)
        of_experts = price[self.demand_rows :]
        of_reviews = np.zeros(problem.demand.shape)
        of_reviews[self.wanted] = price[: self.demand_rows]
        base = float((of_reviews * problem.demand).sum())
        base += float((problem.least * of_experts.clip(min=0) + problem.most * of_experts.clip(max=0)).sum())
        gain, pays = 0.0, PAYS
        found_reviews, found_experts = [], []
        barred = problem.forbidden
        for rows, worth in self._blocks():
            value = worth
            value += of_reviews[rows][:, problem.group] if problem.groups > 1 else of_reviews[rows]
            value += of_experts
            value[barred[rows]] = -np.inf
            if problem.groups > 1:
                value[~self.wanted[rows][:, problem.group]] = -np.inf
            elif not self.wanted.all():
                value[~self.wanted[rows, 0]] = -np.inf
            positive = value > 0
            places = np.nonzero(positive)
            caps = problem.cap_of(places[0] + rows.start, places[1])
            gain += float((value[places] * caps).sum())
            value[self.known[rows]] = -np.inf
            paying = (value > pays).sum(axis=1)
            if paying.any():
                mark = np.zeros(value.shape, dtype=bool)
                busy = np.flatnonzero(paying)
                keep = min(ADDED, problem.experts)
                part = np.zeros((len(busy), problem.experts), dtype=bool)
                _mark_best(part, value[busy], np.arange(problem.experts), keep)
                mark[busy] = part & (value[busy] > pays)
                new = np.nonzero(mark)
                found_reviews.append(new[0] + rows.start)
                found_experts.append(new[1])
        if not found_reviews:
            nothing = np.zeros(0, dtype=np.int64)
            return gain - base, nothing, nothing
        return gain - base, np.concatenate(found_reviews), np.concatenate(found_experts)

    def _missing(self) -> float:
        values = np.asarray(self.model.getSolution().col_value)
        return float(values[: len(self.short)].sum())

    def _penalise(self, penalty: float) -> None:
        count = len(self.short)
        self.model.changeColsCost(count, np.arange(count, dtype=np.int32), np.full(count, penalty))
        self._run()

    def _flow(self, bound: float) -> Flow:
        values = np.asarray(self.model.getSolution().col_value)[len(self.short) :]
        whole = isinstance(self.problem.cap, float) and self.problem.cap == 1.0
        used = values > (0.5 if whole else 1e-9)
        reviews, experts = self.reviews[used], self.experts[used]
        amounts = np.ones(len(reviews)) if whole else values[used]
        problem = self.problem
        worth = problem.scores[reviews, experts] * self.weights[reviews]
        objective = float(worth @ amounts)
        found = float(self._worth(reviews, experts) @ amounts)
        # What is missing to the bound is measured where the program was solved: nothing is lost in large sums.
        return Flow(reviews, experts, amounts, objective, objective + max(0.0, bound - found) * self.spread)


def _mark_best(mark: Bools, fit: Floats, columns: Ints, keep: int) -> None:
    """Mark each row's `keep` best among these columns, in place."""
    if keep <= 0 or not len(columns):
        return
    part = fit[:, columns]
    best = np.argpartition(part, part.shape[1] - keep, axis=1)[:, part.shape[1] - keep :]
    mark[np.arange(len(mark))[:, None], columns[best]] = True
