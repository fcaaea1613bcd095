"""Raters with known severity: does adjusting find the better reports? `python -m bench.raters`.

10 000 reports and 300 raters; every report has a true quality and two or three raters, most of whom rate within one
field, so that plain means mix quality with whoever happened to rate. Printed: rank correlation with the true quality
of adjusted ratings, of plain means and, as the bound, of means with the true severities taken off; the same where
raters do not differ at all (adjusting must not harm); the share of true qualities inside the 95 % interval; seconds.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from scipy.stats import spearmanr

from grading.severity import estimate

REPORTS, RATERS, FIELDS = 10_000, 300, 12
LIMIT = 60.0


def simulate(
    rng: np.random.Generator, spread: float, reports: int = REPORTS, raters: int = RATERS
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return report, rater and rating of each rating, and the true qualities and severities."""
    quality = rng.normal(78, 6, reports)
    severity = rng.normal(0, spread, raters) if spread else np.zeros(raters)
    home = rng.integers(0, FIELDS, raters)
    own = [np.flatnonzero(home == field) for field in range(FIELDS)]
    report_of, rater_of = [], []
    for report in range(reports):
        field = report % FIELDS
        wanted = 2 + report % 2
        pool = own[field] if rng.random() < 0.85 and len(own[field]) >= wanted else np.arange(raters)
        chosen = rng.choice(pool, wanted, replace=False)
        report_of += [report] * wanted
        rater_of += chosen.tolist()
    report, rater = np.array(report_of), np.array(rater_of)
    rating = quality[report] + severity[rater] + rng.normal(0, 3, len(report))
    return report, rater, np.clip(np.round(rating, 1), 0, 100), quality, severity


def main() -> int:
    """Print the table; 1 when adjusting is no better than plain means, or too slow."""
    good = True
    print(f"{REPORTS} reports, {RATERS} raters; rank correlation with the true quality")
    print("severity sd  plain means  adjusted  true severities  severity found  inside 95 %  seconds")
    for spread in (0.0, 2.0, 5.0, 8.0):
        report, rater, rating, quality, severity = simulate(np.random.default_rng(7), spread)
        began = time.perf_counter()
        found = estimate(report, rater, rating)
        seconds = time.perf_counter() - began
        many = np.bincount(report)
        best = np.bincount(report, rating - severity[rater]) / many
        raw, adjusted, bound = (float(spearmanr(one, quality)[0]) for one in (found.raw, found.adjusted, best))
        agrees = float(spearmanr(found.severity, severity)[0]) if spread else float("nan")
        inside = np.mean(np.abs(found.adjusted - quality) <= 1.96 * found.adjusted_error)
        print(
            f"{spread:11.1f}  {raw:11.4f}  {adjusted:8.4f}  {bound:15.4f}  {agrees:14.4f}"
            f"  {inside:11.3f}  {seconds:7.2f}"
        )
        good = good and seconds < LIMIT and (adjusted > raw if spread else adjusted > raw - 0.002)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
