"""A small library with published years, checked reports, letters and ratings, written as rows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from agencies.models import Agency, AgencyGrade, Engagement
from agencies.states import AgencyKind, EngagementState, Grade
from core.clock import SHANGHAI
from core.documents.accept import keep_bytes
from core.identity.models import User
from core.identity.roles import OrganisationKind, Role
from core.records import plain
from core.unit_of_work import UnitOfWork
from grading.grade_rules import grade_rules
from grading.models import (
    GradingCycle,
    QualityReport,
    QuestionItem,
    QuestionLetter,
    ReportFinding,
    Submission,
    TaskScore,
)
from grading.rule_sets import body
from grading.services.quality_report import ask_for_report, prepare_report
from grading.services.task_ratings import GivenRating, write_ratings
from grading.states import CycleState, FindingState, LetterState, Stance, SubmissionState
from tests.factories.agencies import make_agency
from tests.factories.experts import as_user
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project

_count = itertools.count(1)


def grade_of(score: float | None) -> Grade:
    """The grade of a score under the house's bands."""
    if score is None:
        return Grade.UNGRADED
    return Grade.A if score >= 90 else Grade.B if score >= 80 else Grade.C if score >= 60 else Grade.D


@dataclass
class Past:
    """The scene, and what adds to it."""

    uow: UnitOfWork
    agencies: dict[str, Agency] = field(default_factory=dict)
    raters: dict[str, User] = field(default_factory=dict)

    def agency(self, name: str, kind: AgencyKind = AgencyKind.CONSULTING, **values) -> Agency:
        """An agency of this name, made once."""
        if name not in self.agencies:
            organisation = make_organisation(self.uow, OrganisationKind.AGENCY, name=name)
            self.agencies[name] = make_agency(self.uow, organisation, kind=kind, **values)
        return self.agencies[name]

    def grade(self, name: str, year: int, score: float | None, *, published: bool = True) -> AgencyGrade:
        """The agency's grade of a year."""
        row = self.uow.add(
            AgencyGrade(
                agency_id=self.agency(name).id,
                year=year,
                grade=grade_of(score),
                score=None if score is None else Decimal(str(score)),
                tasks=0 if score is None else 3,
                record={},
                published_at=self.uow.now if published else None,
            )
        )
        self.uow.session.flush()
        return row

    def engagement(self, name: str) -> Engagement:
        """An engagement that is done with."""
        number = next(_count)
        row = self.uow.add(
            Engagement(
                number=f"存〔2020〕{number}号",
                project=make_project(self.uow),
                agency=self.agency(name).organisation,
                source=f"archive:{number}",
                amount=Decimal(100000),
                begins_on=self.uow.today,
                due_on=self.uow.today,
                state=EngagementState.CLOSED,
                opened_at=self.uow.now,
                system_id=None,
            )
        )
        self.uow.session.flush()
        return row

    def report(
        self, name: str, at: datetime, upheld: list[str] | None = None, *, dismissed: tuple[str, ...] = ()
    ) -> Submission:
        """A checked report with upheld and dismissed findings of these classes."""
        return self.version(self.engagement(name), at, upheld or [], dismissed=dismissed)

    def version(
        self,
        engagement: Engagement,
        at: datetime,
        upheld: list[str],
        *,
        number: int = 1,
        dismissed: tuple[str, ...] = (),
        follows: Submission | None = None,
    ) -> Submission:
        """A version of a report; its findings follow those of the same class in the version before."""
        if follows is not None:
            follows.state = SubmissionState.SUPERSEDED
            self.uow.session.flush()
        row = Submission(
            id=self.uow.ids.new(),
            engagement_id=engagement.id,
            version=number,
            delivered_by_id=None,
            delivered_at=at,
            state=SubmissionState.DISPOSED,
            checked_at=at,
            title="报告",
            pages=1,
            total_score=None,
            coverage=None,
            blocks=[],
            failure=None,
        )
        document = keep_bytes(
            self.uow, b"%PDF-1.4", owner=row, purpose="report", name="a.pdf", media_type="application/pdf"
        )
        row.document_id = document.id
        self.uow.add(row)
        self.uow.session.flush()
        before = {one.code: one.id for one in self.findings(follows)} if follows else {}
        for place, code in enumerate((*upheld, *dismissed), start=1):
            state = FindingState.UPHELD if place <= len(upheld) else FindingState.DISMISSED
            self.uow.add(
                ReportFinding(
                    submission_id=row.id,
                    position=place,
                    code=code,
                    severity="error",
                    probability=Decimal("0.9"),
                    message={"zh": "疑点", "en": "finding"},
                    evidence=[],
                    stated=None,
                    expected=None,
                    signals={},
                    state=state,
                    disposed_by_id=None,
                    disposed_at=at,
                    reason="说明",
                    ground=None,
                    follows_id=before.pop(code, None),
                )
            )
        self.uow.session.flush()
        return row

    def findings(self, submission: Submission) -> list[ReportFinding]:
        """A version's findings."""
        found = self.uow.session.query(ReportFinding).filter_by(submission_id=submission.id)
        return found.order_by(ReportFinding.position).all()

    def letter(
        self, submission: Submission, sent: datetime, answered: int | None, *, stance: Stance | None = Stance.AGREES
    ) -> QuestionLetter:
        """A letter about a version's findings, due after seven days, answered after so many (None: open)."""
        number = next(_count)
        row = self.uow.add(
            QuestionLetter(
                submission_id=submission.id,
                number=f"询函〔2020〕{number}号",
                words="",
                due_on=sent.date() + timedelta(days=7),
                state=LetterState.SENT if answered is None else LetterState.ANSWERED,
                sent_at=sent,
                sent_by_id=None,
                answered_at=None if answered is None else sent + timedelta(days=answered),
            )
        )
        self.uow.session.flush()
        for place, one in enumerate(self.findings(submission), start=1):
            kept = None if answered is None else stance
            self.uow.add(
                QuestionItem(letter_id=row.id, finding_id=one.id, position=place, stance=kept, answer="说明情况")
            )
        self.uow.session.flush()
        return row

    def rated(self, name: str, year: int, **given: float) -> TaskScore:
        """A decided task with ratings of the report by named raters: `unit1=80, bureau1=84, experts2=90`."""
        engagement = self.engagement(name)
        row = self.uow.add(
            TaskScore(
                engagement_id=engagement.id,
                agency_id=engagement.agency_id,
                amount=engagement.amount,
                sector=engagement.project.sector,
                year=year,
                score=Decimal(80),
                parts={},
                veto=None,
                decided_by_id=None,
                decided_at=self.uow.now,
            )
        )
        ratings = [
            GivenRating("report", key.rstrip("0123456789"), Decimal(str(value)), self.rater(key).id)
            for key, value in given.items()
        ]
        write_ratings(self.uow, row, ratings)
        self.uow.session.flush()
        return row

    def rater(self, key: str) -> User:
        """Somebody who rates, made once."""
        if key not in self.raters:
            self.raters[key] = make_user(self.uow, Role.QUALITY_OFFICER)
        return self.raters[key]


