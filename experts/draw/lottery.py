"""From chances to an exact lottery: whole panels with whole weights.

First the expected seats are taken apart into whole panels on ever smaller faces (Carathéodory): each step subtracts as
much as possible of one panel, which makes one more bound tight, so there are at most as many steps as types and quotas.
Where a face holds no whole panel, whole panels have less room than fractional ones; then the stages are
solved over whole panels by column generation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from experts.draw.chances import Stage
from experts.draw.program import INFINITY, TIGHT, PanelProgram, Shape, Vector, solver

TOTAL = 10**15
"""The sum of all weights: whole, below 2^53, so that rounding moves no chance by more than about 1e-12."""


@dataclass(frozen=True)
class Panel:
    """A panel by type: its whole weight in the lottery, and (type, seats) for every type that has a seat."""

    weight: int
    seats: tuple[tuple[int, int], ...]


def take_apart(shape: Shape, seats: Vector) -> list[tuple[float, Vector]] | None:
    """Return (share, panel) whose mean is `seats`, or None when some face holds no whole panel."""
    program = PanelProgram(shape)
    found: list[tuple[float, Vector]] = []
    left, point = 1.0, seats.copy()
    for _ in range(4 * (len(shape.counts) + len(shape.rows))):
        panel = _on_face(program, shape, point)
        if panel is None:
            return None
        share = _largest_share(shape, point, panel)
        if share >= 1.0 - TIGHT:
            found.append((left, panel))
            return found
        if share <= 0.0:
            return None
        found.append((left * share, panel))
        point = np.clip((point - share * panel) / (1.0 - share), 0.0, shape.counts)
        left *= 1.0 - share
        if left < 1e-13:
            return found
    return None


def _on_face(program: PanelProgram, shape: Shape, point: Vector) -> Vector | None:
    activity = shape.activity(point)
    near = 1e-8
    low, high = np.zeros_like(point), shape.counts.copy()
    high[point < near] = 0.0
    low[point > shape.counts - near] = shape.counts[point > shape.counts - near]
    row_low, row_high = shape.lower.copy(), shape.upper.copy()
    at_low, at_high = activity < shape.lower + near, activity > shape.upper - near
    row_high[at_low] = shape.lower[at_low]
    row_low[at_high] = shape.upper[at_high]
    program.restrict((low, high), (row_low, row_high))
    return program.good(point)


def _largest_share(shape: Shape, point: Vector, panel: Vector) -> float:
    """Return the largest share of the panel that leaves the rest within all bounds; slack below 1e-8 counts as none."""
    here, there = shape.activity(point), shape.activity(panel)
    slack = np.concatenate([point, shape.counts - point, here - shape.lower, shape.upper - here])
    need = np.concatenate([panel, shape.counts - panel, there - shape.lower, shape.upper - there])
    limits = np.maximum(slack, 0.0)[need > 0.5] / need[need > 0.5]
    return float(min(1.0, limits.min())) if limits.size else 1.0


def whole_leximin(shape: Shape, start: Sequence[Vector]) -> tuple[list[tuple[float, Vector]], list[Stage]]:
    """Return the leximin lottery over whole panels by column generation, with the stages' prices.

    `start` holds at least one whole panel. Prices of rows come from the fractional panels, so where whole panels have
    less room the certificates carry a gap, which the plan states.
    """
    master = _Master(shape, start)
    program = PanelProgram(shape)
    unsettled = np.ones(len(shape.counts), dtype=bool)
    stages: list[Stage] = []
    while unsettled.any():
        level, prices, offset = master.solve()
        panel = program.best(prices)
        if panel is not None and float(prices @ panel) > offset + 1e-8 and master.add(panel):
            continue
        relaxed = program.relaxed(prices)
        shares = np.where(unsettled, prices * shape.counts, 0.0)
        settled = np.flatnonzero(unsettled & (shares >= shares.max() / 100))
        rows = np.zeros(len(shape.rows)) if relaxed is None else relaxed[1]
        stages.append(Stage(tuple(int(kind) for kind in settled), np.where(unsettled, prices, 0.0), rows))
        for kind in settled:
            unsettled[kind] = False
            master.settle(int(kind), level)
    return master.lottery(), stages


class _Master:
    """The lottery over the panels found so far: the smallest open chance as large as possible."""

    def __init__(self, shape: Shape, start: Sequence[Vector]) -> None:
        self._shape, self._model = shape, solver()
        self._panels: list[Vector] = []
        self._known: set[bytes] = set()
        self._model.addVar(0.0, 1.0)
        self._model.changeColCost(0, -1.0)
        for count in shape.counts:
            self._model.addRow(0.0, INFINITY, 1, np.array([0], dtype=np.int32), np.array([-count]))
        self._model.addRow(1.0, 1.0, 0, np.array([], dtype=np.int32), np.array([]))
        for panel in start:
            self.add(panel)

    def add(self, panel: Vector) -> bool:
        """Add a panel; return False when it was there already."""
        key = panel.astype(np.int64).tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        self._panels.append(panel)
        kinds = np.flatnonzero(panel).astype(np.int32)
        rows = np.append(kinds, np.int32(len(panel)))
        self._model.addCol(0.0, 0.0, INFINITY, len(rows), rows, np.append(panel[kinds], 1.0))
        return True

    def solve(self) -> tuple[float, Vector, float]:
        """Return the smallest open chance, the price of each type's seat, and the worth that a better panel beats."""
        self._model.run()
        solution = self._model.getSolution()
        duals = np.array(solution.row_dual)
        return float(solution.col_value[0]), np.maximum(duals[:-1], 0.0), -float(duals[-1])

    def settle(self, kind: int, level: float) -> None:
        """Fix the least chance of a type at the level reached."""
        self._model.changeRowBounds(kind, max(0.0, level - 1e-10) * self._shape.counts[kind], INFINITY)
        self._model.changeCoeff(kind, 0, 0.0)

    def lottery(self) -> list[tuple[float, Vector]]:
        """Return the panels that have a share, with it."""
        self._model.run()
        assert self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        shares = np.array(self._model.getSolution().col_value)[1:]
        return [(float(share), panel) for share, panel in zip(shares, self._panels, strict=True) if share > 1e-12]


def whole_weights(parts: Sequence[tuple[float, Vector]]) -> list[Panel]:
    """Return the lottery with whole weights that add to TOTAL (largest remainders), panels in a fixed order."""
    merged: dict[tuple[tuple[int, int], ...], float] = {}
    for share, panel in parts:
        key = tuple((int(kind), int(panel[kind])) for kind in np.flatnonzero(panel))
        merged[key] = merged.get(key, 0.0) + share
    total = sum(merged.values())
    exact = {key: share / total * TOTAL for key, share in sorted(merged.items())}
    weights = {key: int(value) for key, value in exact.items()}
    order = sorted(exact, key=lambda key: (weights[key] - exact[key], key))
    missing = TOTAL - sum(weights.values())
    for place in range(abs(missing)):
        weights[order[place % len(order)]] += 1 if missing > 0 else -1
    return [Panel(weight, key) for key, weight in weights.items() if weight > 0]
