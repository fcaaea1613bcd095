"""The pick: which panel of the lottery, which experts of each type, in which order reserves follow.

The ticket below the lottery's total picks the panel (weights added up in the order of the record). One shuffle of all
eligible experts, in the order of the snapshot, gives an order; each type's seats go to its first experts in that order,
and everybody else is a reserve in that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from experts.draw.entropy import Attempt, Stream
from experts.draw.lottery import Panel
from experts.draw.plan import DrawPlan
from experts.draw.pool import Kind, Quota


class NoReserve(Exception):
    """Nobody is left who could take the vacant seat and keep the quotas: the draw must be planned anew."""

    def __init__(self) -> None:
        self.zh = "已无可递补且符合配额的专家,须重新抽取。"
        self.en = "No reserve is left who keeps the quotas; the draw must be held anew."
        super().__init__(f"{self.zh} {self.en}")


class NotSeated(Exception):
    """A replacement was asked for somebody who has no seat."""


@dataclass(frozen=True)
class Replacement:
    """A vacated seat: who left and why, who follows, and who was passed over on the way, each with the reason."""

    declined: str
    reason: str
    replaced_by: str
    passed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Picked:
    """A pick by position in the snapshot: ticket, number of the panel, everybody's order, seats, named reserves."""

    ticket: int
    panel: int
    order: tuple[int, ...]
    seats: tuple[int, ...]
    reserves: tuple[int, ...]


@dataclass(frozen=True)
class DrawResult:
    """A plan, the attempt that settled it, and the pick that follows."""

    plan: DrawPlan
    attempt: Attempt
    picked: Picked

    @property
    def seats(self) -> tuple[str, ...]:
        """Return the ids of those seated, in the order of the draw."""
        return tuple(self.plan.pool.candidates[position].id for position in self.picked.seats)

    @property
    def reserves(self) -> tuple[str, ...]:
        """Return the ids of the named reserves, in order."""
        return tuple(self.plan.pool.candidates[position].id for position in self.picked.reserves)


def run_draw(plan: DrawPlan, attempt: Attempt) -> DrawResult:
    """Return the seats and reserves that follow from the reveals. Raises BadEntropy for a void attempt."""
    return DrawResult(plan, attempt, pick(attempt.seed, plan.kinds, plan.quotas, plan.lottery, plan.reserves))


def pick(
    seed: bytes, kinds: Sequence[Kind], quotas: Sequence[Quota], lottery: Sequence[Panel], reserves: int
) -> Picked:
    """Pick from the plan's parts alone, so that a verifier needs no plan."""
    ticket = Stream(seed, "panel").below(sum(panel.weight for panel in lottery))
    number, left = 0, ticket
    while left >= lottery[number].weight:
        left -= lottery[number].weight
        number += 1
    order = Stream(seed, "order").shuffled(sorted(position for kind in kinds for position in kind.members))
    wanted = dict(lottery[number].seats)
    kind_of = kinds_by_position(kinds)
    seats: list[int] = []
    for position in order:
        if wanted.get(kind_of[position], 0) > 0:
            wanted[kind_of[position]] -= 1
            seats.append(position)
    named: list[int] = []
    while len(named) < reserves:
        before = len(named)
        for seat in seats[: reserves - before]:
            follower = successor(order, seats, seat, kinds, quotas, barred=named)
            if follower is not None:
                named.append(follower)
        if len(named) == before:
            break
    return Picked(ticket, number, tuple(order), tuple(seats), tuple(named))


def kinds_by_position(kinds: Sequence[Kind]) -> dict[int, int]:
    """Return the number of the type of every eligible position."""
    return {position: number for number, kind in enumerate(kinds) for position in kind.members}


def successor(
    order: Sequence[int],
    seats: Sequence[int],
    leaving: int,
    kinds: Sequence[Kind],
    quotas: Sequence[Quota],
    *,
    barred: Iterable[int],
) -> int | None:
    """Return who takes the place of `leaving`: the next of the same type, else the next who keeps every quota."""
    kind_of = kinds_by_position(kinds)
    taken = {*seats, *barred}
    free = [position for position in order if position not in taken]
    for position in free:
        if kind_of[position] == kind_of[leaving]:
            return position
    counts = [0] * len(quotas)
    for seat in seats:
        if seat != leaving:
            for quota in kinds[kind_of[seat]].quotas:
                counts[quota] += 1
    rows = list(zip(quotas, counts, strict=True))
    if any(count > quota.maximum or count + 1 < quota.minimum for quota, count in rows):
        return None
    wanted = {number for number, (quota, count) in enumerate(rows) if count < quota.minimum}
    filled = {number for number, (quota, count) in enumerate(rows) if count == quota.maximum}
    for position in free:
        met = kinds[kind_of[position]].quotas
        if wanted.issubset(met) and filled.isdisjoint(met):
            return position
    return None


def next_reserve(
    result: DrawResult,
    declined: str,
    reason: str,
    replacements: Sequence[Replacement] = (),
    unavailable: Mapping[str, str] | None = None,
) -> Replacement:
    """Continue the draw after somebody seated declines or must step down (a reason is required).

    `replacements` are those already made, in order; `unavailable` maps the ids of reserves who may not follow (a new
    conflict, no answer) to the reason, which the record keeps. Raises NotSeated and NoReserve.
    """
    candidates = result.plan.pool.candidates
    position_of = {one.id: position for position, one in enumerate(candidates)}
    seats, gone = list(result.picked.seats), set[int]()
    for earlier in replacements:
        seats[seats.index(position_of[earlier.declined])] = position_of[earlier.replaced_by]
        gone.add(position_of[earlier.declined])
        gone.update(position_of[one] for one, _why in earlier.passed)
    leaving = position_of.get(declined, -1)
    if leaving not in seats or not reason.strip():
        raise NotSeated(declined)
    passed: list[tuple[str, str]] = []
    barred = {*gone, leaving}
    while True:
        follower = successor(result.picked.order, seats, leaving, result.plan.kinds, result.plan.quotas, barred=barred)
        if follower is None:
            raise NoReserve
        name = candidates[follower].id
        if name not in (unavailable or {}):
            return Replacement(declined, reason, name, tuple(passed))
        passed.append((name, (unavailable or {})[name]))
        barred.add(follower)
