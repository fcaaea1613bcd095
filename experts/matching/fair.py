"""The assignment whose worst served review is served best, with a proved bound.

Finding it exactly is NP-hard (it contains the fair division of indivisible goods), so the bound is proved apart: for
any weights of the reviews that add up to one, no assignment's worst review is better than the best weighted total
(Lagrange). Weights that grow on badly served reviews (Arora, Hazan and Kale, 2012) bring the bound down and the
assignment up; exchanges between two reviews, or with an expert who has room, then lift the worst one while any does.
"""

from __future__ import annotations

import numpy as np

from experts.matching.flow import Flow, best_flow
from experts.matching.problem import Bools, Floats, Ints, Problem

ROUNDS = 24
STEPS = 4000  # exchanges at most; a season needs a few hundred
CLOSE = 1e-6


def fairest(problem: Problem) -> tuple[Ints, Ints, float, float]:
    """Return reviews, experts, the worst served review's fit, and the proved bound of it.

    Raises `Impossible` as the plain assignment does.
    """
    asking = np.flatnonzero(problem.demand.sum(axis=1))
    if not len(asking):
        flow = best_flow(problem)
        return flow.reviews, flow.experts, 0.0, 0.0
    weights = np.zeros(problem.reviews)
    weights[asking] = 1 / len(asking)
    bound, best, kept = _best_alone(problem, asking), -np.inf, None
    spread = 1.0
    for turn in range(ROUNDS):
        flow = best_flow(problem, weights)
        bound = min(bound, flow.bound)
        served = _served(problem, flow.reviews, flow.experts)
        if served[asking].min() > best:
            best, kept = float(served[asking].min()), flow
        if bound - best <= CLOSE * max(1.0, abs(bound)):
            break
        spread = max(float(np.ptp(served[asking])), 1e-12)
        weights[asking] *= np.exp(-(2.0 / np.sqrt(turn + 1)) * (served[asking] - served[asking].min()) / spread)
        weights[asking] /= weights[asking].sum()
    assert kept is not None
    reviews, experts, worst = _exchange(problem, kept, asking)
    return reviews, experts, worst, max(bound, worst)


def _best_alone(problem: Problem, asking: Ints) -> float:
    """Return a bound that needs no weights: no review is served better than if it alone chose."""
    bound = np.inf
    for review in asking:
        total = 0.0
        for group in range(problem.groups):
            wanted = int(problem.demand[review, group])
            fit = problem.scores[review, (problem.group == group) & ~problem.forbidden[review] & (problem.most > 0)]
            total += float(np.sort(fit)[len(fit) - wanted :].sum()) if wanted else 0.0
        bound = min(bound, total)
    return float(bound)


def _served(problem: Problem, reviews: Ints, experts: Ints) -> Floats:
    served: Floats = np.bincount(reviews, problem.scores[reviews, experts], problem.reviews).astype(np.float64)
    return served


def _exchange(problem: Problem, flow: Flow, asking: Ints) -> tuple[Ints, Ints, float]:
    """Lift the worst review by exchanges until none helps."""
    seated = np.zeros(problem.scores.shape, dtype=bool)
    seated[flow.reviews, flow.experts] = True
    load = seated.sum(axis=0)
    served = _served(problem, flow.reviews, flow.experts)
    for _step in range(STEPS):
        worst = int(asking[np.argmin(served[asking])])
        if not (_take_free(problem, seated, load, served, worst) or _swap(problem, seated, served, worst)):
            break
    reviews, experts = np.nonzero(seated)
    return reviews, experts, float(served[asking].min())


def _take_free(problem: Problem, seated: Bools, load: Ints, served: Floats, worst: int) -> bool:
    """Replace one of the worst review's experts by one who still has room."""
    fit = problem.scores[worst]
    room = (load < problem.most) & ~problem.forbidden[worst] & ~seated[worst]
    best_gain, exchange = CLOSE, None
    for out in np.flatnonzero(seated[worst]).tolist():
        if load[out] <= problem.least[out]:
            continue
        there = np.flatnonzero(room & (problem.group == problem.group[out]))
        if len(there):
            new = int(there[np.argmax(fit[there])])
            if fit[new] - fit[out] > best_gain:
                best_gain, exchange = float(fit[new] - fit[out]), (out, new)
    if exchange is None:
        return False
    out, new = exchange
    seated[worst, out], seated[worst, new] = False, True
    load[out] -= 1
    load[new] += 1
    served[worst] += best_gain
    return True


def _swap(problem: Problem, seated: Bools, served: Floats, worst: int) -> bool:
    """Exchange an expert with another review so that both end above what the worst one has now."""
    now, scores = served[worst], problem.scores
    best, exchange = now + CLOSE, None
    for out in np.flatnonzero(seated[worst]).tolist():
        may_take = ~problem.forbidden[:, out] & ~seated[:, out]
        wanted = (problem.group == problem.group[out]) & ~problem.forbidden[worst] & ~seated[worst]
        others, theirs = np.nonzero(seated & may_take[:, None] & wanted[None, :])
        if not len(others):
            continue
        mine = now - scores[worst, out] + scores[worst, theirs]
        left = served[others] - scores[others, theirs] + scores[others, out]
        both = np.minimum(mine, left)
        place = int(np.argmax(both))
        if both[place] > best:
            best, exchange = float(both[place]), (out, int(others[place]), int(theirs[place]))
    if exchange is None:
        return False
    out, other, new = exchange
    served[worst] += scores[worst, new] - scores[worst, out]
    served[other] += scores[other, out] - scores[other, new]
    seated[worst, out], seated[worst, new] = False, True
    seated[other, new], seated[other, out] = False, True
    return True
