"""A limit on how often two experts serve together, kept by exchanges that cost the least fit.

The limit makes the problem NP-hard; the bound stays that of the assignment without it, so the gap is an honest one.
"""

from __future__ import annotations

import numpy as np

from experts.matching.problem import Bools, Impossible, Ints, Problem

STEPS = 20_000


def keep_apart(problem: Problem, reviews: Ints, experts: Ints, most: int) -> tuple[Ints, Ints]:
    """Return the pairs changed so that no two experts share more than `most` reviews.

    Raises `Impossible` where exchanges find no way (one may still exist; the message says so).
    """
    seated = np.zeros(problem.scores.shape, dtype=bool)
    seated[reviews, experts] = True
    shared = seated.T.astype(np.int64) @ seated.astype(np.int64)
    np.fill_diagonal(shared, 0)
    load = seated.sum(axis=0)
    for _step in range(STEPS):
        above = np.argwhere(np.triu(shared) > most)
        if not len(above):
            found = np.nonzero(seated)
            return found[0], found[1]
        one, two = (int(place) for place in above[0])
        exchange = _cheapest(problem, seated, shared, load, couple=(one, two), most=most)
        if exchange is None:
            raise Impossible(
                f"没有找到让专家 {one} 和 {two} 共同参加不超过 {most} 项评审的办法；请放宽上限或增加专家",
                f"found no way to let experts {one} and {two} share at most {most} reviews; allow more, or add experts",
            )
        review, out, new = exchange
        for expert, sign in ((out, -1), (new, 1)):
            seated[review, expert] = False
            fellows = seated[review]
            if sign == -1:
                shared[expert, fellows] -= 1
                shared[fellows, expert] -= 1
            else:
                shared[expert, fellows] += 1
                shared[fellows, expert] += 1
                seated[review, expert] = True
            load[expert] += sign
    raise Impossible("共同参加评审的上限没有在限定步数内满足", "the limit on serving together was not met in time")


def _cheapest(
    problem: Problem, seated: Bools, shared: Ints, load: Ints, *, couple: tuple[int, int], most: int
) -> tuple[int, int, int] | None:
    best, exchange = -np.inf, None
    for review in np.flatnonzero(seated[:, couple[0]] & seated[:, couple[1]]):
        for out in couple:
            if load[out] <= problem.least[out]:
                continue
            fellows = np.flatnonzero(seated[review])
            fellows = fellows[fellows != out]
            room = (load < problem.most) & ~problem.forbidden[review] & ~seated[review]
            room &= problem.group == problem.group[out]
            room &= (shared[:, fellows] < most).all(axis=1)
            there = np.flatnonzero(room)
            if len(there):
                change = problem.scores[review, there] - problem.scores[review, out]
                place = int(np.argmax(change))
                if change[place] > best:
                    best, exchange = float(change[place]), (int(review), int(out), int(there[place]))
    return exchange
