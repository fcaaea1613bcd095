"""Training the model anew with reviewers' decisions, and judging it on agencies that neither model has learnt from.

Pure: rows come in, a model and what is known of it go out. A new model is better only where its probabilities lie
nearer to what reviewers decided about the held-out agencies (Brier score) without being calibrated worse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.triage.corpus import Labelled
from grading.triage.features import NAMES
from grading.triage.measuring import HALF, Measure, calibration_error, reliability
from grading.triage.train import SEED, dumped, fit, held_out

LEAST_LEARNT = 40
LEAST_HELD = 20
"""Decisions needed to learn from and to judge by: with fewer, chance decides."""
REPEATED = 3
"""How often a decision counts beside a generated label: it is real, and there are few."""
WORSE_CALIBRATED = 0.02


@dataclass(frozen=True)
class Decided:
    """Reviewers' decisions: a row of features each, whether it was upheld, and whose report it was."""

    rows: NDArray[np.float64]
    upheld: NDArray[np.int64]
    agencies: tuple[str, ...]

    @property
    def held(self) -> NDArray[np.bool_]:
        """Which of them belong to agencies that are held apart."""
        return np.array([held_out(agency, "") for agency in self.agencies], dtype=np.bool_)


@dataclass(frozen=True)
class Retrained:
    """A model trained anew, what is known of it, and whether it is better than the one before."""

    model: bytes
    about: dict[str, Any]
    better: bool


class TooFewDecisions(Exception):
    """There are not enough decisions yet; `learnt` and `held` say how many there are."""

    def __init__(self, learnt: int, held: int) -> None:
        super().__init__(f"{learnt} decisions to learn from (at least {LEAST_LEARNT}), {held} held out ({LEAST_HELD})")
        self.learnt, self.held = learnt, held


def retrain(decided: Decided, generated: Labelled, before: Any) -> Retrained:
    """Train with the decisions of most agencies beside generated reports, and compare with `before` on the others.

    Raises `TooFewDecisions`.
    """
    import sklearn

    held = decided.held
    learnt_count, held_count = int((~held).sum()), int(held.sum())
    if learnt_count < LEAST_LEARNT or held_count < LEAST_HELD:
        raise TooFewDecisions(learnt_count, held_count)
    kept = np.array(
        [not held_out(agency, layout) for agency, layout in zip(generated.agencies, generated.layouts, strict=True)],
        dtype=np.bool_,
    )
    rows = np.concatenate([generated.rows[kept], np.repeat(decided.rows[~held], REPEATED, axis=0)])
    truth = np.concatenate([generated.truth[kept], np.repeat(decided.upheld[~held], REPEATED)])
    names = [*_those(generated.agencies, kept), *np.repeat(_those(decided.agencies, ~held), REPEATED).tolist()]
    model = fit(rows, truth, np.array(names))
    written = dumped(model)
    old = measured(decided.upheld[held], before.predict_proba(decided.rows[held])[:, 1])
    new = measured(decided.upheld[held], model.predict_proba(decided.rows[held])[:, 1])
    better = new["brier"] < old["brier"] and new["calibration_error"] <= old["calibration_error"] + WORSE_CALIBRATED
    about = {
        "sha256": hashlib.sha256(written).hexdigest(),
        "sklearn": sklearn.__version__,
        "seed": SEED,
        "features": list(NAMES),
        "bytes": len(written),
        "decisions": {"learnt": learnt_count, "held": held_count},
        "agencies": {
            "learnt": len(set(_those(decided.agencies, ~held))),
            "held": len(set(_those(decided.agencies, held))),
        },
        "generated": int(kept.sum()),
        "before": old,
        "after": new,
    }
    return Retrained(written, about, better)


def measured(truth: NDArray[np.int64], chances: NDArray[np.float64]) -> dict[str, Any]:
    """Return how well probabilities fit decisions: Brier score, calibration, counts at one half, curve."""
    return {
        "brier": round(float(np.mean((chances - truth) ** 2)), 6) if len(truth) else 0.0,
        "calibration_error": round(calibration_error(truth, chances), 4),
        "measure": Measure.of(truth, chances >= HALF).to_json(),
        "reliability": reliability(truth, chances),
    }


def _those(names: Sequence[str], chosen: NDArray[np.bool_]) -> list[str]:
    return [name for name, taken in zip(names, chosen, strict=True) if taken]
