"""Chances as equal as the quotas allow: leximin by stages, each with its dual certificate.

Stage by stage the smallest chance among the types not yet settled is made as large as possible while settled types keep
theirs; the types whose chance the dual prices show cannot rise are settled there. The stages are solved over the
fractional panels, whose optimum bounds every lottery over whole panels; `lottery` then shows that it is reached (or
how nearly). After Flanigan, Gölz, Gupta, Hennig, Procaccia: Fair algorithms for selecting citizens' assemblies, Nature
596 (2021); aggregated to types, since experts of one type are interchangeable.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from experts.draw.program import INFINITY, Shape, Vector, solver


@dataclass(frozen=True)
class Stage:
    """One stage: the types it settles, and the prices that prove its level: per open type and per row (size first)."""

    settled: tuple[int, ...]
    types: Vector
    rows: Vector


def leximin(shape: Shape) -> tuple[Vector, list[Stage]] | None:
    """Return expected seats by type at the leximin optimum of the fractional panels, with the stages that prove it.

    None when not even a fractional panel keeps the quotas.
    """
    many = len(shape.counts)
    model = solver()
    model.addVars(many, np.zeros(many), shape.counts)
    model.addVar(0.0, 1.0)
    model.changeColCost(many, -1.0)
    for row, low, high in zip(shape.rows, shape.lower, shape.upper, strict=True):
        model.addRow(low, high, len(row), row, np.ones(len(row)))
    first = len(shape.rows)
    for kind, count in enumerate(shape.counts.tolist()):
        model.addRow(0.0, INFINITY, 2, np.array([kind, many], dtype=np.int32), np.array([1.0, -count]))
    model.changeColBounds(many, 0.0, INFINITY)
    unsettled = np.ones(many, dtype=bool)
    stages: list[Stage] = []
    seats = np.zeros(many)
    while unsettled.any():
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = model.getSolution()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        seats, level = values[:many], values[many]
        prices = np.where(unsettled, np.maximum(duals[first:], 0.0), 0.0)
        shares = prices * shape.counts
        settled = np.flatnonzero(unsettled & (shares >= shares.max() / 100))
        stages.append(Stage(tuple(int(kind) for kind in settled), prices, -duals[:first]))
        for kind in settled.tolist():
            unsettled[kind] = False
            model.changeColBounds(kind, min(level, 1.0) * shape.counts[kind], shape.counts[kind])
            model.changeRowBounds(first + kind, -INFINITY, INFINITY)
    return np.clip(seats, 0.0, shape.counts), stages
