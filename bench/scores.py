"""How well the score model tells implausible scores on rows of two generators that it never saw, and its cost.

Run from the project: python -m bench.scores [--reports N] [--seed S]. One row at a time is spoilt: a row that lost
points is given full marks beside its own words, or a row with full marks loses a quarter. Right rows of the same
reports must stay silent. The peer is the words alone: the expressions by which the check chooses its rows.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.authors import facts as authors
from bench.other_authors import FORMATS, HOUSES
from bench.rendered import share
from grading.checks.plausibility import implausible_score, in_doubt
from grading.checks.registry import Context
from grading.facts.collect import Facts, gather
from grading.synthesis import make_report
from grading.synthesis.decoys import add_decoys
from grading.triage.practice import as_read
from grading.triage.score_model import plausible
from grading.triage.score_rows import ScoredRow


def own(seed: int, reports: int) -> Iterator[Facts]:
    """Reports of the project's own generator, with look-alikes, of a seed that training did not use."""
    rng = np.random.default_rng(seed)
    for _ in range(reports):
        yield gather(as_read(add_decoys(rng, make_report(rng), 3)))


def second(seed: int, reports: int) -> Iterator[Facts]:
    """Reports of the second generator, written as DOCX and read again; never in training."""
    rng = np.random.default_rng(seed)
    write, read = FORMATS["docx"]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(reports):
            build, plan = list(HOUSES.values())[number % len(HOUSES)]
            case = authors.draw(rng, plan)
            path = Path(folder) / "report.docx"
            write(build(case), path, np.random.default_rng(seed + number))
            yield gather(read(path))


def measure(reports: Iterator[Facts]) -> Counter[str]:
    """Count what is told of right and of spoilt rows."""
    counts: Counter[str] = Counter()
    for facts in reports:
        if facts.main is None:
            continue
        leaves = facts.main.leaves
        counts["rows"] += len(leaves)
        counts["false"] += len(list(implausible_score(Context(facts))))
        counts["words false"] += len(in_doubt(facts.main))
        for place, leaf in enumerate(leaves):
            weight, score = leaf.weight, leaf.score
            if weight is None or score is None or not leaf.target or not leaf.actual or len(leaf.note) < 4:
                continue
            short = score.value < weight.value
            wrong = replace(score, value=weight.value if short else weight.value * 3 / 4)
            leaves[place] = replace(leaf, score=wrong)
            if in_doubt(facts.main, only=place, any_words=True):
                kind = "full beside shortfall" if short else "deducted beside praise"
                start = time.perf_counter()
                told = any(one.evidence[0].row == leaf.row for one in implausible_score(Context(facts)))
                counts["µs"] += round(1e6 * (time.perf_counter() - start))
                counts["runs"] += 1
                counts[kind] += 1
                counts[f"{kind} found"] += told
                counts[f"{kind} by words"] += bool(in_doubt(facts.main, only=place))
            leaves[place] = leaf
    return counts


def main() -> None:
    """Generate, spoil, check and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=20)
    parser.add_argument("--seed", type=int, default=31007)
    chosen = parser.parse_args()
    plausible([ScoredRow("健全", "健全", "制度健全", 4.0, 4.0, 0.9)])  # loads the model, so that only its use is timed
    for title, reports in (
        ("the project's generator", own(chosen.seed, chosen.reports)),
        ("the second generator", second(chosen.seed, chosen.reports)),
    ):
        counts = measure(reports)
        print(f"{title}: {counts['rows']} right rows, {counts['false']} false (words alone: {counts['words false']})")
        for kind in ("full beside shortfall", "deducted beside praise"):
            found, words = counts[f"{kind} found"], counts[f"{kind} by words"]
            print(f"  {kind}: found {share(found, counts[kind])}; words alone {share(words, counts[kind])}")
        print(f"  {counts['µs'] / max(1, counts['runs']) / 1000:.1f} ms for a report with a doubtful row")


if __name__ == "__main__":
    main()
