"""Check one report: read → facts → checks → triage, without a database, a server or an application.

`check_report` is the function; ``python -m grading.cli FILE`` and ``flask check-report FILE`` are the
commands.
The format of the result is that of `CheckResult.to_json`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.checks.finding import Finding
from grading.reading.approved import ApprovedIndicator
from grading.reading.document import Report

if TYPE_CHECKING:
    from grading.statement import Statement

Triage = Callable[[Sequence[Finding], Report], list[float]]


@dataclass(frozen=True)
class Coverage:
    """What was found, what took part in a relation, and what could not be read."""

    figures_found: int
    figures_checked: int
    figures_unreadable: int
    tables: int
    indicator_rows: int
    total_score: str | None
    grade: str | None

    def to_json(self) -> dict[str, Any]:
        """The published format."""
        return dict(vars(self))


@dataclass(frozen=True)
class CheckResult:
    """Everything that one run says of one report."""

    file: str
    report: Report
    seconds: float
    coverage: Coverage
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """The published format, plain values only."""
        return {
            "file": self.file,
            "title": self.report.title,
            "pages": self.report.pages,
            "seconds": round(self.seconds, 2),
            "coverage": self.coverage.to_json(),
            "findings": [finding.to_json() for finding in self.findings],
        }


def estimates(findings: Sequence[Finding], report: Report, triage: Triage | None) -> list[float]:
    """Probability of each finding.

    From `triage`, else from the trained model, else (no model here) from the documented priors.
    """
    from grading.checks.priors import prior

    if not findings:
        return []
    if triage is None:
        from grading.triage import ModelRefused, estimate

        try:
            return estimate(findings, report)
        except ModelRefused:
            return [prior(finding) for finding in findings]
    return list(triage(findings, report))


def check_document(
    report: Report,
    *,
    file: str = "",
    triage: Triage | None = None,
    started: float | None = None,
    approved: Sequence[ApprovedIndicator] = (),
    others: Sequence[Report] = (),
    templates: frozenset[str] = frozenset(),
    statement: Statement | None = None,
) -> CheckResult:
    """Check a report that has been read already, beside its approved indicators and reports of other projects.

    `statement` are the key figures that the agency itself stated at delivery; `templates` runs of text that no other
    report is asked about.

    `triage` gives each finding its probability; where it is None, the trained model is used if there is one.
    """
    from grading.checks.outside import other_reports
    from grading.checks.registry import Context, run_all
    from grading.facts.collect import gather
    from grading.statement import disagreements

    begun = time.perf_counter() if started is None else started
    facts = gather(report)
    context = Context(facts, tuple(approved), other_reports(others, report), templates)
    found = list(run_all(context))
    if statement:
        found += disagreements(statement, facts)
    chances = estimates(found, report, triage)
    findings = tuple(replace(finding, probability=chance) for finding, chance in zip(found, chances, strict=True))
    main = facts.main
    coverage = Coverage(
        figures_found=len(facts.figures) + len(facts.malformed),
        figures_checked=min(len(context.checked), len(facts.figures)),
        figures_unreadable=len(facts.malformed),
        tables=len(report.tables),
        indicator_rows=len(main.leaves) if main else 0,
        total_score=str(facts.headline.score.value) if facts.headline.score else None,
        grade=facts.headline.grade or None,
    )
    ordered = sorted(findings, key=lambda finding: -(finding.probability or 0.0))
    return CheckResult(file, report, time.perf_counter() - begun, coverage, tuple(ordered))


def check_report(
    path: Path | str,
    annexes: Sequence[Path | str] = (),
    approved: Path | str | None = None,
    against: Path | str | None = None,
    triage: Triage | None = None,
) -> CheckResult:
    """Read the DOCX or PDF at `path` and check it.

    `annexes` are further files of the same delivery; their tables count with the report's. `approved` (the
    approved indicator
    system as XLSX) and `against` (a folder of other reports) are looked at by the classes that need them.
    Raises `grading.reading.refusal.Unreadable` where a file is no readable report.
    """
    from grading.reading.approved import read_approved
    from grading.reading.delivery import merge
    from grading.reading.refusal import refusal
    from grading.reading.sandbox import read

    started = time.perf_counter()
    for extra in (approved, against):
        if extra is not None and not Path(extra).exists():
            raise refusal("missing")
    indicators = read_approved(Path(approved)) if approved is not None else ()
    report = read(Path(path))
    if report.kind == "xlsx":
        raise refusal("kind")
    for annex in annexes:
        report = merge(report, read(Path(annex)))
    others = _reports_in(Path(against), Path(path)) if against is not None else ()
    return check_document(
        report, file=Path(path).name, triage=triage, started=started, approved=indicators, others=others
    )


def _reports_in(folder: Path, own: Path) -> list[Report]:
    """Read every report of a folder but the one that is checked; what cannot be read is no evidence and left out."""
    from grading.reading.refusal import Unreadable
    from grading.reading.sandbox import read

    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in {".docx", ".pdf"} and path.resolve() != own.resolve():
            try:
                found.append(read(path))
            except Unreadable:
                continue
    return found
