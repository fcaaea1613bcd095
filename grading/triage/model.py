"""The trained model as the checker uses it: loaded once, only with the types it is known to hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from grading.checks.finding import Finding, Severity
from grading.checks.priors import MODELLED, prior
from grading.reading.document import Report
from grading.triage.features import NAMES, matrix

FOLDER = Path(__file__).parent
MODEL = FOLDER / "model.skops"
ABOUT = FOLDER / "model.json"
TRUSTED = (
    "numpy.dtype",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.Interval",
)
ARITHMETIC = frozenset(
    {
        "score-sum",
        "score-over-weight",
        "weight-sum",
        "score-rate",
        "execution-rate",
        "money-sum",
        "percent-of",
        "growth-rate",
        "count-sum",
        "survey",
        "grade-band",
        "wrong-category",
    }
)
LISTED = frozenset({"fact-conflict"})
AGREED = 2
SURE_READING = 0.9
FLOOR = 0.5


class ModelRefused(Exception):
    """The model's file cannot be used; the message says why and how to rebuild it."""


def load(model: Path = MODEL, about: Path = ABOUT) -> Any:
    """The trained classifier.

    Raises ModelRefused where the file is absent, is not the one that was trained, belongs to another
    scikit-learn, or holds
    types beyond TRUSTED.
    """
    again = "rebuild it with: python -m grading.triage.train"
    if not model.exists() or not about.exists():
        raise ModelRefused(f"The triage model is absent; {again}")
    return opened(model.read_bytes(), json.loads(about.read_text(encoding="utf-8")))


def opened(
    data: bytes, record: Mapping[str, Any], *, names: Sequence[str] = NAMES, trusted: Sequence[str] = TRUSTED
) -> Any:
    """Open a model from its bytes and what is known of it; raises ModelRefused as `load` does."""
    import sklearn
    from skops.io import get_untrusted_types, loads

    again = "train it anew"
    if hashlib.sha256(data).hexdigest() != record["sha256"]:
        raise ModelRefused(f"The triage model is not the file that was trained; {again}")
    if sklearn.__version__ != record["sklearn"]:
        raise ModelRefused(f"The triage model was trained with scikit-learn {record['sklearn']}; {again}")
    if tuple(record["features"]) != tuple(names):
        raise ModelRefused(f"The triage model was trained on other features; {again}")
    foreign = sorted(set(get_untrusted_types(data=data)) - set(trusted))
    if foreign:
        raise ModelRefused(f"The triage model holds types that are not trusted: {', '.join(foreign)}")
    return loads(data, trusted=list(trusted))


@lru_cache(maxsize=1)
def _loaded() -> Any:
    return load()


@lru_cache(maxsize=1)
def threads() -> Any:
    """What limits the threads of numeric libraries; looked for once."""
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # ships no types

    return ThreadpoolController()


def floored(finding: Finding, probability: float) -> float:
    """The probability, never below FLOOR for an arithmetic error whose figures were surely read.

    Nor for a slip of typing in a list or phrase of which all else agrees.
    """
    signals = finding.signals
    summed = finding.severity is Severity.ERROR and finding.code in ARITHMETIC
    listed = finding.code in LISTED and signals.get("agree", 0.0) >= AGREED and signals.get("slip", 0.0) > 0
    if (summed or listed) and signals.get("confidence", 0.0) >= SURE_READING:
        return max(probability, FLOOR)
    return probability


def estimate(findings: Sequence[Finding], report: Report) -> list[float]:
    """How likely a reviewer is to uphold each of a report's findings, in their order.

    The findings are those of one report together, for a finding's neighbours count. Raises ModelRefused.
    """
    return estimate_with(_loaded(), findings, report) if findings else []


def estimate_with(model: Any, findings: Sequence[Finding], report: Report) -> list[float]:
    """As `estimate`, by a model given; findings that rest on the score model keep their documented prior."""
    if not findings:
        return []
    # A report has a handful of findings: more threads than one would spend their time waiting for each other.
    with threads().limit(limits=1, user_api="openmp"):
        raw = model.predict_proba(matrix(findings, report))[:, 1]
    return [
        prior(finding) if MODELLED in finding.signals else floored(finding, float(value))
        for finding, value in zip(findings, raw, strict=True)
    ]
