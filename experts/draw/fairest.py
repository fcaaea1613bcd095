"""The fairest lottery for types and quotas: chances, panels and certificates, of many types too.

Rows that only cap (their minimum is 0) and are many, one employer each, are set aside at first (`relaxed`): types that
differ only there form a family. A bound proved without them holds with them all the more, and `spread` keeps them. A
cap that its experts' chances come near is not set aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experts.draw.certificate import Certificate
from experts.draw.chances import Stage, leximin
from experts.draw.lottery import Panel, take_apart, whole_leximin, whole_weights
from experts.draw.pool import Family, Kind, Quota, families
from experts.draw.program import PanelProgram, Shape, Vector
from experts.draw.spread import Stuck, spread

FEW_FAMILIES = 400
"""Up to so many types every row is solved for at once."""
MANY_CAPS = 20
"""A feature with at least so many capped values may be set aside."""
NEAR = 0.5
"""A cap of which more than this share is expected is solved for from the start."""


@dataclass(frozen=True)
class Fairest:
    """A lottery over types, its certificates (over families), and the rows set aside in them."""

    lottery: tuple[Panel, ...]
    certificates: tuple[Certificate, ...]
    relaxed: tuple[int, ...]


def fairest(kinds: Sequence[Kind], quotas: Sequence[Quota], size: int) -> Fairest | None:
    """Return the fairest lottery, or None when no panel keeps the quotas."""
    relaxed = set_aside(kinds, quotas)
    while True:
        groups = families(kinds, relaxed)
        shape = Shape.of(groups, quotas, size, relaxed)
        solved = leximin(shape)
        if solved is None:
            return None
        near = _near(groups, kinds, quotas, relaxed, solved[0])
        if near:
            relaxed -= near
            continue
        found = _lottery(shape, *solved)
        if found is None:
            return None
        parts, stages = found
        try:
            lottery = spread(parts, groups, kinds, {row: quotas[row].maximum for row in relaxed}) if relaxed else parts
        except Stuck as stuck:
            relaxed -= stuck.rows or relaxed
            continue
        certificates = tuple(Certificate.rounded(stage, shape.numbers) for stage in stages)
        return Fairest(tuple(lottery), certificates, tuple(sorted(relaxed)))


def set_aside(kinds: Sequence[Kind], quotas: Sequence[Quota]) -> frozenset[int]:
    """Return the rows to set aside: features with the most capped values first, until there are few families."""
    capped: dict[str, list[int]] = {}
    for row, quota in enumerate(quotas):
        if quota.minimum == 0:
            capped.setdefault(quota.feature, []).append(row)
    relaxed: frozenset[int] = frozenset()
    for rows in sorted(capped.values(), key=lambda rows: (-len(rows), rows)):
        if len(rows) < MANY_CAPS or len(families(kinds, relaxed)) <= FEW_FAMILIES:
            break
        relaxed |= frozenset(rows)
    return relaxed


def _near(
    groups: Sequence[Family], kinds: Sequence[Kind], quotas: Sequence[Quota], relaxed: frozenset[int], seats: Vector
) -> frozenset[int]:
    """Return the rows set aside of whose cap the chances expect more than a part."""
    expected: dict[int, float] = {}
    for group, expects in zip(groups, seats.tolist(), strict=True):
        for number in group.kinds:
            for row in kinds[number].quotas:
                if row in relaxed:
                    expected[row] = expected.get(row, 0.0) + expects * kinds[number].count / group.count
    return frozenset(row for row, much in expected.items() if much > NEAR * quotas[row].maximum)


def _lottery(shape: Shape, seats: Vector, stages: list[Stage]) -> tuple[list[Panel], list[Stage]] | None:
    parts = take_apart(shape, seats)
    if parts is None:
        first = PanelProgram(shape).best(np.zeros(len(shape.counts)))
        if first is None:
            return None
        parts, stages = whole_leximin(shape, [first])
    return whole_weights(parts), stages
