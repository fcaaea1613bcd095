"""What an assignment comes with: the pairs, what they are worth, and how much better any other could be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experts.matching.problem import Floats, Ints


@dataclass(frozen=True)
class Assignment:
    """`pairs` is n × 2 (review, expert), sorted.

    `objective` is what was asked for: the total fit; with a lottery the expected total fit; with fairness the fit of
    the worst served review. `bound` is a proved upper bound of it over all assignments, `total` the fit of `pairs`.
    `chances` are the lottery's probabilities as rows (review, expert, probability), None without one.
    """

    pairs: Ints
    objective: float
    bound: float
    total: float
    chances: Floats | None = None

    @property
    def gap(self) -> float:
        """How far `objective` may be from the best, as a share of the bound; 0 is proved optimal."""
        return max(0.0, self.bound - self.objective) / max(abs(self.bound), 1e-12)


def sorted_pairs(reviews: Ints, experts: Ints) -> Ints:
    """Return pairs as n × 2, by review, then expert."""
    order = np.lexsort((experts, reviews))
    return np.stack([reviews[order], experts[order]], axis=1).astype(np.int64)
