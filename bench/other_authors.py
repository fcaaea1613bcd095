"""Precision and recall on reports of a second generator, written apart from the one that trains the model.

Run from the project: python -m bench.other_authors [--reports N] [--seed S] [--clean] [--house NAME]. Every report is
written as DOCX and as PDF and read again. A slip counts as found under its own class only; a finding is false where
the slip does not bring it about.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from bench.authors import facts, houses, more_houses
from bench.authors.paper import write_docx, write_pdf
from bench.authors.slips import SLIPS
from bench.rendered import share, summary
from bench.rivals import regex
from grading.check_report import check_document
from grading.checks.finding import Finding
from grading.reading.pdf import read_pdf
from grading.reading.word import read_docx
from grading.triage.model import FLOOR

HOUSES = {
    "shanghai": (houses.shanghai, "sh"),
    "zhejiang": (more_houses.zhejiang, "sh"),
    "guangdong": (more_houses.guangdong, "gd"),
    "ministry": (more_houses.ministry, "sh"),
    "firm": (more_houses.firm, "sh"),
}
COUNTED = ("hit", "planted", "false", "rules hit", "rules false", "regex hit", "regex false")
FORMATS = {"docx": (write_docx, read_docx), "pdf": (write_pdf, read_pdf)}


def found(paper: houses.Paper, kind: str, folder: Path, seed: int) -> tuple[list[Finding], set[str]]:
    """What the checker finds in a paper written as that kind of file, all it raises; and what a regex checker says."""
    path = folder / f"report.{kind}"
    write, read = FORMATS[kind]
    write(paper, path, np.random.default_rng(seed))
    report = read(path)
    return list(check_document(report).findings), set(regex(report))


def planted(rng: np.random.Generator, case: facts.Case, code: str) -> tuple[dict[str, str] | None, frozenset[str]]:
    """What a slip of a class changes and which other classes it touches; None where the report has no place for it."""
    if not code:
        return {}, frozenset()
    slip, allowed = SLIPS[code]
    over = slip(rng, case)
    if not over or any(case.printed[key] == text for key, text in over.items()):
        return None, allowed
    return over, allowed


def count(
    counts: dict[str, Counter[str]], code: str, allowed: frozenset[str], raised: list[Finding], where: str
) -> None:
    """Count what was found, and print what was missed or false; beside it what the rules raise without the model."""
    findings = [one for one in raised if (one.probability or 0.0) >= FLOOR]
    counts["rules hit"][code] += bool(code) and any(one.code == code for one in raised)
    counts["rules false"].update(one.code for one in raised if one.code != code and one.code not in allowed)
    hit = any(one.code == code for one in findings)
    if code:
        counts["planted"][code] += 1
        counts["hit"][code] += hit
        if not hit:
            print(f"missed in {where}: got {[one.code for one in findings]}")
    for one in findings:
        if one.code != code and one.code not in allowed:
            counts["false"][one.code] += 1
            print(f"false in {where}: {one.code} {one.message['zh']}")


def main() -> None:
    """Generate, plant, write, read, check and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clean", action="store_true", help="plant nothing: whatever is found is false")
    parser.add_argument("--house", choices=tuple(HOUSES))
    parser.add_argument("--kind", choices=tuple(FORMATS))
    chosen = parser.parse_args()
    names = [chosen.house] if chosen.house else list(HOUSES)
    kinds = [chosen.kind] if chosen.kind else list(FORMATS)
    rng = np.random.default_rng(chosen.seed)
    counts = {kind: {name: Counter[str]() for name in COUNTED} for kind in kinds}
    quiet: dict[tuple[int, str], set[str]] = {}
    codes = list(SLIPS)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(chosen.reports):
            name = names[number % len(names)]
            build, plan = HOUSES[name]
            case = facts.draw(rng, plan)
            build(case)
            wanted = [""] if chosen.clean else [codes[int(i)] for i in rng.permutation(len(codes))[:6]]
            for code in wanted if chosen.clean else ["", *wanted]:  # the right report first
                over, allowed = planted(rng, case, code)
                if over is None:
                    continue
                case.over = over
                flawed = build(case)
                case.over = {}
                for kind in kinds:
                    findings, patterns = found(flawed, kind, Path(folder), chosen.seed + number)
                    before = quiet.setdefault((number, kind), patterns)
                    counts[kind]["regex hit"][code] += bool(code and patterns - before)
                    counts[kind]["regex false"][""] += 0 if code else len(patterns)
                    count(counts[kind], code, allowed, findings, f"{number} ({kind}, {name}, {code or 'clean'} {over})")
    print(f"{chosen.reports} reports of seed {chosen.seed}")
    for kind, counted in counts.items():
        summary(kind, {name: counted[name] for name in ("hit", "planted", "false")})
        planted_of, hits = counted["planted"].total(), counted["rules hit"].total()
        false = counted["rules false"].total()
        print(
            f"{kind}: rules without the model: precision {share(hits, hits + false)}, recall {share(hits, planted_of)}"
        )
        regex_hits = counted["regex hit"].total()
        print(
            f"{kind}: a regex checker in the manner of statcheck: recall {share(regex_hits, planted_of)}, "
            f"{counted['regex false'].total()} false in reports without a slip"
        )


if __name__ == "__main__":
    main()
