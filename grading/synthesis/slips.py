"""Planting one known slip of a chosen class (design/FINDINGS.md) in a report that was right.

Two classes are not planted, for one file cannot show them: recycled-text needs another project's report,
indicator-mismatch the approved system.
"""

from __future__ import annotations

from numpy.random import Generator

import grading.synthesis.slips_of_money
import grading.synthesis.slips_of_scores
import grading.synthesis.slips_of_text  # noqa: F401 - importing registers
from grading.synthesis.making import SyntheticReport
from grading.synthesis.planting import PLANTERS, NotPlantable, Planted

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
    "repeated-text",
    "missing-section",
    "independence",
)


def inject(rng: Generator, report: SyntheticReport, code: str) -> Planted:
    """Plant one slip of the class.

    Raises NotPlantable where the report holds nothing of that kind, or for a code outside CODES.
    """
    if code not in PLANTERS:
        raise NotPlantable(f"no slip of the class {code} can be planted in one file")
    return PLANTERS[code](rng, report)
