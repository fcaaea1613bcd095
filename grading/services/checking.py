"""Checking a delivered report: read it in its sandbox, keep text, coverage and findings, tell both sides."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from grading.addresses import submission_page
from grading.check_report import CheckResult, check_document
from grading.checks.finding import Finding
from grading.models import ReportFinding, Submission
from grading.notifications import CHECKED, UNREADABLE
from grading.reading.document import Paragraph, Report, Table
from grading.reading.refusal import Unreadable
from grading.services.following import follow_version
from grading.services.key_figures import statement_of
from grading.services.reading_files import PlacedReport, approved_of, place_evidence, read_delivery
from grading.services.recycled import HouseReports, house_reports, keep_source
from grading.services.triage_versions import triage_in_use
from grading.states import FindingState, SubmissionState
from grading.workflow import SUBMISSION


def check_submission(uow: UnitOfWork, submission_id: uuid.UUID) -> None:
    """Check a received report; one that is already checked, failed or superseded is left alone (at least once)."""
    submission = uow.get(Submission, submission_id)
    if submission is None:
        return
    uow.lock(submission)
    if submission.state is not SubmissionState.RECEIVED:
        return
    try:
        placed = read_delivery(uow, submission)
    except Unreadable as refused:
        failure = {"reason": refused.reason, "zh": refused.zh, "en": refused.en}
        SUBMISSION.fire(uow, submission, "fail", as_system=True, assign={"failure": failure}, detail=failure)
        _tell(uow, submission, UNREADABLE, {})
        return
    house = house_reports(uow, submission, placed.report)
    result = check_document(
        placed.report,
        approved=approved_of(uow, submission),
        others=house.reports,
        templates=house.templates,
        statement=statement_of(submission),
        triage=triage_in_use(uow),
    )
    keep_result(uow, submission, placed, result, house)
    follow_version(uow, submission)
    _tell(uow, submission, CHECKED, {"count": str(len(result.findings))})


def keep_result(
    uow: UnitOfWork, submission: Submission, placed: PlacedReport, result: CheckResult, house: HouseReports
) -> None:
    """Store what one run found, in order of place."""
    found = ordered(result)
    evidence = [[item.to_json() for item in finding.evidence] for finding in found]
    place_evidence(uow, placed, evidence)
    for position, (finding, items) in enumerate(zip(found, evidence, strict=True), start=1):
        keep_source(uow, add_finding(uow, submission, position, finding, items), finding, house)
    SUBMISSION.fire(
        uow,
        submission,
        "check",
        as_system=True,
        assign=kept_columns(result),
        detail={"findings": len(result.findings)},
    )
    uow.session.flush()


def ordered(result: CheckResult) -> list[Finding]:
    """Return what one run found in order of place."""
    order = {
        ("p", block.index) if isinstance(block, Paragraph) else ("t", block.index): number
        for number, block in enumerate(result.report.blocks)
    }
    return sorted(result.findings, key=lambda one: _place(one, order))


def add_finding(
    uow: UnitOfWork, submission: Submission, position: int, finding: Finding, items: list[dict[str, Any]]
) -> ReportFinding:
    """Add a finding as open, with its evidence as placed."""
    return uow.add(
        ReportFinding(
            submission_id=submission.id,
            position=position,
            code=finding.code,
            severity=finding.severity.value,
            probability=probability_of(finding),
            message=dict(finding.message),
            evidence=items,
            stated=finding.stated,
            expected=finding.expected,
            signals=dict(finding.signals),
            state=FindingState.OPEN,
            disposed_by_id=None,
            disposed_at=None,
        )
    )


def probability_of(finding: Finding) -> Decimal:
    """Return the model's chance to four digits."""
    return Decimal(str(round(finding.probability or 0.0, 4)))


def kept_columns(result: CheckResult) -> dict[str, Any]:
    """Return what of a run is kept on the submission itself."""
    report, score = result.report, result.coverage.total_score
    return {
        "title": report.title,
        "pages": report.pages,
        "total_score": Decimal(score) if score is not None else None,
        "coverage": {**result.coverage.to_json(), "unread": list(report.unread)},
        "blocks": list(blocks_of(report)),
    }


def blocks_of(report: Report) -> Iterable[dict[str, Any]]:
    """Yield the report's paragraphs and tables in their order, as the workbench shows them."""
    for block in report.blocks:
        if isinstance(block, Table):
            yield {
                "kind": "table",
                "index": block.index,
                "page": block.page,
                "caption": block.caption,
                "unit": block.unit,
                "rows": [
                    {
                        "index": row.index,
                        "cells": [
                            {"text": cell.text, "rowspan": cell.rowspan, "colspan": cell.colspan} for cell in row.cells
                        ],
                    }
                    for row in block.rows
                ],
            }
        elif block.text.strip():
            yield {
                "kind": "paragraph",
                "index": block.index,
                "page": block.page,
                "level": block.level,
                "text": block.text,
            }


def _place(finding: Finding, order: dict[tuple[str, int], int]) -> tuple[int, int]:
    first = finding.evidence[0] if finding.evidence else None
    if first is None:
        return (len(order), 0)
    if first.table is not None:
        return (order.get(("t", first.table), len(order)), first.row or 0)
    return (order.get(("p", first.paragraph or 0), len(order)), 0)


def _tell(uow: UnitOfWork, submission: Submission, kind: NotificationKind, params: dict[str, str]) -> None:
    engagement = submission.engagement
    people = [
        *user_ids_with(uow, Role.QUALITY_OFFICER),
        *user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=engagement.agency_id),
    ]
    notify(uow, kind, people, url=submission_page(submission.id), params={"project": engagement.project.name, **params})