def day(year: int, month: int, number: int) -> datetime:
    """A morning in Shanghai."""
    return datetime(year, month, number, 10, tzinfo=SHANGHAI)


def some_years(uow: UnitOfWork) -> Past:
    """Three published years of six agencies before the present one, reports, letters and ratings of the last two."""
    past, this = Past(uow), uow.today.year
    for place in range(6):
        name = f"第{place + 1}评价机构"
        for year in (this - 3, this - 2, this - 1):
            past.grade(name, year, None if place == 5 else 92 - 6 * place + (year - this + 3))
        for year in (this - 2, this - 1):
            first = past.report(name, day(year, 6, 1 + place), ["score-sum", "survey"][: 1 + place % 2])
            past.letter(first, day(year, 6, 20), 2 + 3 * place if place < 5 else None)
            if place == 1:
                past.version(first.engagement, day(year, 6, 27), [], number=2, follows=first)
            past.rated(name, year, unit1=90 - place, bureau1=88 - 2 * place, experts1=86 - place)
    return past


def published_year(uow: UnitOfWork) -> Past:
    """The same, the last year's grades published by a cycle."""
    past, at = some_years(uow), uow.now - timedelta(days=100)
    uow.add(
        GradingCycle(
            year=uow.today.year - 1,
            rule_set="house",
            rules=plain(body(grade_rules(uow))),
            salt="0" * 64,
            state=CycleState.PUBLISHED,
            computed_at=at,
            computed_by_id=None,
            dropped_at=None,
            announced_at=at,
            announced_by_id=None,
            appeals_due_on=at.date(),
            published_at=at,
            published_by_id=None,
        )
    )
    uow.session.flush()
    return past


def ready_report(uow: UnitOfWork, officer: User) -> QualityReport:
    """The report of last year, prepared and waiting for release."""
    made = ask_for_report(as_user(uow, officer), uow.today.year - 1)
    prepare_report(uow, made.id)
    return made
