"""Precision and recall of the whole checker on freshly generated reports, written as DOCX and PDF and read again.

Run from the project: python -m bench.rendered [--reports N] [--seed S] [--clean]. A slip counts as found under its own
class only; a finding counts as false where none of the planted slips allows its class. Layouts, size of letters and
spacing vary; the seed differs from that of training.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import numpy as np

from grading.check_report import check_document
from grading.checks.finding import Finding
from grading.checks.registry import load
from grading.reading.document import Report
from grading.reading.pdf import read_pdf
from grading.reading.word import read_docx
from grading.synthesis import LAYOUTS, make_report, render_docx, render_pdf
from grading.synthesis.decoys import DECOYS, add_decoys
from grading.synthesis.making import SyntheticReport
from grading.synthesis.paper import SIZES
from grading.synthesis.slips import CODES
from grading.triage.corpus import plant
from grading.triage.model import FLOOR

SLIPS = 6
BODY = (10.5, 11.0, 12.0, 14.0)
FORMATS: dict[str, tuple[Callable[[SyntheticReport, Path], None], Callable[[Path], Report]]] = {
    "docx": (render_docx, read_docx),
    "pdf": (render_pdf, read_pdf),
}


def found(report: SyntheticReport, kind: str, folder: Path, size: float) -> list[Finding]:
    """What the checker finds in the report once it was written as that kind of file; body letters of that size."""
    path = folder / f"report.{kind}"
    write, read = FORMATS[kind]
    with mock.patch.dict(SIZES, {0: size, 1: size + 4, 2: size + 2, 3: size + 1}):
        write(report, path)
    return [one for one in check_document(read(path)).findings if (one.probability or 0.0) >= FLOOR]


def share(part: int, whole: int) -> str:
    """A share with both its figures."""
    return f"{part} of {whole}" + (f" ({part / whole:.3f})" if whole else "")


def summary(kind: str, counts: dict[str, Counter[str]]) -> None:
    """Precision and recall by class and by severity."""
    severities = {one.code: one.severity.value for one in load()}
    severities["count-sum"] = severities["money-sum"]
    for code in sorted(set().union(*counts.values())):
        hits, planted, false = (counts[name][code] for name in ("hit", "planted", "false"))
        print(f"  {kind:5}{code:22} {hits:3} of {planted:3} false {false:3}")
    for severity in ("error", "warning"):
        hits, planted, false = (
            sum(number for code, number in counts[name].items() if severities[code] == severity)
            for name in ("hit", "planted", "false")
        )
        print(f"{kind}: {severity}: precision {share(hits, hits + false)}, recall {share(hits, planted)}")


def main() -> None:
    """Generate, write, read, check and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=12)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--clean", action="store_true", help="plant nothing: whatever is found is false")
    chosen = parser.parse_args()
    rng = np.random.default_rng(chosen.seed)
    counts = {kind: {name: Counter[str]() for name in ("hit", "planted", "false")} for kind in FORMATS}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(chosen.reports):
            report = make_report(rng, LAYOUTS[number % len(LAYOUTS)], int(rng.integers(5, 12)))
            report = add_decoys(rng, report, int(rng.integers(2, len(DECOYS))))
            size = BODY[int(rng.integers(len(BODY)))]
            codes = [] if chosen.clean else [CODES[int(place)] for place in rng.permutation(len(CODES))[:SLIPS]]
            slips = plant(rng, report, codes)
            report = slips[-1].report if slips else report
            allowed = {code for slip in slips for code in (slip.code, *slip.also)} | set(codes)
            for kind, count in counts.items():
                findings = found(report, kind, Path(folder), size)
                codes_found = {one.code for one in findings}
                for slip in slips:
                    count["planted"][slip.code] += 1
                    count["hit"][slip.code] += slip.code in codes_found
                    if slip.code not in codes_found:
                        print(
                            f"missed in report {number} ({kind}, {report.house.layout}): {slip.code} {slip.quote[:70]}"
                        )
                for one in findings:
                    if one.code not in allowed:
                        count["false"][one.code] += 1
                        print(
                            f"false in report {number} ({kind}, {report.house.layout}): {one.code} {one.message['zh']}"
                        )
    print(f"{chosen.reports} reports of seed {chosen.seed}, each as DOCX and as PDF")
    for kind, count in counts.items():
        summary(kind, count)


if __name__ == "__main__":
    main()
