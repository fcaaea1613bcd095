"""The panels that keep the quotas, as a linear program in HiGHS over the number of seats of each type."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from experts.draw.pool import Family, Kind, Quota
from experts.quiet_solver import new_model

Vector = NDArray[np.float64]
INFINITY = highspy.kHighsInf
TIGHT = 1e-9
NEARLY = 0.05
"""How far below the greatest worth a panel may stay that only has to be good."""
WIDTHS = (40, 160)
"""How many types beside the broken ones are worked out as whole numbers, at first and where that is not enough."""


@dataclass(frozen=True)
class Shape:
    """What a panel must satisfy, by type: counts, quota rows (members and bounds) and the size (always row 0).

    `numbers` says which row of a record each one is: 0 the size, then the quotas from 1.
    """

    counts: Vector
    rows: tuple[NDArray[np.int32], ...]
    lower: Vector
    upper: Vector
    numbers: tuple[int, ...]

    @classmethod
    def of(
        cls, kinds: Sequence[Kind | Family], quotas: Sequence[Quota], size: int, relaxed: Collection[int] = ()
    ) -> Shape:
        """Build the shape of a draw, without the rows set aside."""
        kept = sorted({*range(len(quotas))} - {*relaxed})
        members: dict[int, list[int]] = {number: [] for number in kept}
        for index, kind in enumerate(kinds):
            for number in kind.quotas:
                if number in members:
                    members[number].append(index)
        rows = [list(range(len(kinds))), *members.values()]
        return cls(
            np.array([kind.count for kind in kinds], dtype=float),
            tuple(np.array(row, dtype=np.int32) for row in rows),
            np.array([size, *(quotas[number].minimum for number in kept)], dtype=float),
            np.array([size, *(quotas[number].maximum for number in kept)], dtype=float),
            (0, *(number + 1 for number in kept)),
        )

    def activity(self, seats: Vector) -> Vector:
        """Return the value of every row (size first, then quotas) for seats by type."""
        return np.array([seats[row].sum() for row in self.rows])


def solver(*, integer: bool = False) -> highspy.Highs:
    """Return a silent single-threaded HiGHS with tolerances far below the 1e-6 the draw promises."""
    model = new_model()
    model.setOptionValue("threads", 1)
    model.setOptionValue("random_seed", 0)
    model.setOptionValue("primal_feasibility_tolerance", 1e-9)
    model.setOptionValue("dual_feasibility_tolerance", 1e-9)
    if integer:
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("mip_abs_gap", 1e-9)
    return model


class PanelProgram:
    """Finds the panel of greatest worth among those that keep the quotas; keeps its model between questions."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._all = np.arange(len(shape.counts), dtype=np.int32)
        self._bounds = (np.zeros(len(shape.counts)), shape.counts)
        self._model = solver()
        self._exact = solver(integer=True)
        for model in (self._model, self._exact):
            model.addVars(len(shape.counts), np.zeros(len(shape.counts)), shape.counts)
            for row, low, high in zip(shape.rows, shape.lower, shape.upper, strict=True):
                model.addRow(low, high, len(row), row, np.ones(len(row)))
            model.changeObjectiveSense(highspy.ObjSense.kMaximize)
        kinds = np.full(len(self._all), highspy.HighsVarType.kInteger)
        self._exact.changeColsIntegrality(len(self._all), self._all, kinds)

    def restrict(self, columns: tuple[Vector, Vector], rows: tuple[Vector, Vector]) -> None:
        """Replace the bounds of every type and of every row (to keep to a face of the panels)."""
        self._bounds = columns
        for model in (self._model, self._exact):
            model.changeColsBounds(len(self._all), self._all, columns[0], columns[1])
            for number, (low, high) in enumerate(zip(rows[0], rows[1], strict=True)):
                model.changeRowBounds(number, low, high)

    def relaxed(self, worth: Vector) -> tuple[Vector, Vector] | None:
        """Return seats by type (perhaps fractional) of greatest worth and the rows' prices; None when there is none."""
        return self._ask(self._model, worth)

    def best(self, worth: Vector) -> Vector | None:
        """Return the whole panel of greatest worth, or None when no panel keeps the bounds."""
        relaxed = self.relaxed(worth)
        if relaxed is None:
            return None
        rounded = np.round(relaxed[0])
        if np.abs(rounded - relaxed[0]).max() < 1e-7:
            return rounded
        exact = self._ask(self._exact, worth)
        return None if exact is None else np.round(exact[0])

    def good(self, worth: Vector) -> Vector | None:
        """Return a whole panel of great worth, perhaps not the greatest, or None when no panel keeps the bounds.

        The best fractional panel has few types that are not whole; those and the types that could change at the least
        loss are worked out as whole numbers, more of them until there is a panel. That is much less work.
        """
        relaxed = self.relaxed(worth)
        if relaxed is None:
            return None
        seats = np.round(relaxed[0])
        broken = np.abs(seats - relaxed[0]) > 1e-7
        if not broken.any():
            return seats
        loss = np.abs(np.array(self._model.getSolution().col_dual))
        loss[broken] = -1.0
        nearest = np.argsort(loss, kind="stable")
        low, high = self._bounds
        self._exact.setOptionValue("mip_rel_gap", NEARLY)
        exact = None
        for many in WIDTHS:
            if exact is not None or many >= len(seats) / 2:
                break
            free = nearest[: int(broken.sum()) + many]
            below, above = np.clip(seats, low, high), np.clip(seats, low, high)
            below[free], above[free] = low[free], high[free]
            self._exact.changeColsBounds(len(self._all), self._all, below, above)
            exact = self._ask(self._exact, worth)
            self._exact.changeColsBounds(len(self._all), self._all, low, high)
        if exact is None:
            exact = self._ask(self._exact, worth)
        self._exact.setOptionValue("mip_rel_gap", 0.0)
        return None if exact is None else np.round(exact[0])

    def _ask(self, model: highspy.Highs, worth: Vector) -> tuple[Vector, Vector] | None:
        model.changeColsCost(len(self._all), self._all, worth)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = model.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)
