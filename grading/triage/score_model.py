"""The second model as the checker uses it: between which shares of its weight an indicator's score is plausible."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grading.triage.model import FOLDER, ModelRefused, opened, threads
from grading.triage.score_rows import NAMES, ScoredRow, matrix, shortfalls

MODEL = FOLDER / "score_model.skops"
ABOUT = FOLDER / "score_model.json"
TRUSTED = (
    "numpy.dtype",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn._loss.loss.PinballLoss",
    "sklearn._loss._loss.CyPinballLoss",
    "sklearn._loss.link.IdentityLink",
    "sklearn._loss.link.Interval",
)
SURE = 0.8  # how surely the words must speak of a shortfall, or of none
FINE = 1e-9


@dataclass(frozen=True, slots=True)
class Plausible:
    """The shares of the weight, 0…1, between which a score is plausible; `shortfall` is what the words say, 0…1."""

    low: float
    high: float
    shortfall: float

    def too_high(self, share: float, *, missed: bool = False) -> bool:
        """Whether a share is too high, where the words surely speak of a shortfall or the target was `missed`."""
        return share > self.high + FINE and (missed or self.shortfall >= SURE)

    def too_low(self, share: float) -> bool:
        """Whether a share is too low, where the words surely speak of none."""
        return share < self.low - FINE and self.shortfall <= 1 - SURE


@lru_cache(maxsize=1)
def _loaded() -> tuple[dict[str, Any], tuple[float, float]]:
    if not MODEL.exists() or not ABOUT.exists():
        raise ModelRefused("The score model is absent; rebuild it with: python -m grading.triage.score_train")
    about = json.loads(ABOUT.read_text(encoding="utf-8"))
    return opened(MODEL.read_bytes(), about, names=NAMES, trusted=TRUSTED), (
        about["margins"]["low"],
        about["margins"]["high"],
    )


def intervals(model: dict[str, Any], rows: Sequence[ScoredRow], margins: tuple[float, float]) -> list[Plausible]:
    """The interval of each row by a model given."""
    if not rows:
        return []
    shortfall = shortfalls(rows, model["words"], float(model["words_at"]))
    known = matrix(rows, shortfall)
    with threads().limit(limits=1, user_api="openmp"):
        low, high = 1 - model["lost"].predict(known), model["kept"].predict(known)
    return [
        Plausible(max(0.0, float(a) - margins[0]), min(1.0, float(b) + margins[1]), float(c))
        for a, b, c in zip(low, high, shortfall, strict=True)
    ]


def plausible(rows: Sequence[ScoredRow]) -> list[Plausible]:
    """Between which shares each row's score is plausible. Raises ModelRefused."""
    if not rows:
        return []
    model, margins = _loaded()
    return intervals(model, rows, margins)
