"""One wrong digit planted at random in a real report: how many the checker catches, beside three simpler checkers.

Run from the project: python -m bench.digit_slips --data FOLDER [--count N] [--seed S]. FOLDER holds real-*.docx and
real-*.pdf. `bench.slip_targets` says which figures are taken, `bench.slip_files` how the digit is changed, and
`bench.rivals` what the other checkers do. A slip is caught where a finding of probability ≥ 0.5 comes up that the
unchanged report does not give; `at its place` counts those whose evidence quotes the changed paragraph or row itself.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from bench.rivals import RIVALS
from bench.slip_files import NotThere, Paper, Word, changed, text_at
from bench.slip_targets import Target, targets
from grading.check_report import check_document
from grading.checks.finding import Finding
from grading.reading.document import Report
from grading.triage.model import FLOOR

AIMS = {"indicator": 0.95, "table": 0.90, "prose": 0.60}
NAMES = {
    "indicator": "cells of indicator tables",
    "table": "other cells in a sum, rate or share",
    "prose": "figures in prose that repeat or relate",
}


def found(report: Report) -> dict[tuple[str, str, str], Finding]:
    """The likely findings of a report."""
    likely = [one for one in check_document(report).findings if (one.probability or 0.0) >= FLOOR]
    return {(one.code, one.stated, one.message["zh"]): one for one in likely}


def draw(rng: np.random.Generator, target: Target) -> tuple[int, str]:
    """Which digit of the figure becomes which other; a first digit never becomes nought."""
    places = [i for i, char in enumerate(target.number) if char.isdigit()]
    place = int(rng.choice(places))
    others = [d for d in "0123456789" if d != target.number[place] and not (d == "0" and place == 0)]
    return place, str(rng.choice(others))


def touches(finding: Finding, target: Target) -> bool:
    """Whether a finding quotes the changed paragraph or row."""
    if target.table is None:
        return any(item.paragraph == target.paragraph and item.table is None for item in finding.evidence)
    return any(item.table == target.table and item.row == target.row for item in finding.evidence)


def run(source: Word | Paper, count: int, seed: int, *, show: bool) -> None:
    """Plant, check and print one table."""
    rng = np.random.default_rng(seed)
    before = set(found(source.report))
    quiet = {name: set(rival(source.report)) for name, rival in RIVALS.items()}
    print(f"\n{source.kind}: {len(before)} finding(s) before; rivals: { ({n: len(q) for n, q in quiet.items()}) }")
    print(f"{'':42} {'slips':>5} {'caught':>7} {'at its place':>13}  aim   " + "  ".join(f"{n:>16}" for n in RIVALS))
    for group, every in sorted(targets(source.report).items()):
        tried, caught, placed = 0, 0, 0
        others: Counter[str] = Counter()
        for at in rng.permutation(len(every)):
            if tried >= count:
                break
            target = every[int(at)]
            place, digit = draw(rng, target)
            try:
                report = source.slip(target, place, digit)
            except NotThere:
                continue
            tried += 1
            fresh = [one for key, one in found(report).items() if key not in before]
            caught += bool(fresh)
            placed += any(touches(one, target) for one in fresh)
            for name, rival in RIVALS.items():
                others[name] += bool(set(rival(report)) - quiet[name])
            if show and not fresh:
                text = text_at(source.report, target)
                around = text[max(0, target.start - 30) : target.start + len(target.number) + 12].replace("\n", "/")
                where = f"P{target.paragraph}" if target.table is None else f"T{target.table} row {target.row}"
                print(
                    f"  missed {group} {where}: {target.number} → {changed(target.number, place, digit)} in “{around}”"
                )
        if tried:
            shares = "  ".join(f"{others[name] / tried:16.2f}" for name in RIVALS)
            print(
                f"{NAMES[group]:42} {tried:5} {caught / tried:7.3f} {placed / tried:13.3f} {AIMS[group]:5.2f}  {shares}"
            )


def main() -> None:
    """Run over every real report of the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--count", type=int, default=40, help="slips of each group and file")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--kind", choices=("docx", "pdf"))
    parser.add_argument("--missed", action="store_true", help="print what was missed")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind, opened in (("docx", Word), ("pdf", Paper)):
            for path in sorted(chosen.data.glob(f"real-*.{kind}")):
                if chosen.kind in {None, kind}:
                    run(opened(path, Path(folder)), chosen.count, chosen.seed, show=chosen.missed)


if __name__ == "__main__":
    main()
