"""Why no assignment exists: the plainest cause first, then the reviews that together want more than there is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from experts.matching.problem import Impossible, Ints, Problem

NAMED = 8


def explain(problem: Problem) -> Impossible | None:
    """Return the cause, or None where an assignment exists (a lottery's caps count as a share of a place)."""
    return _loads(problem) or _each_review(problem) or _each_group(problem) or _together(problem)


def _loads(problem: Problem) -> Impossible | None:
    crossed = np.flatnonzero(problem.least > problem.most)
    if len(crossed):
        return Impossible(
            f"专家 {_listed(crossed)} 的最少任务数超过最多任务数",
            f"expert {_listed(crossed)}: min_load above max_load",
            kind="crossed",
            experts=crossed.tolist(),
        )
    owed, wanted = int(problem.least.sum()), int(problem.demand.sum())
    if owed > wanted:
        return Impossible(
            f"专家至少须承担 {owed} 项，评审只需要 {wanted} 人次",
            f"experts owe {owed} reviews in all (min_load), but only {wanted} places are wanted",
            kind="owed",
        )
    places = (~problem.forbidden).sum(axis=0)
    stuck = np.flatnonzero(problem.least > places)
    if len(stuck):
        return Impossible(
            f"专家 {_listed(stuck)} 须承担的任务多于没有回避关系的评审",
            f"expert {_listed(stuck)}: min_load above the reviews without conflict",
            kind="stuck",
            experts=stuck.tolist(),
        )
    return None


def _each_review(problem: Problem) -> Impossible | None:
    for group, label in enumerate(problem.labels):
        members = (problem.group == group) & (problem.most > 0)
        cap = problem.cap if isinstance(problem.cap, float) else problem.cap[:, members]
        there = ((~problem.forbidden[:, members]) * cap).sum(axis=1)
        short = np.flatnonzero(there + 1e-9 < problem.demand[:, group])
        if len(short):
            wanted, allowed = problem.demand[short[0], group], f"{there[short[0]]:g}"
            kind = f"（{label}）" if len(problem.labels) > 1 else ""
            of_kind = f" of category {label!r}" if len(problem.labels) > 1 else ""
            return Impossible(
                f"评审 {_listed(short)} 需要 {wanted} 名专家{kind}，没有回避关系的只够 {allowed} 名",
                f"review {_listed(short)} wants {wanted} experts{of_kind}; those without conflict allow {allowed}",
                kind="review",
                reviews=short.tolist(),
                label=label,
            )
    return None


def _each_group(problem: Problem) -> Impossible | None:
    for group, label in enumerate(problem.labels):
        wanted = int(problem.demand[:, group].sum())
        there = int(problem.most[problem.group == group].sum())
        if wanted > there:
            kind = f"“{label}”类" if len(problem.labels) > 1 else ""
            of_kind = f" of category {label!r}" if len(problem.labels) > 1 else ""
            return Impossible(
                f"{kind}专家最多可承担 {there} 人次，评审共需要 {wanted} 人次",
                f"experts{of_kind} can take {there} places (max_load), the reviews want {wanted}",
                kind="group",
                label=label,
            )
    return None


@dataclass(frozen=True)
class _Network:
    """Reviews' wishes, experts' places: the flow network of a problem, and what flows through it at most."""

    network: csr_array
    flow: csr_array
    source: int
    places: int
    """How many nodes are wishes of a review for a category."""
    missing: int


def _flow_of(problem: Problem) -> _Network:
    wanted = problem.demand > 0
    rows = np.full(problem.demand.shape, -1)
    rows[wanted] = np.arange(int(wanted.sum()))
    count = int(wanted.sum())
    reviews, experts = np.nonzero(~problem.forbidden & wanted[:, problem.group])
    source, sink = count + problem.experts, count + problem.experts + 1
    tails = np.concatenate(
        [np.full(count, source), rows[reviews, problem.group[experts]], count + np.arange(problem.experts)]
    )
    heads = np.concatenate([np.arange(count), count + experts, np.full(problem.experts, sink)])
    sizes = np.concatenate([problem.demand[wanted], np.ones(len(reviews), dtype=np.int64), problem.most])
    network = csr_array(coo_array((sizes.astype(np.int32), (tails, heads)), shape=(sink + 1, sink + 1)))
    found = maximum_flow(network, source, sink)
    return _Network(network, found.flow, source, count, int(problem.demand.sum()) - int(found.flow_value))


@dataclass(frozen=True)
class Relaxation:
    """The least that would have to give: so many places fewer, or everybody's most raised by so much (None: no use)."""

    missing: int
    raise_load: int | None


def least_relaxation(problem: Problem, *, at_most: int = 12) -> Relaxation | None:
    """Return the least relaxation of demand or of the largest loads; None where demand and loads are no obstacle.

    Least loads and caps are left out of account: they are the asker's own wishes.
    """
    missing = _flow_of(problem).missing
    if missing <= 0:
        return None
    for more in range(1, at_most + 1):
        raised = replace(problem, most=np.where(problem.most > 0, problem.most + more, 0))
        if _flow_of(raised).missing <= 0:
            return Relaxation(missing, more)
    return Relaxation(missing, None)


def _together(problem: Problem) -> Impossible | None:
    """Find a set of reviews that want more than the experts open to them can take (a cut of the flow network)."""
    if not (isinstance(problem.cap, float) and problem.cap == 1.0):
        return None
    found = _flow_of(problem)
    wanted, count, missing = problem.demand > 0, found.places, found.missing
    if missing <= 0:
        return None if not problem.least.any() else _owing(problem)
    network, flow, source = found.network, found.flow, found.source
    residual = csr_array(network - flow)
    residual.data = np.maximum(residual.data, 0)
    residual.eliminate_zeros()
    reached = breadth_first_order(residual, source, return_predecessors=False)
    inside: Ints = np.unique(np.nonzero(wanted)[0][reached[reached < count]])
    return Impossible(
        f"评审 {_listed(inside)} 合计缺 {missing} 人次：没有回避关系的专家已达任务上限",
        f"reviews {_listed(inside)} together lack {missing} places: every expert open to them is at max_load",
        kind="together",
        reviews=inside.tolist(),
    )


def _owing(problem: Problem) -> Impossible:
    owing = np.flatnonzero(problem.least)
    return Impossible(
        f"专家 {_listed(owing)} 的最少任务数不能同时满足",
        f"the min_load of experts {_listed(owing)} cannot all be met",
        kind="owing",
        experts=owing.tolist(),
    )


def _listed(places: Ints) -> str:
    named = ", ".join(str(int(one)) for one in places[:NAMED])
    return named + (f" … ({len(places)})" if len(places) > NAMED else "")
