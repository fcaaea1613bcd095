"""Upheld findings in sums: by class, by agency, and those that come again after the agency was asked about them.

A report counts in the year of its first version; a finding that several versions carry counts once, where it was first
upheld.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, distinct, func, or_, select
from sqlalchemy.orm import aliased

from agencies.models import Agency, Engagement
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from grading.models import QuestionItem, QuestionLetter, ReportFinding, Submission
from grading.queries.analysis_scope import Scope
from grading.states import FindingState
from projects.models import Project

Groups = list[tuple[int, int, int]]
"""(findings, reports, how many agencies have that)."""


@dataclass(frozen=True)
class ClassSums:
    """A class's findings: upheld ones, in how many reports, how many of them errors, and how many were dismissed."""

    upheld: int
    reports: int
    errors: int
    dismissed: int


def _reports(scope: Scope, *columns: Any) -> Select[Any]:
    """Select from the first versions of checked reports."""
    return (
        select(*columns)
        .select_from(Submission)
        .join(Engagement, Engagement.id == Submission.engagement_id)
        .join(Project, Project.id == Engagement.project_id)
        .join(Agency, Agency.organisation_id == Engagement.agency_id)
        .where(
            Submission.version == 1,
            Submission.checked_at.is_not(None),
            *scope.during(Submission.delivered_at),
            *scope.of_task(),
        )
    )


def _upheld(scope: Scope, *columns: Any, agency: uuid.UUID | None = None) -> Select[Any]:
    """Select from upheld findings of these reports, each once."""
    return _found(scope, *columns, agency=agency).where(ReportFinding.state == FindingState.UPHELD)


def _found(scope: Scope, *columns: Any, agency: uuid.UUID | None = None) -> Select[Any]:
    version, before = aliased(Submission), aliased(ReportFinding)
    query = (
        _reports(scope, *columns)
        .join(version, version.engagement_id == Submission.engagement_id)
        .join(ReportFinding, ReportFinding.submission_id == version.id)
        .outerjoin(before, before.id == ReportFinding.follows_id)
        .where(or_(before.id.is_(None), before.state != FindingState.UPHELD))
    )
    return query if agency is None else query.where(Agency.id == agency)


def reports_checked(uow: UnitOfWork, scope: Scope, agency: uuid.UUID | None = None) -> int:
    """Return how many reports were checked (of an agency)."""
    query = _reports(scope, func.count())
    return uow.session.scalar(query if agency is None else query.where(Agency.id == agency)) or 0


def class_sums(uow: UnitOfWork, scope: Scope, agency: uuid.UUID | None = None) -> dict[str, ClassSums]:
    """Return the findings by class (of an agency)."""
    upheld = ReportFinding.state == FindingState.UPHELD
    rows = uow.session.execute(
        _found(
            scope,
            ReportFinding.code,
            func.count().filter(upheld),
            func.count(distinct(Submission.engagement_id)).filter(upheld),
            func.count().filter(upheld, ReportFinding.severity == "error"),
            func.count().filter(ReportFinding.state == FindingState.DISMISSED),
            agency=agency,
        ).group_by(ReportFinding.code)
    )
    return {row[0]: ClassSums(*row[1:]) for row in rows}


def class_groups(uow: UnitOfWork, scope: Scope) -> dict[str, Groups]:
    """Return by class how many agencies have how many findings in how many reports; agencies without any are in it."""
    reports = _reports(scope, Agency.id.label("agency"), func.count().label("reports")).group_by(Agency.id).subquery()
    counts = (
        _upheld(scope, Agency.id.label("agency"), ReportFinding.code.label("code"), func.count().label("findings"))
        .group_by(Agency.id, ReportFinding.code)
        .subquery()
    )
    everyone = {
        row[0]: row[1]
        for row in uow.session.execute(select(reports.c.reports, func.count()).group_by(reports.c.reports))
    }
    rows = uow.session.execute(
        select(counts.c.code, counts.c.findings, reports.c.reports, func.count())
        .join(reports, reports.c.agency == counts.c.agency)
        .group_by(counts.c.code, counts.c.findings, reports.c.reports)
    )
    found: dict[str, Groups] = {}
    having: dict[tuple[str, int], int] = {}
    for code, findings, many, agencies in rows:
        found.setdefault(code, []).append((findings, many, agencies))
        having[code, many] = having.get((code, many), 0) + agencies
    for code, groups in found.items():
        groups += [
            (0, many, agencies - having.get((code, many), 0))
            for many, agencies in everyone.items()
            if agencies > having.get((code, many), 0)
        ]
    return found


