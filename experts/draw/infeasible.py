"""Why no panel keeps the quotas: which of them block, which exclusions would matter, and the least relaxation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from experts.draw.pool import Candidate, Kind, Pool, Quota
from experts.draw.program import INFINITY, PanelProgram, Shape, solver


@dataclass(frozen=True)
class Relaxation:
    """One step of the least relaxation: a quota and the bounds it would need."""

    quota: Quota
    minimum: int
    maximum: int


class Infeasible(Exception):
    """No panel keeps the quotas.

    `blocking` is a set of quotas that cannot be met together (each of them is needed for the contradiction), with empty
    meaning that the pool has fewer eligible experts than seats; `relaxation` is the least total change of bounds that
    helps; `readmit` counts, by reason, the fewest exclusions whose lifting would help without changing a quota (empty
    when none would).

    `available` says for each blocking quota how many experts who may be drawn meet it.
    """

    def __init__(
        self,
        blocking: tuple[Quota, ...],
        relaxation: tuple[Relaxation, ...],
        readmit: dict[str, int],
        *,
        eligible: int,
        size: int,
        available: tuple[int, ...] = (),
    ) -> None:
        self.blocking, self.relaxation, self.readmit = blocking, relaxation, readmit
        self.eligible, self.size, self.available = eligible, size, available
        self.zh, self.en = self._words()
        super().__init__(f"{self.zh} {self.en}")

    def _words(self) -> tuple[str, str]:
        if self.eligible < self.size:
            zh = f"可抽取的专家只有 {self.eligible} 人,不足 {self.size} 席。"
            en = f"Only {self.eligible} experts may be drawn, fewer than the {self.size} seats."
        else:
            named = [
                (f"{q.feature}={q.value} [{q.minimum}, {q.maximum}]", count)
                for q, count in zip(self.blocking, self.available, strict=True)
            ]
            zh = f"没有符合全部配额的专家组合(可抽取 {self.eligible} 人,{self.size} 席)。相互冲突的配额:" + (
                "、".join(f"{name}(可选 {count} 人)" for name, count in named) + "。"
            )
            en = f"No panel of {self.size} keeps all quotas ({self.eligible} experts may be drawn). Quotas that block: "
            en += ", ".join(f"{name} ({count} available)" for name, count in named) + "."
        steps = [
            f"{r.quota.feature}={r.quota.value} [{r.quota.minimum}, {r.quota.maximum}] → [{r.minimum}, {r.maximum}]"
            for r in self.relaxation
        ]
        if steps:
            zh += f"最小放宽:{';'.join(steps)}。"
            en += f" Least relaxation: {'; '.join(steps)}."
        why = ", ".join(f"{reason} ×{count}" for reason, count in self.readmit.items())
        if why:
            zh += f"涉及的回避:{why}。"
            en += f" Exclusions that matter: {why}."
        return zh, en


def feasible(kinds: Sequence[Kind], quotas: Sequence[Quota], size: int) -> bool:
    """Return whether some whole panel keeps the quotas."""
    if not kinds:
        return False
    shape = Shape.of(kinds, quotas, size)
    return PanelProgram(shape).best(np.zeros(len(kinds))) is not None


def explain(pool: Pool, quotas: Sequence[Quota], size: int) -> Infeasible:
    """Work out the explanation for a draw that is known to be infeasible."""
    eligible = sum(one.excluded is None for one in pool.candidates)

    def possible(some: Sequence[Quota]) -> bool:
        return feasible(pool.kinds(some), some, size)

    blocking = tuple(_conflict([], [], list(quotas), possible)) if eligible >= size and quotas else ()
    available = tuple(
        sum(one.excluded is None and one.value(quota.feature) == quota.value for one in pool.candidates)
        for quota in blocking
    )
    least, readmit = _least(pool, quotas, size), _readmit(pool, quotas, size)
    return Infeasible(blocking, least, readmit, eligible=eligible, size=size, available=available)


def _conflict(
    kept: list[Quota], new: list[Quota], left: list[Quota], possible: Callable[[Sequence[Quota]], bool]
) -> list[Quota]:
    """Return a smallest part of `left` that cannot be met beside `kept`, of which every quota is needed.

    By halves, so that two culprits among thousands are found in a few dozen questions (Junker: QuickXplain, AAAI 2004).
    """
    if new and not possible(kept):
        return []
    if len(left) == 1:
        return left
    first, second = left[: len(left) // 2], left[len(left) // 2 :]
    later = _conflict([*kept, *first], first, second, possible)
    return _conflict([*kept, *later], later, first, possible) + later


def _least(pool: Pool, quotas: Sequence[Quota], size: int) -> tuple[Relaxation, ...]:
    """Return the least total change of bounds, by a whole-number program with a slack on both sides of each quota."""
    kinds = pool.kinds(quotas)
    if sum(kind.count for kind in kinds) < size:
        return ()
    shape, many = Shape.of(kinds, quotas, size), len(kinds)
    model = solver(integer=True)
    model.addVars(many, np.zeros(many), shape.counts)
    model.addVars(2 * len(quotas), np.zeros(2 * len(quotas)), np.full(2 * len(quotas), INFINITY))
    for number, (row, low, high) in enumerate(zip(shape.rows, shape.lower, shape.upper, strict=True)):
        extra = [] if number == 0 else [many + 2 * (number - 1), many + 2 * (number - 1) + 1]
        columns = np.append(row, np.array(extra, dtype=np.int32)).astype(np.int32)
        model.addRow(low, high, len(columns), columns, np.append(np.ones(len(row)), [1.0, -1.0][: len(extra)]))
    every = np.arange(many + 2 * len(quotas), dtype=np.int32)
    model.changeColsCost(len(every), every, np.append(np.zeros(many), np.ones(2 * len(quotas))))
    model.changeColsIntegrality(len(every), every, np.full(len(every), highspy.HighsVarType.kInteger))
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return ()
    slack = np.round(np.array(model.getSolution().col_value)[many:]).astype(int)
    steps = [
        Relaxation(quota, quota.minimum - int(below), quota.maximum + int(above))
        for quota, below, above in zip(quotas, slack[::2], slack[1::2], strict=True)
    ]
    return tuple(step for step in steps if (step.minimum, step.maximum) != (step.quota.minimum, step.quota.maximum))


def _readmit(pool: Pool, quotas: Sequence[Quota], size: int) -> dict[str, int]:
    """Return the fewest exclusions to lift, counted by reason; empty when lifting all of them would not help."""
    excluded = [one for one in pool.candidates if one.excluded is not None]
    if not excluded:
        return {}
    open_kinds = pool.kinds(quotas)
    barred_pool = Pool([Candidate(one.id, one.features, one.employer) for one in excluded])
    barred = barred_pool.kinds(quotas)
    shape = Shape.of([*open_kinds, *barred], quotas, size)
    worth = np.append(np.zeros(len(open_kinds)), -np.ones(len(barred)))
    panel = PanelProgram(shape).best(worth)
    reasons: dict[str, int] = {}
    if panel is not None:
        by_id = {one.id: one for one in excluded}
        for kind, seats in zip(barred, panel[len(open_kinds) :], strict=True):
            for position in kind.members[: int(seats)]:
                reason = by_id[barred_pool.candidates[position].id].excluded or ""
                reasons[reason] = reasons.get(reason, 0) + 1
    return dict(sorted(reasons.items()))
