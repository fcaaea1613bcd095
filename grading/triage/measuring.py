"""Precision, recall and calibration of probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Measure:
    """Counts of a yes-or-no decision; precision and recall are None where nothing was decided or nothing was true."""

    hits: int
    false_alarms: int
    misses: int

    @classmethod
    def of(cls, truth: NDArray[np.int64], chosen: NDArray[np.bool_]) -> Measure:
        """Count."""
        right = truth == 1
        return cls(int((right & chosen).sum()), int((~right & chosen).sum()), int((right & ~chosen).sum()))

    @property
    def precision(self) -> float | None:
        """Share of the chosen that are true."""
        chosen = self.hits + self.false_alarms
        return self.hits / chosen if chosen else None

    @property
    def recall(self) -> float | None:
        """Share of the true that are chosen."""
        true = self.hits + self.misses
        return self.hits / true if true else None

    def to_json(self) -> dict[str, float | int | None]:
        """Plain values."""
        precision, recall = self.precision, self.recall
        return {
            "hits": self.hits,
            "false_alarms": self.false_alarms,
            "misses": self.misses,
            "precision": None if precision is None else round(precision, 4),
            "recall": None if recall is None else round(recall, 4),
        }


def per_class(codes: Sequence[str], truth: NDArray[np.int64], values: NDArray[np.float64]) -> dict[str, Measure]:
    """The measure of each class at a probability of one half."""
    labels = np.array(codes)
    return {code: Measure.of(truth[labels == code], values[labels == code] >= HALF) for code in sorted(set(codes))}


def reliability(truth: NDArray[np.int64], values: NDArray[np.float64]) -> list[list[float | int]]:
    """For each tenth of the probability scale that is used: lower bound, findings, mean probability, share true."""
    tenths = np.minimum((values * BINS).astype(int), BINS - 1)
    rows: list[list[float | int]] = []
    for tenth in range(BINS):
        inside = tenths == tenth
        if inside.any():
            rows.append(
                [
                    tenth / BINS,
                    int(inside.sum()),
                    round(float(values[inside].mean()), 4),
                    round(float(truth[inside].mean()), 4),
                ]
            )
    return rows


def calibration_error(truth: NDArray[np.int64], values: NDArray[np.float64]) -> float:
    """Expected calibration error over tenths."""
    if not len(truth):
        return 0.0
    return sum(float(row[1]) * abs(float(row[2]) - float(row[3])) for row in reliability(truth, values)) / len(truth)
