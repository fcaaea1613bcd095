"""How long something takes where some of it is still open (Kaplan and Meier 1958)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Step:
    """From this day on: the share still open with its interval, and how many were still open just before."""

    day: int
    open: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True)
class Waiting:
    """A curve of what is still open. `median` is None (and so is an end of its interval) where it is not reached."""

    steps: tuple[Step, ...]
    median: int | None
    median_low: int | None
    median_high: int | None
    done: int
    still_open: int


def waiting_of(groups: Sequence[tuple[int, bool, int]], level: float) -> Waiting:
    """Return the curve from (days, whether it ended then or was only seen open till then, how many of these).

    Intervals are log-log (Greenwood's error), the median's after Brookmeyer and Crowley (1982): where the bounds of
    the curve fall to one half.
    """
    ended = [day for day, over, many in groups if over for _one in range(many)]
    seen = [day for day, over, many in groups if not over for _one in range(many)]
    if not ended:
        return Waiting((), None, None, None, 0, len(seen))
    open_share = stats.ecdf(stats.CensoredData(uncensored=ended, right=seen)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no interval where nothing is left open
        bounds = open_share.confidence_interval(level, method="log-log")
    days = np.sort(np.array([*ended, *seen], float))
    ends = set(ended)
    steps = tuple(
        Step(
            int(day),
            float(share),
            0.0 if share == 0 else float(low),
            0.0 if share == 0 else float(high),
            int(len(days) - np.searchsorted(days, day)),
        )
        for day, share, low, high in zip(
            open_share.quantiles,
            open_share.probabilities,
            bounds.low.probabilities,
            bounds.high.probabilities,
            strict=True,
        )
        if int(day) in ends
    )
    return Waiting(
        steps,
        next((one.day for one in steps if one.open <= 0.5), None),
        next((one.day for one in steps if one.low <= 0.5), None),
        next((one.day for one in steps if one.high <= 0.5), None),
        len(ended),
        len(seen),
    )
