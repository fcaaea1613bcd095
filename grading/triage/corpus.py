"""Labelled findings: the checker run over generated reports whose slips are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grading.checks.finding import Finding
from grading.checks.registry import Context, load, run_all
from grading.facts.collect import gather
from grading.reading.document import Report
from grading.synthesis.decoys import DECOYS, add_decoys
from grading.synthesis.making import SyntheticReport, make_report
from grading.synthesis.slips import CODES, NotPlantable, Planted, inject
from grading.triage.features import NAMES, matrix
from grading.triage.practice import as_read, misread

SLIPS_A_REPORT = 5
POOR_COPIES = 3


@dataclass(frozen=True)
class Labelled:
    """Findings with their truth.

    `codes`, `agencies` and `layouts` go with the rows, `slips` and `caught` count by class.
    """

    rows: NDArray[np.float64]
    truth: NDArray[np.int64]
    codes: tuple[str, ...]
    agencies: tuple[str, ...]
    layouts: tuple[str, ...]
    floors: tuple[bool, ...]
    slips: Counter[str]
    caught: Counter[str]
    reports: int
    unclear: int


@dataclass(frozen=True, slots=True)
class _Case:
    findings: list[Finding]
    truths: list[bool | None]
    report: Report
    source: SyntheticReport
    code: str


def checked(report: Report) -> list[Finding]:
    """Everything the rules find, before the model."""
    return list(run_all(Context(gather(report))))


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.stated, finding.expected


def label(findings: Sequence[Finding], before: Sequence[Finding], planted: Planted) -> list[bool | None]:
    """True for what the slip brought about, False for what the right report raised too, None where neither is clear."""
    known = Counter(_key(finding) for finding in before)
    truths: list[bool | None] = []
    for finding in findings:
        if known[_key(finding)] > 0:
            known[_key(finding)] -= 1
            truths.append(False)
        else:
            truths.append(True if finding.code in {planted.code, *planted.also} else None)
    return truths


def _cases(rng: np.random.Generator, reports: int) -> Iterator[_Case]:
    registered = {check.code for check in load()}
    codes = [code for code in CODES if code in registered]
    for _ in range(reports):
        source = add_decoys(rng, make_report(rng), int(rng.integers(0, len(DECOYS))))
        clean = as_read(source)
        sound = checked(clean)
        yield _Case(sound, [False] * len(sound), clean, source, "")
        for _copy in range(POOR_COPIES):
            poor = misread(rng, clean, int(rng.integers(1, 4)))
            spoilt = checked(poor)
            yield _Case(spoilt, [False] * len(spoilt), poor, source, "")
        for number in rng.permutation(len(codes))[:SLIPS_A_REPORT]:
            try:
                planted = inject(rng, source, codes[int(number)])
            except NotPlantable:
                continue
            after = as_read(planted.report)
            findings = checked(after)
            yield _Case(findings, label(findings, sound, planted), after, source, planted.code)


def labelled(seed: int, reports: int) -> Labelled:
    """Draw reports and label all that the rules find in them; the same arguments give the same rows."""
    from grading.triage.model import floored

    rows, truth, slips, caught = [], [], Counter[str](), Counter[str]()
    codes, agencies, layouts, floors = [], [], [], []
    unclear = 0
    for case in _cases(np.random.default_rng(seed), reports):
        if case.code:
            slips[case.code] += 1
            caught[case.code] += any(case.truths)
        if not case.findings:
            continue
        unclear += sum(value is None for value in case.truths)
        values = matrix(case.findings, case.report)
        for row, value, finding in zip(values, case.truths, case.findings, strict=True):
            if value is None:
                continue
            rows.append(row)
            truth.append(int(value))
            codes.append(finding.code)
            agencies.append(case.source.facts.agency)
            layouts.append(case.source.house.layout)
            floors.append(floored(finding, 0.0) > 0)
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))
    return Labelled(
        table,
        np.array(truth, dtype=np.int64),
        tuple(codes),
        tuple(agencies),
        tuple(layouts),
        tuple(floors),
        slips,
        caught,
        reports,
        unclear,
    )
