"""顺序轮候: whose turn it is, from the fixed order and what happened so far. Pure, so that anybody can check it.

R-FRAME-03: in a round every supplier has one turn, in an order that only removals and additions change. R-FRAME-04: a
supplier that must be recused, or whose reason was accepted, is passed over for this one and keeps its turn; one that
declined without reason has used it.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


class Use(enum.Enum):
    """What an event does to a turn: takes it, or gives it back when the purchase was not made after all."""

    TAKEN = "taken"
    RETURNED = "returned"


@dataclass(frozen=True)
class Turn:
    """One event: whose turn was taken or returned, in the order in which it happened."""

    member: str
    use: Use


@dataclass(frozen=True)
class Next:
    """Whose turn it is in which round (counted from 1); None where all that are left must be passed over."""

    member: str | None
    round: int
    passed_over: tuple[str, ...] = ()


def turns_used(turns: Iterable[Turn]) -> dict[str, int]:
    """Return how many turns each supplier has used."""
    used: dict[str, int] = {}
    for one in turns:
        used[one.member] = used.get(one.member, 0) + (1 if one.use is Use.TAKEN else -1)
    return used


def next_turn(order: Sequence[str], turns: Iterable[Turn], passed_over: Collection[str] = ()) -> Next:
    """Return whose turn it is among `order`, the suppliers still admitted, in their fixed order.

    The round is the lowest that somebody has not had a turn in; an added supplier joins the running round and owes
    none of the earlier ones. `passed_over` are those that cannot take this one and keep their turn.
    """
    used = turns_used(turns)
    if not order:
        return Next(None, 1)
    # who came late has fewer turns behind it than the rounds that are over: it counts from the running round on
    most = max((used.get(one, 0) for one in order), default=0)
    floor = max(most - 1, 0)
    level = {one: max(used.get(one, 0), floor) for one in order}
    running = min(level.values())
    waiting = [one for one in order if level[one] == running]
    skipped = tuple(one for one in waiting if one in passed_over)
    able = [one for one in waiting if one not in passed_over]
    return Next(able[0] if able else None, running + 1, skipped)
