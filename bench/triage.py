"""Precision and recall of the triage model on freshly generated reports, beside the plain rules, and its cost.

Run from the project: python -m bench.triage [--reports N] [--seed S]. The seed differs from that of training.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from grading.triage.corpus import labelled
from grading.triage.measuring import Measure, calibration_error, per_class
from grading.triage.model import FLOOR, load
from grading.triage.train import held_out


def show(name: str, measure: Measure) -> None:
    """One line of the table."""
    precision, recall = ("  n/a" if value is None else f"{value:.3f}" for value in (measure.precision, measure.recall))
    print(f"{name:24} {precision}  {recall}  {measure.hits:5} {measure.false_alarms:5} {measure.misses:5}")


def main() -> None:
    """Generate, check, estimate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    data = labelled(chosen.seed, chosen.reports)
    unseen = np.array([held_out(agency, layout) for agency, layout in zip(data.agencies, data.layouts, strict=True)])
    model = load()
    start = time.perf_counter()
    raw = model.predict_proba(data.rows)[:, 1]
    spent = time.perf_counter() - start
    values = np.where(np.array(data.floors), np.maximum(raw, FLOOR), raw)
    truth = data.truth[unseen]
    codes = [code for code, kept in zip(data.codes, unseen, strict=True) if kept]
    print(f"{chosen.reports} reports, {len(truth)} findings of agencies and layouts that training never saw")
    print(f"{'':24} prec.  recall   hits false  miss")
    show("rules alone", Measure.of(truth, np.ones(len(truth), dtype=bool)))
    show("model", Measure.of(truth, raw[unseen] >= FLOOR))
    show("model with floor", Measure.of(truth, values[unseen] >= FLOOR))
    for code, measure in per_class(codes, truth, raw[unseen]).items():
        show(f"  {code}", measure)
    print(f"expected calibration error {calibration_error(truth, raw[unseen]):.4f}")
    print(f"{1e6 * spent / max(1, len(data.rows)):.0f} µs for a finding, all {len(data.rows)} at once")
    print("slips raised at all by the rules:")
    for code in sorted(data.slips):
        print(f"  {code:22} {data.caught[code]:4} of {data.slips[code]}")


if __name__ == "__main__":
    main()
