"""Labelled findings: the checker run over generated reports whose slips are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grading.checks.finding import Finding
from grading.checks.registry import Context, load, run_all
from grading.facts.collect import gather
from grading.reading.document import Report
from grading.synthesis.decoys import DECOYS, add_decoys
from grading.synthesis.making import SyntheticReport, make_report
from grading.synthesis.planting import NotPlantable, Planted
from grading.synthesis.slips import CODES, inject
from grading.triage.features import NAMES, matrix
from grading.triage.practice import as_read, misread, wrong_digit

FLAWED_COPIES = 4
MOST_SLIPS = 6
WRONG_DIGITS = 4
EVEN = 0.5
REWRITING = (
    "paid-used",
    "grade-missing",
    "score-over-weight",
    "target-score",
    "score-monotone",
    "problem-score",
    "unit",
)


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
    planted: tuple[str, ...]


def checked(report: Report) -> list[Finding]:
    """Everything the rules find, before the model."""
    return list(run_all(Context(gather(report))))


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.stated, finding.expected


def label(findings: Sequence[Finding], before: Sequence[Finding], slips: Sequence[Planted]) -> list[bool | None]:
    """True for what the slips brought about, False for what the right report raised too.

    None stands where neither is clear.
    """
    known = Counter(_key(finding) for finding in before)
    allowed = {code for planted in slips for code in (planted.code, *planted.also)}
    truths: list[bool | None] = []
    for finding in findings:
        if known[_key(finding)] > 0:
            known[_key(finding)] -= 1
            truths.append(False)
        else:
            truths.append(True if finding.code in allowed else None)
    return truths


def relabel(poor: Sequence[Finding], findings: Sequence[Finding], truths: Sequence[bool | None]) -> list[bool | None]:
    """Truths of the findings of a faulty reading.

    Those of the sound reading of the same report, all others are false.
    """
    known = {_key(finding): truth for finding, truth in zip(findings, truths, strict=True)}
    return [known.get(_key(finding), False) for finding in poor]


def plant(rng: np.random.Generator, source: SyntheticReport, codes: Sequence[str]) -> list[Planted]:
    """One slip after another of those classes in one report; the last holds the report with all of them.

    Slips that write the report anew come first, for they would undo those that change its text.
    """
    slips: list[Planted] = []
    report = source
    order = {code: place for place, code in enumerate(REWRITING)}
    for code in sorted(codes, key=lambda code: order.get(code, len(order))):
        try:
            planted = inject(rng, report, code)
        except NotPlantable:
            continue
        report = planted.report
        slips.append(planted)
    text = report.text
    kept = [slip for slip in slips if slip.code == "missing-section" or slip.stated in text]
    return [*kept[:-1], replace(kept[-1], report=report)] if kept else []


def _cases(rng: np.random.Generator, reports: int) -> Iterator[_Case]:
    registered = {check.code for check in load()}
    if "money-sum" in registered:
        registered.add("count-sum")  # one check adds up amounts and counts alike
    codes = [code for code in CODES if code in registered]
    for _ in range(reports):
        source = add_decoys(rng, make_report(rng), int(rng.integers(0, len(DECOYS))))
        clean = _filed(rng, as_read(source))
        sound = checked(clean)
        yield _Case(sound, [False] * len(sound), clean, source, ())
        poor = misread(rng, clean, int(rng.integers(1, 3)))
        spoilt = checked(poor)
        yield _Case(spoilt, [False] * len(spoilt), poor, source, ())
        for _copy in range(WRONG_DIGITS):
            slipped = wrong_digit(rng, clean)
            raised = checked(slipped)
            before = {_key(finding) for finding in sound}
            yield _Case(raised, [_key(finding) not in before for finding in raised], slipped, source, ())
        for copy in range(FLAWED_COPIES):
            wanted = [
                codes[int(place)] for place in rng.permutation(len(codes))[: int(rng.integers(1, MOST_SLIPS + 1))]
            ]
            slips = plant(rng, source, wanted)
            if not slips:
                continue
            after = _filed(rng, as_read(slips[-1].report))
            findings = checked(after)
            truths = label(findings, sound, slips)
            yield _Case(findings, truths, after, source, tuple(slip.code for slip in slips))
            if copy == 0:
                worse = misread(rng, after, int(rng.integers(1, 3)))
                told = checked(worse)
                yield _Case(told, relabel(told, findings, truths), worse, source, ())


def _filed(rng: np.random.Generator, report: Report) -> Report:
    """The report as one or the other kind of file."""
    return replace(report, kind="pdf" if rng.random() < EVEN else "docx")


def labelled(seed: int, reports: int) -> Labelled:
    """Draw reports and label all that the rules find in them; the same arguments give the same rows."""
    from grading.triage.model import floored

    rows, truth, slips, caught = [], [], Counter[str](), Counter[str]()
    codes, agencies, layouts, floors = [], [], [], []
    unclear = 0
    for case in _cases(np.random.default_rng(seed), reports):
        found = {finding.code for finding, truth in zip(case.findings, case.truths, strict=True) if truth}
        for code in case.planted:
            slips[code] += 1
            caught[code] += code in found
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
