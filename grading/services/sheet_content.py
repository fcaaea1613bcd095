"""What machine and reader can tell for a sheet: upheld findings as proposals, required content found or not seen."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.unit_of_work import UnitOfWork
from grading.facts.sections import NAMES, kinds_of
from grading.models import QualitySheet, ReportFinding, Submission
from grading.queries import findings_of
from grading.rubric import Dimension, Proposal, Rubric, Upheld, parts_cost, proposals_of
from grading.states import FindingState, PartState

MISSING = "missing-section"
FEWEST_HEADINGS = 3
"""With fewer headings the reader sees no outline, so that it cannot say what is there."""
_BY_NAME = {names[0]: key for key, names in NAMES.items()}


def missed_part(finding: ReportFinding) -> str:
    """Return the part of the outline that a finding misses, "" for any other finding."""
    if finding.code != MISSING:
        return ""
    if finding.expected:
        return _BY_NAME.get(finding.expected, "")
    return next(iter(sorted(kinds_of(finding.stated or ""))), "")


def proposed_for(uow: UnitOfWork, submission: Submission, rubric: Rubric) -> list[Proposal]:
    """Return what upheld findings suggest to take off under a rubric; it decides nothing (R-GRADE.rubric)."""
    upheld = [
        Upheld(one.position, one.code, one.severity, missed_part(one))
        for one in findings_of(uow, submission)
        if one.state is FindingState.UPHELD
    ]
    return proposals_of(rubric, upheld)


def read_parts(uow: UnitOfWork, submission: Submission, rubric: Rubric) -> dict[str, PartState]:
    """Return what the reader says of each required part, by `<dimension>-<part>`.

    Found; or missing in a finding that a person upheld; or not seen: nobody may conclude from that it is absent.
    """
    headings = sum(block["kind"] == "paragraph" and block.get("level") == 1 for block in submission.blocks or ())
    upheld, dismissed = set[str](), set[str]()
    for one in findings_of(uow, submission):
        if missed := missed_part(one):
            (upheld if one.state is FindingState.UPHELD else dismissed).add(missed)
    found = {}
    for dimension in rubric.quality:
        for part in dimension.parts:
            key = f"{dimension.key}-{part.key}"
            if part.section in upheld:
                found[key] = PartState.ABSENT
            elif part.section in dismissed or (part.section and headings >= FEWEST_HEADINGS):
                found[key] = PartState.PRESENT
            else:
                found[key] = PartState.UNSEEN
    return found


def most_of(dimension: Dimension, sheet: QualitySheet | None) -> Decimal:
    """Return the most a line may get on this sheet: full points, less deductions taken and parts called absent."""
    if sheet is None:
        return dimension.full
    own = [one for one in sheet.deductions if one.dimension == dimension.key]
    taken = sum((one.points for one in own), Decimal(0))
    proposed = frozenset(
        one.key.removeprefix(f"{dimension.key}-part-") for one in own if one.key.startswith(f"{dimension.key}-part-")
    )
    cost = parts_cost(dimension, states_of(dimension, sheet.parts), proposed)
    return max(Decimal(0), dimension.full - taken - cost.points)


def states_of(dimension: Dimension, parts: Mapping[str, str]) -> dict[str, PartState]:
    """Return what the rater said of a line's required parts, by part."""
    return {
        part.key: PartState(parts[key]) for part in dimension.parts if (key := f"{dimension.key}-{part.key}") in parts
    }
