"""How likely a reviewer upholds a finding, where no trained model is at hand.

The numbers are documented judgements, kept apart so that the model in `grading.triage` replaces all of them at once.
"""

from __future__ import annotations

from grading.checks.finding import Finding

PRIORS: dict[str, float] = {
    "score-sum": 0.95,
    "score-over-weight": 0.95,
    "weight-sum": 0.93,
    "score-rate": 0.9,
    "grade-band": 0.95,
    "grade-missing": 0.6,
    "wrong-category": 0.95,
    "execution-rate": 0.93,
    "money-sum": 0.9,
    "count-sum": 0.85,
    "missing-section": 0.8,
    "malformed-number": 0.85,
    "fact-conflict": 0.85,
    "paid-used": 0.8,
    "percent-of": 0.93,
    "growth-rate": 0.9,
    "unit": 0.9,
    "period": 0.93,
    "entity-name": 0.75,
    "document-kind": 0.85,
    "target-score": 0.75,
    "score-monotone": 0.85,
    "actual-copies-target": 0.9,
    "problem-score": 0.7,
    "vague-problem": 0.85,
    "survey": 0.9,
    "recycled-text": 0.85,
    "repeated-text": 0.9,
    "indicator-mismatch": 0.95,
    "independence": 0.8,
}

MODELLED = "modelled"  # the signal of a finding that rests on the score model, not on a rule
PLAUSIBLE = 0.75  # of a score that the words of its own row contradict; the triage model never saw such findings


def prior(finding: Finding) -> float:
    """Prior probability of a finding, 0…1.

    Lowered for doubtful reading, for rates cut off instead of rounded, for gaps of a last digit in sums, and for
    sums that no slip explains.
    """
    signals = finding.signals
    if MODELLED in signals:
        return PLAUSIBLE
    value = PRIORS.get(finding.code, 0.6) * min(1.0, 0.25 + 0.8 * signals.get("confidence", 0.9))
    if finding.code == "missing-section":
        value = PRIORS[finding.code] * signals.get("weight", 1.0)
    if finding.code in {"execution-rate", "score-rate"} and signals.get("truncated"):
        value = min(value, 0.45)
    if finding.code in {"money-sum", "count-sum"}:
        if signals.get("near") and not signals.get("expected_seen"):
            value = min(value, 0.45)
        elif not signals.get("slip"):
            value *= 0.8
    return round(min(max(value, 0.01), 0.99), 4)
