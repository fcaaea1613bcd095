"""Reads for reports, findings and batches of checks."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import selectinload

from agencies.models import Engagement
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.models import Expert
from grading.models import (
    CheckBatch,
    CheckItem,
    QuestionLetter,
    ReportFinding,
    ReportReview,
    ReportSeat,
    Submission,
)
from grading.states import FindingState, ReportReviewState, ReportSeatState, SubmissionState
from projects.models import Project

BUREAU = (Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER)


def visible_submissions(actor: Actor) -> Select[Submission]:
    """Select the submissions the actor may read: the same rule as `SubmissionPermission.READ`."""
    query = (
        select(Submission)
        .join(Engagement, Engagement.id == Submission.engagement_id)
        .join(Project, Project.id == Engagement.project_id)
    )
    if actor.has(*BUREAU):
        return query
    own = actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)
    units = actor.organisations_as(Role.UNIT_OFFICER)
    parties = or_(Engagement.agency_id.in_(own), Project.unit_id.in_(units))
    if actor.has(Role.EXPERT):
        return query.where(or_(parties, Engagement.id.in_(_reviewed_by(actor))))
    return query.where(parties) if own or units else query.where(false())


def _reviewed_by(actor: Actor) -> Select[uuid.UUID]:
    """Select the engagements on whose report's panel the actor sits."""
    return (
        select(ReportReview.engagement_id)
        .join(ReportSeat, ReportSeat.review_id == ReportReview.id)
        .join(Expert, Expert.id == ReportSeat.expert_id)
        .where(
            Expert.user_id == actor.user_id,
            ReportSeat.state == ReportSeatState.ACCEPTED,
            ReportReview.state.in_((ReportReviewState.RATING, ReportReviewState.CONCLUDED)),
        )
    )


def submissions_matching(actor: Actor, *, text: str = "", state: str = "") -> Select[Submission]:
    """Select the visible submissions by title, project, number or agency and by state; old versions only if asked."""
    query = visible_submissions(actor).join(Organisation, Organisation.id == Engagement.agency_id)
    if text:
        like = f"%{text}%"
        query = query.where(
            or_(
                Submission.title.ilike(like),
                Project.name.ilike(like),
                Engagement.number.ilike(like),
                Organisation.name.ilike(like),
            )
        )
    if state in {member.value for member in SubmissionState}:
        return query.where(Submission.state == SubmissionState(state))
    return query.where(Submission.state != SubmissionState.SUPERSEDED)


def load_submission(uow: UnitOfWork, submission_id: uuid.UUID) -> Submission | None:
    """Return the submission with this id."""
    return uow.get(Submission, submission_id)


def load_finding(uow: UnitOfWork, finding_id: uuid.UUID) -> ReportFinding | None:
    """Return the finding with this id."""
    return uow.get(ReportFinding, finding_id)


def load_letter(uow: UnitOfWork, letter_id: uuid.UUID) -> QuestionLetter | None:
    """Return the question letter with this id."""
    return uow.get(QuestionLetter, letter_id)


def load_batch(uow: UnitOfWork, batch_id: uuid.UUID) -> CheckBatch | None:
    """Return the batch of checks with this id."""
    return uow.session.scalar(
        select(CheckBatch)
        .where(CheckBatch.id == batch_id)
        .options(
            selectinload(CheckBatch.items).selectinload(CheckItem.submission),
            selectinload(CheckBatch.items).selectinload(CheckItem.document),
            selectinload(CheckBatch.made_by),
        )
    )


def load_item(uow: UnitOfWork, item_id: uuid.UUID) -> CheckItem | None:
    """Return the item of a batch with this id."""
    return uow.get(CheckItem, item_id)


def standing_submission(uow: UnitOfWork, engagement_id: uuid.UUID) -> Submission | None:
    """Return the version that counts, or None before the first delivery."""
    return uow.session.scalar(
        select(Submission).where(
            Submission.engagement_id == engagement_id, Submission.state != SubmissionState.SUPERSEDED
        )
    )


def versions_of(uow: UnitOfWork, submission: Submission) -> list[Submission]:
    """Return every version of the same report, newest first."""
    return list(
        uow.session.scalars(
            select(Submission)
            .where(Submission.engagement_id == submission.engagement_id)
            .options(selectinload(Submission.document))
            .order_by(Submission.version.desc())
        )
    )


def findings_of(uow: UnitOfWork, submission: Submission) -> list[ReportFinding]:
    """Return a report's findings in order of place."""
    return list(
        uow.session.scalars(
            select(ReportFinding)
            .where(ReportFinding.submission_id == submission.id)
            .options(selectinload(ReportFinding.follows))
            .order_by(ReportFinding.position)
        )
    )


def upheld_by_class(uow: UnitOfWork, submission: Submission) -> dict[str, tuple[int, int]]:
    """Return for each class how many errors and warnings were upheld."""
    found: dict[str, tuple[int, int]] = {}
    rows = uow.session.execute(
        select(ReportFinding.code, ReportFinding.severity, func.count())
        .where(ReportFinding.submission_id == submission.id, ReportFinding.state == FindingState.UPHELD)
        .group_by(ReportFinding.code, ReportFinding.severity)
    )
    for code, severity, count in rows:
        errors, warnings = found.get(code, (0, 0))
        found[code] = (errors + count, warnings) if severity == "error" else (errors, warnings + count)
    return found
