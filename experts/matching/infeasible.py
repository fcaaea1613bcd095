"""Why no assignment exists: the plainest cause first, then the reviews that together want more than there is."""

from __future__ import annotations

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
            f"专家 {_listed(crossed)} 的最少任务数超过最多任务数", f"expert {_listed(crossed)}: min_load above max_load"
        )
    owed, wanted = int(problem.least.sum()), int(problem.demand.sum())
    if owed > wanted:
        return Impossible(
            f"专家至少须承担 {owed} 项，评审只需要 {wanted} 人次",
            f"experts owe {owed} reviews in all (min_load), but only {wanted} places are wanted",
        )
    places = (~problem.forbidden).sum(axis=0)
    stuck = np.flatnonzero(problem.least > places)
    if len(stuck):
        return Impossible(
            f"专家 {_listed(stuck)} 须承担的任务多于没有回避关系的评审",
            f"expert {_listed(stuck)}: min_load above the reviews without conflict",
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
            )
    return None


def _together(problem: Problem) -> Impossible | None:
    """Find a set of reviews that want more than the experts open to them can take (a cut of the flow network)."""
    if not (isinstance(problem.cap, float) and problem.cap == 1.0):
        return None
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
    flow = maximum_flow(network, source, sink)
    missing = int(problem.demand.sum()) - int(flow.flow_value)
    if missing <= 0:
        return None if not problem.least.any() else _owing(problem)
    residual = csr_array(network - flow.flow)
    residual.data = np.maximum(residual.data, 0)
    residual.eliminate_zeros()
    reached = breadth_first_order(residual, source, return_predecessors=False)
    inside: Ints = np.unique(np.nonzero(wanted)[0][reached[reached < count]])
    return Impossible(
        f"评审 {_listed(inside)} 合计缺 {missing} 人次：没有回避关系的专家已达任务上限",
        f"reviews {_listed(inside)} together lack {missing} places: every expert open to them is at max_load",
    )


def _owing(problem: Problem) -> Impossible:
    owing = np.flatnonzero(problem.least)
    return Impossible(
        f"专家 {_listed(owing)} 的最少任务数不能同时满足", f"the min_load of experts {_listed(owing)} cannot all be met"
    )


def _listed(places: Ints) -> str:
    named = ", ".join(str(int(one)) for one in places[:NAMED])
    return named + (f" … ({len(places)})" if len(places) > NAMED else "")