def per_agency(scope: Scope, code: str = "") -> Subquery:
    """Return `agency`, `reports` and upheld `findings` (of a class) of each agency that delivered."""
    reports = _reports(scope, Agency.id.label("agency"), func.count().label("reports")).group_by(Agency.id).subquery()
    query = _upheld(scope, Agency.id.label("agency"), func.count().label("findings")).group_by(Agency.id)
    counts = (query.where(ReportFinding.code == code) if code else query).subquery()
    return (
        select(reports.c.agency, reports.c.reports, func.coalesce(counts.c.findings, 0).label("findings"))
        .outerjoin(counts, counts.c.agency == reports.c.agency)
        .subquery()
    )


def agency_groups(uow: UnitOfWork, scope: Scope, code: str = "") -> Groups:
    """Return how many agencies have how many findings in how many reports."""
    each = per_agency(scope, code)
    rows = uow.session.execute(
        select(each.c.findings, each.c.reports, func.count()).group_by(each.c.findings, each.c.reports)
    )
    return [(findings, reports, many) for findings, reports, many in rows]


def agencies_by_rate(
    uow: UnitOfWork, scope: Scope, order: tuple[float, float], most: int, code: str = ""
) -> list[tuple[uuid.UUID, str, int, int]]:
    """Return the agencies with the highest rates first: id, name, findings, reports.

    `order` are the findings and reports of the prior that rates are shrunk with before they are compared.
    """
    each = per_agency(scope, code)
    shrunk: ColumnElement[Any] = (each.c.findings + order[0]) / (each.c.reports + order[1])
    rows = uow.session.execute(
        select(Agency.id, Organisation.name, each.c.findings, each.c.reports)
        .join(Agency, Agency.id == each.c.agency)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .order_by(shrunk.desc(), Organisation.name)
        .limit(most)
    )
    return [(agency, name, findings, reports) for agency, name, findings, reports in rows]


@dataclass(frozen=True)
class Again:
    """A class that agencies were asked about: how many agencies, their later reports, and in how many it came again."""

    agencies: int
    later: int
    again: int


def asked_again(uow: UnitOfWork, scope: Scope, agency: uuid.UUID | None = None) -> dict[str, Again]:
    """Return by class what became of it in reports first delivered after the agency's first letter about it."""
    first = (
        select(
            Engagement.agency_id.label("organisation"),
            ReportFinding.code.label("code"),
            func.min(QuestionLetter.sent_at).label("asked"),
        )
        .select_from(QuestionItem)
        .join(QuestionLetter, QuestionLetter.id == QuestionItem.letter_id)
        .join(ReportFinding, ReportFinding.id == QuestionItem.finding_id)
        .join(Submission, Submission.id == ReportFinding.submission_id)
        .join(Engagement, Engagement.id == Submission.engagement_id)
        .group_by(Engagement.agency_id, ReportFinding.code)
        .subquery()
    )
    later = _reports(scope, Submission.engagement_id, first.c.code, Agency.id.label("agency")).join(
        first, (first.c.organisation == Engagement.agency_id) & (Submission.delivered_at > first.c.asked)
    )
    reports = (later if agency is None else later.where(Agency.id == agency)).subquery()
    has = (
        _upheld(scope, Submission.engagement_id.label("engagement"), ReportFinding.code.label("code"))
        .distinct()
        .subquery()
    )
    rows = uow.session.execute(
        select(
            reports.c.code,
            func.count(distinct(reports.c.agency)),
            func.count(),
            func.count(has.c.engagement),
        )
        .outerjoin(has, (has.c.engagement == reports.c.engagement_id) & (has.c.code == reports.c.code))
        .group_by(reports.c.code)
    )
    return {row[0]: Again(*row[1:]) for row in rows}


def reports_behind(
    scope: Scope, *, code: str = "", agency: uuid.UUID | None = None, agencies: Sequence[uuid.UUID] = ()
) -> Select[Submission]:
    """Select the first versions behind a number: with an upheld finding of a class, of an agency."""
    query = _reports(scope, Submission)
    if code:
        has = _upheld(scope, Submission.engagement_id).where(ReportFinding.code == code)
        query = query.where(Submission.engagement_id.in_(has))
    if agency is not None:
        query = query.where(Agency.id == agency)
    return query.where(Agency.id.in_(agencies)) if agencies else query
