"""Following findings from the version before: each knows which it was there, so that answers and corrections show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from grading.following import Said, follow
from grading.models import ReportFinding, Submission
from grading.queries import findings_of


@dataclass(frozen=True)
class Followed:
    """What became of the findings between two versions: put right, still there (old and new), new."""

    fixed: tuple[ReportFinding, ...]
    still: tuple[tuple[ReportFinding, ReportFinding], ...]
    new: tuple[ReportFinding, ...]


def said(finding: ReportFinding) -> Said:
    """Return what a finding says, as it is compared."""
    return Said(finding.code, finding.message.get("zh", ""), tuple(item["quote"] for item in finding.evidence))


def version_before(uow: UnitOfWork, submission: Submission) -> Submission | None:
    """Return the newest earlier version that was read and checked."""
    return uow.session.scalar(
        select(Submission)
        .where(
            Submission.engagement_id == submission.engagement_id,
            Submission.version < submission.version,
            Submission.checked_at.is_not(None),
        )
        .order_by(Submission.version.desc())
        .limit(1)
    )


def follow_version(uow: UnitOfWork, submission: Submission) -> None:
    """Note on each finding of a newly checked version which finding of the version before it was."""
    before = version_before(uow, submission)
    if before is None:
        return
    old, new = findings_of(uow, before), findings_of(uow, submission)
    for pair in follow([said(one) for one in old], [said(one) for one in new]):
        new[pair.after].follows_id = old[pair.before].id
        new[pair.after].unchanged = pair.unchanged
    uow.session.flush()


def followed(old: Sequence[ReportFinding], new: Sequence[ReportFinding]) -> Followed:
    """Return what became of the findings of one version in the next; versions further apart are matched anew."""
    pairs = {pair.before: pair.after for pair in follow([said(one) for one in old], [said(one) for one in new])}
    still = tuple((old[a], new[b]) for a, b in sorted(pairs.items(), key=lambda entry: new[entry[1]].position))
    taken = set(pairs.values())
    return Followed(
        tuple(one for place, one in enumerate(old) if place not in pairs),
        still,
        tuple(one for place, one in enumerate(new) if place not in taken),
    )
