"""Holding a delivered report against the reports of the house's other projects (`recycled-text`)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from agencies.models import Engagement
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.checks.finding import Finding
from grading.checks.fingerprint import Comparing, fingerprint
from grading.models import RecycledPassage, ReportFinding, ReportPrint, Submission
from grading.permissions import SubmissionPermission
from grading.queries.rubric import known_rubrics
from grading.reading.document import Paragraph, Report
from projects.models import CommonIndicator
from projects.services.versions import approved_entries

AT_ONCE = 200
"""Fingerprints in memory at the same time."""
LONGEST_SECTION = 40


@dataclass(frozen=True)
class HouseReports:
    """The few reports that share passages with the one that is checked, and the text that counts as nobody's."""

    sources: tuple[Submission, ...]
    reports: tuple[Report, ...]
    templates: frozenset[str]


@dataclass(frozen=True)
class Copied:
    """The other side of a finding as its reader may know it; without `source` they may not know whose it is."""

    passage: str
    paragraph: int
    source: Submission | None = None
    project: str = ""
    agency: str = ""
    section: str = ""


def house_reports(uow: UnitOfWork, submission: Submission, report: Report) -> HouseReports:
    """Keep the report's fingerprint and return the reports of other projects that share passages with it.

    Every engagement counts with its newest version that was read. Earlier versions and other years of the same project
    are no sources. Text that stands in several projects' reports, in approved or common indicators or in the rubric
    does not count.
    """
    _keep_print(uow, submission, report)
    comparing: Comparing[uuid.UUID] = Comparing(report)
    if not comparing.held:
        return HouseReports((), (), frozenset())
    newest = (
        select(Submission.id.label("id"), Engagement.project_id.label("project_id"), ReportPrint.numbers)
        .join(Engagement, Engagement.id == Submission.engagement_id)
        .join(ReportPrint, ReportPrint.submission_id == Submission.id)
        .where(
            Submission.engagement_id != submission.engagement_id,
            Engagement.project_id != submission.engagement.project_id,
        )
        .ext(distinct_on(Submission.engagement_id))
        .order_by(Submission.engagement_id, Submission.version.desc())
    )
    for owner, project, numbers in uow.session.execute(newest, execution_options={"yield_per": AT_ONCE}):
        comparing.add(owner, project, numbers)
    found = comparing.sources()
    if not found:
        return HouseReports((), (), frozenset())
    by_id = {one.id: one for one in uow.session.scalars(select(Submission).where(Submission.id.in_(found)))}
    sources = tuple(by_id[one] for one in found)
    return HouseReports(
        sources,
        tuple(_as_read(one) for one in sources),
        comparing.templates(_known_texts(uow, [submission, *sources])),
    )


def keep_source(uow: UnitOfWork, row: ReportFinding, finding: Finding, house: HouseReports) -> None:
    """Keep the other side of a finding that has one, in place of what an earlier run said."""
    if finding.source is None:
        return
    uow.session.flush()
    kept = uow.session.scalar(select(RecycledPassage).where(RecycledPassage.finding_id == row.id))
    if kept is None:
        kept = RecycledPassage(finding_id=row.id)
    other = house.sources[finding.source.report]
    kept.source_id, kept.paragraph = other.id, finding.source.paragraph
    kept.section, kept.passage = _section(other, finding.source.paragraph), finding.source.passage
    uow.add(kept)


def copied_of(uow: UnitOfWork, submission: Submission) -> dict[uuid.UUID, Copied]:
    """Return the other side of each finding that has one; named only to whoever may read the other's findings too."""
    rows = uow.session.scalars(
        select(RecycledPassage)
        .join(ReportFinding, ReportFinding.id == RecycledPassage.finding_id)
        .where(ReportFinding.submission_id == submission.id)
    )
    return {one.finding_id: _shown(uow, one) for one in rows}


def _shown(uow: UnitOfWork, one: RecycledPassage) -> Copied:
    if not policy.allows(uow.actor, SubmissionPermission.READ_FINDINGS, one.source):
        return Copied(one.passage, one.paragraph)
    engagement = one.source.engagement
    return Copied(one.passage, one.paragraph, one.source, engagement.project.name, engagement.agency.name, one.section)


def _keep_print(uow: UnitOfWork, submission: Submission, report: Report) -> None:
    kept = uow.session.scalar(select(ReportPrint).where(ReportPrint.submission_id == submission.id))
    if kept is None:
        kept = ReportPrint(submission_id=submission.id)
    kept.numbers = fingerprint(report)
    uow.add(kept)
    uow.session.flush()


def _as_read(submission: Submission) -> Report:
    """Return the paragraphs of a version that was read; its title is left out, for it is not everybody's to know."""
    texts = tuple(
        Paragraph(one["index"], one["page"], one["text"], one["level"])
        for one in submission.blocks or ()
        if one["kind"] == "paragraph"
    )
    return Report("", "docx", None, texts, ())


def _section(submission: Submission, paragraph: int) -> str:
    """Return the nearest heading before a paragraph."""
    title = ""
    for one in submission.blocks or ():
        if one["kind"] == "paragraph":
            if one["index"] >= paragraph:
                break
            if one["level"]:
                title = one["text"].strip()
    return title[:LONGEST_SECTION]


def _known_texts(uow: UnitOfWork, submissions: Iterable[Submission]) -> Iterator[str]:
    for one in submissions:
        for entry in approved_entries(uow, one.engagement.system):
            yield from (entry.second, entry.third, entry.target, entry.scoring)
    for common in uow.session.scalars(select(CommonIndicator)):
        yield from (common.explanation, common.scoring, common.formula)
    for known in known_rubrics(uow):
        for line in (*known.rubric.quality, *known.rubric.conduct):
            yield from (line.name.zh, line.note.zh)
