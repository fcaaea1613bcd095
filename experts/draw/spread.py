"""From families to types: who of a family sits in which panel, so that caps set aside while solving are kept too.

A cap per employer makes nearly every expert a type of their own. Chances hardly feel such a cap (an employer's experts
together expect far less than the seats it may have), so they are worked out for families, which ignore it. What is left
is a timetable: in each panel of families every seat is filled, over the panel's weight, by types of its family one
after the other; each type gets the time its experts are due, and no cap is exceeded at any moment. Types are laid out
one after the other; where a cap is exceeded, two seats of one family swap their types for a while. All times are
whole, so chances come out exactly as they are due.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experts.draw.lottery import Panel
from experts.draw.pool import Family, Kind

EFFORT = 40
"""How many swaps a panel may cost on average before the timetable is given up."""


class Stuck(Exception):
    """No timetable was found; `rows` are the caps that were in the way and must be solved for."""

    def __init__(self, rows: frozenset[int]) -> None:
        self.rows = rows
        super().__init__(f"caps {sorted(rows)} are too tight to be set aside")


def spread(
    parts: Sequence[Panel], groups: Sequence[Family], kinds: Sequence[Kind], limits: Mapping[int, int]
) -> list[Panel]:
    """Return the lottery over types that follows from one over families.

    `limits` are the caps set aside, by row. Every type of a family gets the same chance for each of its experts, to the
    last whole unit of weight. Raises Stuck.
    """
    table = _Table(kinds, groups, limits)
    _lay_out(table, parts, groups, kinds)
    table.mend()
    weights: Counter[tuple[tuple[int, int], ...]] = Counter()
    for block in table.blocks:
        weights[tuple(sorted(Counter(block.kinds).items()))] += block.weight
    return [Panel(weight, seats) for seats, weight in sorted(weights.items())]


def _lay_out(table: _Table, parts: Sequence[Panel], groups: Sequence[Family], kinds: Sequence[Kind]) -> None:
    """Fill every seat of every panel of families with types, one after the other."""
    slots: dict[int, list[tuple[int, int]]] = {}
    for number, part in enumerate(parts):
        for group, seats in part.seats:
            slots.setdefault(group, []).extend((seat, number) for seat in range(seats))
    runs: list[list[list[tuple[int, int]]]] = [[] for _ in parts]
    order = random.Random(0)  # noqa: S311 - any fixed order would do: the lottery is committed before the seed
    for group, places in sorted(slots.items()):
        places.sort()
        due = _due(groups[group], kinds, sum(parts[number].weight for _seat, number in places))
        order.shuffle(due)
        queue = iter(due)
        kind, left = next(queue)
        for _seat, number in places:
            room, run = parts[number].weight, []
            while room:
                if not left:
                    kind, left = next(queue)
                    continue
                taken = min(room, left)
                run.append((kind, taken))
                room, left = room - taken, left - taken
            runs[number].append(run)
    for number in range(len(parts)):
        _cut(table, runs[number])


def _due(group: Family, kinds: Sequence[Kind], mass: int) -> list[tuple[int, int]]:
    """Share a family's seats among its types by their experts, in whole units (largest remainders first)."""
    shares = [(number, *divmod(mass * kinds[number].count, group.count)) for number in group.kinds]
    missing = mass - sum(whole for _number, whole, _rest in shares)
    more = {number for number, _whole, _rest in sorted(shares, key=lambda one: (-one[2], one[0]))[:missing]}
    return [(number, whole + (number in more)) for number, whole, _rest in shares]


def _cut(table: _Table, runs: Sequence[Sequence[tuple[int, int]]]) -> None:
    """Cut a panel of families where any of its seats changes its type."""
    places, left = [0] * len(runs), [run[0][1] for run in runs]
    while True:
        step = min(left)
        table.add(step, [run[place][0] for run, place in zip(runs, places, strict=True)])
        for seat, run in enumerate(runs):
            left[seat] -= step
            if not left[seat]:
                places[seat] += 1
                if places[seat] == len(run):
                    return
                left[seat] = run[places[seat]][1]


