"""What the model knows of a finding: its class, its own signals, its neighbourhood, and the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from grading.checks.finding import Finding, Severity
from grading.reading.document import Report

CODES = (
    "score-sum",
    "score-over-weight",
    "weight-sum",
    "score-rate",
    "grade-band",
    "grade-missing",
    "wrong-category",
    "execution-rate",
    "money-sum",
    "fact-conflict",
    "paid-used",
    "percent-of",
    "growth-rate",
    "unit",
    "malformed-number",
    "period",
    "entity-name",
    "document-kind",
    "target-score",
    "score-monotone",
    "actual-copies-target",
    "problem-score",
    "vague-problem",
    "survey",
    "count-sum",
    "recycled-text",
    "repeated-text",
    "missing-section",
    "indicator-mismatch",
    "independence",
)
SCALED = ("residual", "relative", "parts", "agree", "repeats", "expected_seen")
PLAIN = ("confidence", "table", "slip", "near", "whole", "truncated", "heading_fits")
NEIGHBOURHOOD = ("error", "sides", "same_class", "same_place")
DOCUMENT = ("pdf", "unread")
NAMES = (*PLAIN, *SCALED, *NEIGHBOURHOOD, *DOCUMENT, *(f"is_{code}" for code in CODES))
RISING = ("confidence", "agree")


def _place(finding: Finding) -> tuple[int | None, int | None]:
    first = finding.evidence[0] if finding.evidence else None
    return (first.paragraph, first.table) if first else (None, None)


def matrix(findings: Sequence[Finding], report: Report) -> NDArray[np.float64]:
    """One row of len(NAMES) figures for each finding; a signal that does not apply is NaN.

    How much else was found, and how long the report is, are left out on purpose: both say more about the
    generator than about
    the finding.
    """
    classes = Counter(finding.code for finding in findings)
    places = Counter(_place(finding) for finding in findings)
    document = [float(report.kind == "pdf"), float(len(report.unread))]
    rows = []
    for finding in findings:
        signals = finding.signals
        rows.append(
            [
                *(float(signals.get(name, np.nan)) for name in PLAIN),
                *(log1p(max(0.0, float(signals[name]))) if name in signals else np.nan for name in SCALED),
                float(finding.severity is Severity.ERROR),
                float(len(finding.evidence)),
                log1p(classes[finding.code]),
                log1p(places[_place(finding)]),
                *document,
                *(float(finding.code == code) for code in CODES),
            ]
        )
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))
