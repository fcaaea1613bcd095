"""Reads for reports, findings, sheets, scores and grading cycles."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import selectinload

from agencies.models import Agency, AgencyGrade, Engagement
from agencies.states import Grade
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.models import Review
from experts.states import ReviewState
from grading.models import (
    CheckBatch,
    CheckItem,
    CycleEntry,
    GradeAppeal,
    GradingCycle,
    QualitySheet,
    QuestionLetter,
    ReportFinding,
    Submission,
    TaskScore,
)
from grading.states import CycleState, FindingState, SheetState, SubmissionState
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
    if not own and not units:
        return query.where(false())
    return query.where(or_(Engagement.agency_id.in_(own), Project.unit_id.in_(units)))


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


def load_cycle(uow: UnitOfWork, cycle_id: uuid.UUID) -> GradingCycle | None:
    """Return the cycle with this id."""
    return uow.get(GradingCycle, cycle_id)


def load_grade(uow: UnitOfWork, grade_id: uuid.UUID) -> AgencyGrade | None:
    """Return the grade with this id."""
    return uow.get(AgencyGrade, grade_id)


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


def sheets_of(uow: UnitOfWork, submission: Submission, *, locked: bool = True) -> list[QualitySheet]:
    """Return a report's sheets with their lines; only locked ones unless told otherwise."""
    query = (
        select(QualitySheet)
        .where(QualitySheet.submission_id == submission.id)
        .options(selectinload(QualitySheet.lines), selectinload(QualitySheet.rater))
        .order_by(QualitySheet.kind, QualitySheet.locked_at)
    )
    if locked:
        query = query.where(QualitySheet.state == SheetState.LOCKED)
    return list(uow.session.scalars(query))


def own_sheet(uow: UnitOfWork, submission: Submission) -> QualitySheet | None:
    """Return the actor's own sheet for this report."""
    return uow.session.scalar(
        select(QualitySheet)
        .where(QualitySheet.submission_id == submission.id, QualitySheet.rater_id == uow.actor.user_id)
        .options(selectinload(QualitySheet.lines))
    )


def score_of(uow: UnitOfWork, engagement_id: uuid.UUID) -> TaskScore | None:
    """Return the engagement's task score."""
    return uow.session.scalar(select(TaskScore).where(TaskScore.engagement_id == engagement_id))


def panel_review(uow: UnitOfWork, engagement: Engagement) -> Review | None:
    """Return the passed indicator review of the engagement; its average is the panel's rating of the plan."""
    return uow.session.scalar(
        select(Review)
        .where(Review.engagement_id == engagement.id, Review.state == ReviewState.PASSED, Review.average.is_not(None))
        .order_by(Review.round.desc())
        .limit(1)
    )


def scores_of_year(uow: UnitOfWork, year: int) -> list[TaskScore]:
    """Return every task score of a year, in a stable order."""
    return list(
        uow.session.scalars(
            select(TaskScore)
            .join(Engagement, Engagement.id == TaskScore.engagement_id)
            .where(TaskScore.year == year)
            .options(selectinload(TaskScore.engagement).joinedload(Engagement.project))
            .order_by(Engagement.number)
        )
    )


def all_agencies(uow: UnitOfWork) -> list[Agency]:
    """Return the whole library with credit records, in order of name."""
    return list(
        uow.session.scalars(
            select(Agency)
            .join(Organisation, Organisation.id == Agency.organisation_id)
            .options(selectinload(Agency.credit))
            .order_by(Organisation.name)
        )
    )


def cycles(actor: Actor) -> Select[GradingCycle]:
    """Select the grading cycles; whoever may browse them may read all."""
    query = select(GradingCycle)
    return query.where(false()) if actor.is_anonymous else query


def entries_of(cycle: GradingCycle, *, text: str = "", grade: str = "") -> Select[CycleEntry]:
    """Select a cycle's entries by the agency's name and by grade."""
    query = (
        select(CycleEntry)
        .join(Agency, Agency.id == CycleEntry.agency_id)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .where(CycleEntry.cycle_id == cycle.id)
        .options(selectinload(CycleEntry.agency))
    )
    if text:
        query = query.where(Organisation.name.ilike(f"%{text}%"))
    if grade in {member.value for member in Grade}:
        query = query.where(CycleEntry.grade == Grade(grade))
    return query


def grade_counts(uow: UnitOfWork, cycle: GradingCycle) -> dict[Grade, int]:
    """Return how many agencies of a cycle have each grade."""
    rows = uow.session.execute(
        select(CycleEntry.grade, func.count()).where(CycleEntry.cycle_id == cycle.id).group_by(CycleEntry.grade)
    )
    found = {row[0]: row[1] for row in rows}
    return {grade: found.get(grade, 0) for grade in Grade}


def load_entry(uow: UnitOfWork, entry_id: uuid.UUID) -> CycleEntry | None:
    """Return the entry with this id."""
    return uow.get(CycleEntry, entry_id)


def load_appeal(uow: UnitOfWork, appeal_id: uuid.UUID) -> GradeAppeal | None:
    """Return the appeal with this id."""
    return uow.get(GradeAppeal, appeal_id)


def appeals_of(uow: UnitOfWork, entry: CycleEntry) -> list[GradeAppeal]:
    """Return an entry's appeals, the newest first."""
    return list(
        uow.session.scalars(
            select(GradeAppeal)
            .where(GradeAppeal.entry_id == entry.id)
            .options(selectinload(GradeAppeal.decided_by))
            .order_by(GradeAppeal.filed_at.desc())
        )
    )


def entry_before(uow: UnitOfWork, entry: CycleEntry) -> CycleEntry | None:
    """Return the same agency's entry of the latest earlier year that was published."""
    return uow.session.scalar(
        select(CycleEntry)
        .join(GradingCycle, GradingCycle.id == CycleEntry.cycle_id)
        .where(
            CycleEntry.agency_id == entry.agency_id,
            GradingCycle.year < entry.cycle.year,
            GradingCycle.state == CycleState.PUBLISHED,
        )
        .order_by(GradingCycle.year.desc())
        .limit(1)
    )


def entry_of_grade(uow: UnitOfWork, grade: AgencyGrade) -> CycleEntry | None:
    """Return the entry of the published cycle that a grade comes from."""
    return uow.session.scalar(
        select(CycleEntry)
        .join(GradingCycle, GradingCycle.id == CycleEntry.cycle_id)
        .where(
            CycleEntry.agency_id == grade.agency_id,
            GradingCycle.year == grade.year,
            GradingCycle.state == CycleState.PUBLISHED,
        )
    )