@dataclass
class _Block:
    """A stretch of the timetable: its weight and the type in each seat."""

    weight: int
    kinds: list[int]


class _Table:
    """The timetable, with the blocks that hold each family, and how much each block exceeds."""

    def __init__(self, kinds: Sequence[Kind], groups: Sequence[Family], limits: Mapping[int, int]) -> None:
        self.blocks: list[_Block] = []
        self._limits = limits
        self._rows = [tuple(row for row in kind.quotas if row in limits) for kind in kinds]
        self._counts = [kind.count for kind in kinds]
        self._group = [0] * len(kinds)
        for number, group in enumerate(groups):
            for kind in group.kinds:
                self._group[kind] = number
        self._holding: list[list[int]] = [[] for _ in groups]
        self._next = [0] * len(groups)

    def add(self, weight: int, kinds: list[int]) -> int:
        """Add a block and return its number."""
        self.blocks.append(_Block(weight, kinds))
        number = len(self.blocks) - 1
        for group in {self._group[kind] for kind in kinds}:
            self._holding[group].append(number)
        return number

    def excess(self, kinds: Sequence[int]) -> tuple[int, list[int]]:
        """Return by how much a panel exceeds caps and counts, and the caps it exceeds."""
        used: dict[int, int] = {}
        for kind in kinds:
            for row in self._rows[kind]:
                used[row] = used.get(row, 0) + 1
        over = [row for row, seats in used.items() if seats > self._limits[row]]
        much = sum(used[row] - self._limits[row] for row in over)
        if len(set(kinds)) < len(kinds):
            much += sum(max(0, seats - self._counts[kind]) for kind, seats in Counter(kinds).items())
        return much, over

    def mend(self) -> None:
        """Swap types between blocks until no cap is exceeded. Raises Stuck."""
        waiting = [number for number in range(len(self.blocks)) if self.excess(self.blocks[number].kinds)[0]]
        effort = EFFORT * len(self.blocks)
        while waiting:
            number = waiting[-1]
            much, over = self.excess(self.blocks[number].kinds)
            if not much:
                waiting.pop()
                continue
            effort -= 1
            cut_off = self._swap(number, much, over) if effort else None
            if cut_off is None:
                raise Stuck(frozenset(row for one in waiting for row in self.excess(self.blocks[one].kinds)[1]))
            waiting += cut_off

    def _swap(self, number: int, much: int, over: list[int]) -> list[int] | None:
        """Swap one type of a block away; return the numbers of blocks cut off that need mending, None when stuck."""
        block = self.blocks[number]
        guilty = {seat for seat, kind in enumerate(block.kinds) if any(row in over for row in self._rows[kind])}
        for seat in sorted(guilty or range(len(block.kinds))):
            kind = block.kinds[seat]
            group = self._group[kind]
            holding = self._holding[group]
            for step in range(len(holding)):
                place = (self._next[group] + step) % len(holding)
                other = self.blocks[holding[place]]
                if other is block:
                    continue
                for theirs, offered in enumerate(other.kinds):
                    if self._group[offered] != group or offered == kind:
                        continue
                    mine = [*block.kinds[:seat], offered, *block.kinds[seat + 1 :]]
                    if self.excess(mine)[0] >= much:
                        continue
                    yours = [*other.kinds[:theirs], kind, *other.kinds[theirs + 1 :]]
                    if self.excess(yours)[0] > self.excess(other.kinds)[0]:
                        continue
                    self._next[group] = place + 1
                    return self._exchange(block, other, mine, yours)
        return None

    def _exchange(self, block: _Block, other: _Block, mine: list[int], yours: list[int]) -> list[int]:
        cut_off: list[int] = []
        weight = min(block.weight, other.weight)
        for one in (block, other):
            if one.weight > weight:
                number = self.add(one.weight - weight, one.kinds)
                cut_off += [number] if self.excess(one.kinds)[0] else []
            one.weight = weight
        block.kinds, other.kinds = mine, yours
        return cut_off
