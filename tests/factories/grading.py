"""Delivered, checked and scored reports for tests, from generated reports."""

from __future__ import annotations

import functools
import io
import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from numpy.random import default_rng
from werkzeug.datastructures import FileStorage

from agencies.models import Engagement
from core.identity.models import User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from grading.models import GradingCycle, Submission, TaskScore
from grading.queries import findings_of
from grading.services.checking import check_submission
from grading.services.cycle_course import announce_cycle, publish_cycle
from grading.services.delivery import Delivery, deliver_report
from grading.services.disposal import dismiss, uphold
from grading.services.rating import Mark, kind_of_rater, lines_of, lock_sheet, save_sheet
from grading.services.scoring import decide_score
from grading.services.task_ratings import GivenRating, write_ratings
from grading.synthesis import inject, make_report, render_docx, render_pdf
from grading.workflow import SUBMISSION
from projects.services.systems import set_indicators
from projects.workflow import INDICATOR_SYSTEM
from tests.factories.agencies import make_agency, make_engagement
from tests.factories.experts import as_user
from tests.factories.identity import make_user
from tests.factories.projects import entries


@functools.cache
def report_bytes(seed: int = 7, *, slip: str = "", kind: str = "docx") -> bytes:
    """A generated report of six pages, with one planted slip if a class is named."""
    rng = default_rng(seed)
    report = make_report(rng, "four", 6)
    if slip:
        report = inject(rng, report, slip).report
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{kind}"
        (render_docx if kind == "docx" else render_pdf)(report, path)
        return path.read_bytes()


def upload(data: bytes, name: str = "评价报告.docx") -> FileStorage:
    """A file as a browser sends it."""
    return FileStorage(io.BytesIO(data), filename=name)


class Desk:
    """Everybody around one engagement that may be evaluated."""

    def __init__(self, uow: UnitOfWork, *, approved: bool = True, **values) -> None:
        self.uow = uow
        agency = values.pop("agency", None) or make_agency(uow)
        self.engagement: Engagement = make_engagement(uow, agency=agency, **values)
        self.agency = agency
        self.manager: User = make_user(uow, Role.AGENCY_MANAGER, organisation=agency.organisation)
        self.unit: User = make_user(uow, Role.UNIT_OFFICER, organisation=self.engagement.project.unit)
        self.quality: User = make_user(uow, Role.QUALITY_OFFICER)
        self.submission: Submission | None = None
        if approved:
            set_indicators(uow, self.engagement.system, entries())
            for step in ("submit", "start_review", "approve"):
                INDICATOR_SYSTEM.fire(uow, self.engagement.system, step, as_system=True)

    def acting(self, user: User) -> UnitOfWork:
        """A unit of work in which this user acts."""
        return as_user(self.uow, user)

    def deliver(self, data: bytes | None = None, name: str = "评价报告.docx", **more) -> Submission:
        """The manager delivers a report, with `annexes`, a `scan` or a `note` if given."""
        report = upload(report_bytes() if data is None else data, name)
        self.submission = deliver_report(self.acting(self.manager), self.engagement, Delivery(report, **more))
        return self.submission

    def check(self) -> Submission:
        """The job runs."""
        check_submission(self.uow, self.submission.id)
        return self.submission

    def dispose(self) -> Submission:
        """The quality officer dismisses every finding and finishes."""
        for finding in findings_of(self.uow, self.submission):
            dismiss(self.acting(self.quality), finding, "口径不同，并无矛盾")
        SUBMISSION.fire(self.acting(self.quality), self.submission, "dispose")
        self.uow.session.flush()
        return self.submission

    def marks(self, user: User, share: str = "0.9") -> dict[str, Mark]:
        """A complete sheet of this user at a share of each line's full points."""
        uow = self.acting(user)
        lines = lines_of(uow, self.submission, kind_of_rater(uow, self.submission))
        return {line.key: Mark((line.full * Decimal(share)).quantize(Decimal("0.01")), "按标准") for line in lines}

    def rate(self, user: User, share: str = "0.9", comment: str = "", **more):
        """This user fills and locks a sheet."""
        uow = self.acting(user)
        save_sheet(uow, self.submission, self.marks(user, share), comment, **more)
        return lock_sheet(uow, self.submission)

    def uphold_all(self) -> Submission:
        """The quality officer upholds every finding and finishes."""
        for finding in findings_of(self.uow, self.submission):
            uphold(self.acting(self.quality), finding)
        SUBMISSION.fire(self.acting(self.quality), self.submission, "dispose")
        self.uow.session.flush()
        return self.submission


def delivered_report(uow: UnitOfWork, **values) -> Desk:
    """A report that waits for its check."""
    desk = Desk(uow, **values)
    desk.deliver()
    return desk


def checked_submission(uow: UnitOfWork, slip: str = "score-sum", **values) -> Desk:
    """A checked report with at least one finding."""
    desk = Desk(uow, **values)
    desk.deliver(report_bytes(slip=slip))
    desk.check()
    return desk


def scored_engagement(uow: UnitOfWork, share: str = "0.9", **values) -> Desk:
    """An engagement closed with a task score."""
    desk = checked_submission(uow, **values)
    desk.dispose()
    desk.rate(desk.quality, share)
    desk.rate(desk.unit, share)
    decide_score(desk.acting(desk.quality), desk.submission)
    return desk


def end_appeals(uow: UnitOfWork, cycle: GradingCycle) -> None:
    """The time to appeal is over since yesterday."""
    cycle.appeals_due_on = uow.today - timedelta(days=1)
    uow.session.flush()


def publish_year(desk: Desk, cycle: GradingCycle, publisher: User | None = None) -> User:
    """The sheets went to the agencies, their time passed, and somebody who did not compute published."""
    who = publisher or make_user(desk.uow, Role.PROCUREMENT_APPROVER)
    announce_cycle(desk.acting(desk.quality), cycle)
    end_appeals(desk.uow, cycle)
    publish_cycle(desk.acting(who), cycle)
    return who


def rated_desk(uow: UnitOfWork, share: str = "0.9", **values) -> Desk:
    """An engagement with a task score but no report: quick, where only the year's grade matters."""
    desk = Desk(uow, approved=False, **values)
    rating = Decimal(share) * 100
    score = uow.add(
        TaskScore(
            engagement_id=desk.engagement.id,
            agency_id=desk.engagement.agency_id,
            amount=desk.engagement.amount,
            sector=desk.engagement.project.sector,
            year=uow.today.year,
            score=rating,
            parts={},
            veto=None,
            decided_by_id=desk.quality.id,
            decided_at=desk.acting(desk.quality).now,
        )
    )
    raters = (("bureau", desk.quality.id), ("unit", desk.unit.id))
    measures = ("plan", "team", "process", "report", "timeliness", "archive")
    given = [GivenRating(measure, kind, rating, who) for measure in measures for kind, who in raters]
    write_ratings(uow, score, given)
    return desk
