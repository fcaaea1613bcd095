"""The reports behind the past years' grades: found faults, letters, corrected versions and who rated.

What past cycles counted is given its engagement, report and ratings under the same numbers; agencies keep their habits.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from agencies.models import Agency, Engagement
from agencies.states import EngagementState
from core.clock import SHANGHAI
from core.deadlines import derive
from core.documents.accept import keep_bytes
from core.identity.models import User
from core.identity.roles import Role
from core.pdf import OfficialDocument, Paragraph
from core.records import digest, plain
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from experts.models import Expert
from grading.demonstration.past_faults import FAULTS, Fault
from grading.demonstration.stage import World, person
from grading.models import (
    CycleEntry,
    GradingCycle,
    QuestionItem,
    QuestionLetter,
    ReportFinding,
    Submission,
    SubmissionFile,
    TaskScore,
)
from grading.services.question_paper import question_paper
from grading.services.questions import PURPOSE
from grading.services.task_ratings import GivenRating, write_ratings
from grading.states import (
    CycleState,
    Difficulty,
    DismissalGround,
    FileRole,
    FindingState,
    LetterState,
    Stance,
    SubmissionState,
)
from grading.workflow import SUBMISSION
from projects.models import Project
from projects.states import Sector

AGENCIES = 12
TASKS_EACH = 1
RATERS = 8
PANEL = 3


@dataclass
class Archive:
    """Who and what the past reports are written with, and how many letters each year has."""

    uow: UnitOfWork
    world: World
    officers: Sequence[User]
    experts: Sequence[User]
    letters: dict[int, Iterator[int]] = field(default_factory=dict)

    def next_letter(self, year: int) -> str:
        """Return the next number of a letter of a year."""
        return f"询函〔{year}〕{next(self.letters.setdefault(year, itertools.count(1)))}号"


def remember(uow: UnitOfWork, world: World) -> bool:
    """Give some tasks of every published past year their engagement, report, letters and ratings.

    Return whether it did: without a pool of experts nobody can have rated.
    """
    officers = [person(uow, world, Role.QUALITY_OFFICER)]
    pool = select(Expert).options(selectinload(Expert.user)).order_by(Expert.id).limit(RATERS)
    experts = [one.user for one in uow.session.scalars(pool)]
    if len(experts) < PANEL:
        return False
    archive = Archive(uow, world, officers, experts)
    places = {agency.id: place for place, agency in enumerate(world.agencies[:AGENCIES])}
    entries = uow.session.execute(
        select(CycleEntry, GradingCycle.year)
        .join(GradingCycle, GradingCycle.id == CycleEntry.cycle_id)
        .where(GradingCycle.state == CycleState.PUBLISHED, CycleEntry.agency_id.in_(places))
        .order_by(GradingCycle.year)
    )
    for entry, year in sorted(entries, key=lambda row: (row[1], places[row[0].agency_id])):
        for task in entry.record["tasks"][:TASKS_EACH]:
            _remember(archive, places[entry.agency_id], year, task)
    uow.session.flush()
    return True


def _remember(archive: Archive, place: int, year: int, task: Mapping[str, Any]) -> None:
    chance = archive.world.random
    due = date(year, 5, 10) + timedelta(days=chance.randrange(0, 150))
    engagement = _engagement(archive, archive.world.agencies[place], due, task)
    score = Decimal(task["score"])
    careless = max(0.4, (96 - float(score)) / 5)
    chosen = _faults(chance, careless, place)
    first = _submission(archive, engagement, _at(due, chance.choice((-6, -3, -1, 0, 0, 2, 5))), score, chosen)
    findings = _findings(archive, first, chosen)
    upheld = [one for one in findings if one.state is FindingState.UPHELD]
    if len(upheld) > 1:
        _ask(archive, first, upheld, careless)
    _rated(archive, engagement, year, task)


def _at(day: date, later: int) -> datetime:
    found = day + timedelta(days=later)
    found += timedelta(days=max(0, 7 - found.weekday()) if found.weekday() > 4 else 0)
    return datetime.combine(found, time(10, 20), tzinfo=SHANGHAI)


def _engagement(archive: Archive, agency: Agency, due: date, task: Mapping[str, Any]) -> Engagement:
    uow, world, year = archive.uow, archive.world, due.year
    like = world.random.choice([one for one in world.projects if one.sector.value == task["sector"]] or world.projects)
    project = uow.add(
        Project(
            code=f"{year}-{like.code.split('-', 1)[1]}-{task['id'].split('〕')[1].removesuffix('号')}",
            name=like.name,
            name_en=like.name_en,
            unit_id=like.unit_id,
            year=year - 1,
            sector=like.sector,
            industry=like.industry,
            budget=like.budget,
            evaluation_fee=Decimal(task["amount"]),
            objective=like.objective,
            content=like.content,
            is_archived=True,
            created_at=_at(due, -200),
        )
    )
    uow.session.flush()
    return uow.add(
        Engagement(
            number=task["id"],
            project=project,
            agency=agency.organisation,
            source=f"archive:{task['id']}",
            amount=Decimal(task["amount"]),
            begins_on=due - timedelta(days=75),
            due_on=due,
            state=EngagementState.CLOSED,
            opened_at=_at(due, -80),
            system_id=None,
        )
    )


def _faults(chance: Any, careless: float, place: int) -> list[Fault]:
    """Draw a report's faults: more from a careless agency, one that it likes more often than others."""
    count = min(len(FAULTS), sum(chance.random() < careless / 6 for _one in range(9)))
    habit = FAULTS[place % len(FAULTS)]
    others = [one for one in FAULTS if one is not habit]
    chosen = chance.sample(others, min(count, len(others)))
    return [habit, *chosen] if chance.random() < min(0.85, careless / 5) else chosen


def _submission(
    archive: Archive, engagement: Engagement, delivered: datetime, score: Decimal, faults: Sequence[Fault]
) -> Submission:
    from core.pdf.layout import build_pdf  # ReportLab takes long to load

    uow = archive.uow
    uow.session.flush()
    version = 1 + (uow.session.scalar(select(func.count()).where(Submission.engagement_id == engagement.id)) or 0)
    project, name = engagement.project, engagement.agency.name
    texts = [
        f"{name}受托对{project.unit.name}{project.year}年度{project.name}开展绩效评价，综合得分 {score} 分。",
        *(one.text.format(score=score) for one in faults),
        "建议完善绩效目标，按季度核对资金和产出数据，整改情况纳入下一年度预算安排。",
    ]
    title = f"{project.year}年度{project.name}绩效评价报告"
    submission = Submission(
        id=uow.ids.new(),
        engagement_id=engagement.id,
        version=version,
        delivered_by_id=None,
        delivered_at=delivered,
        state=SubmissionState.DISPOSED,
        checked_at=delivered + timedelta(minutes=4),
        title=title,
        pages=1,
        total_score=score,
        coverage=None,
        blocks=[
            {"kind": "paragraph", "index": place, "page": 1, "level": 0, "text": text}
            for place, text in enumerate(texts)
        ],
        failure=None,
    )
    day = f"{delivered.year}年{delivered.month}月{delivered.day}日"
    data = build_pdf(
        OfficialDocument(
            kind="plain",
            issuer=name,
            number="",
            title=title,
            body=[Paragraph(text) for text in texts],
            signatory=name,
            date=day,
            record_hash=digest({"report": engagement.number, "version": version, "texts": texts}),
        )
    )
    document = keep_bytes(
        uow, data, owner=submission, purpose="report", name=f"{title}.pdf", media_type="application/pdf"
    )
    uow.session.flush()
    submission.document_id = document.id
    uow.add(submission)
    uow.session.flush()
    uow.add(
        SubmissionFile(
            submission_id=submission.id,
            document_id=document.id,
            original_id=None,
            role=FileRole.REPORT,
            position=0,
            reading=None,
            failure=None,
        )
    )
    return submission


def _findings(
    archive: Archive, submission: Submission, faults: Sequence[Fault], follows: Mapping[str, uuid.UUID] | None = None
) -> list[ReportFinding]:
    uow = archive.uow
    found = []
    for place, one in enumerate(faults, start=1):
        upheld = follows is not None or one.severity == "error" or archive.world.random.random() < 0.7
        blocks = submission.blocks or []
        found.append(
            uow.add(
                ReportFinding(
                    submission_id=submission.id,
                    position=place,
                    code=one.code,
                    severity=one.severity,
                    probability=Decimal("0.93") if one.severity == "error" else Decimal("0.61"),
                    message={"zh": one.zh, "en": one.en},
                    evidence=[
                        {"page": 1, "paragraph": place, "table": None, "row": None, "quote": blocks[place]["text"]}
                    ],
                    stated=None,
                    expected=None,
                    signals={},
                    state=FindingState.UPHELD if upheld else FindingState.DISMISSED,
                    disposed_by_id=archive.officers[0].id,
                    disposed_at=submission.delivered_at + timedelta(days=2),
                    reason="" if upheld else "报告另处已有说明。",
                    ground=None if upheld else DismissalGround.EXPLAINED,
                    follows_id=(follows or {}).get(one.code),
                )
            )
        )
    uow.session.flush()
    return found


def _ask(archive: Archive, submission: Submission, upheld: Sequence[ReportFinding], careless: float) -> None:
    """Ask about what was upheld; the careless answer late, and correct later or not at all."""
    uow, chance = archive.uow, archive.world.random
    sent = _at(submission.delivered_at.date(), 3)
    answered = _at(sent.date(), 1 + int(chance.expovariate(1 / (2.2 + careless))))
    corrects = chance.random() < 0.8
    letter = uow.add(
        QuestionLetter(
            submission_id=submission.id,
            number=archive.next_letter(sent.year),
            words="",
            due_on=derive("R-GRADE.reply", sent.date(), work_calendar(uow), uow.house.rules).last_day,
            state=LetterState.CORRECTED if corrects else LetterState.ANSWERED,
            sent_at=sent,
            sent_by_id=archive.officers[0].id,
            answered_at=answered,
        )
    )
    uow.session.flush()
    for place, one in enumerate(upheld, start=1):
        explains = not corrects or chance.random() < 0.2
        uow.add(
            QuestionItem(
                letter_id=letter.id,
                finding_id=one.id,
                position=place,
                stance=Stance.EXPLAINS if explains else Stance.AGREES,
                answer="已与项目单位核对，口径说明见附件。" if explains else "",
            )
        )
    uow.session.flush()
    paper = question_paper(uow, letter)
    keep_bytes(uow, paper, owner=letter, purpose=PURPOSE, name=f"{letter.number}.pdf", media_type="application/pdf")
    if not corrects:
        return
    stays = [fault for fault in FAULTS if fault.code == upheld[-1].code] if chance.random() < careless / 12 else []
    SUBMISSION.fire(uow, submission, "supersede", as_system=True)
    uow.session.flush()
    at = _at(answered.date(), 1 + chance.randrange(0, 6))
    again = _submission(archive, submission.engagement, at, submission.total_score or Decimal(0), stays)
    _findings(archive, again, stays, {one.code: one.id for one in upheld})


def _rated(archive: Archive, engagement: Engagement, year: int, task: Mapping[str, Any]) -> None:
    """Keep what the year's record says was rated, and by whom."""
    uow = archive.uow
    row = uow.add(
        TaskScore(
            engagement_id=engagement.id,
            agency_id=engagement.agency.id,
            amount=engagement.amount,
            sector=Sector(task["sector"]) if task["sector"] else engagement.project.sector,
            year=year,
            score=Decimal(task["score"]),
            parts=plain({"points": task["points"], "rules": "2026"}),
            difficulty=Difficulty(task["difficulty"]),
            urgent=task["urgent"],
            veto=None,
            decided_by_id=archive.officers[0].id,
            decided_at=_at(engagement.due_on, 60),
        )
    )
    chance = archive.world.random
    unit = person(uow, archive.world, Role.UNIT_OFFICER, engagement.project.unit_id)
    panel = chance.sample(list(archive.experts), PANEL)
    who = {"unit": [unit], "bureau": list(archive.officers), "experts": panel}
    given = [
        GivenRating(measure, kind, Decimal(value), raters[place].id if place < len(raters) else None)
        for measure, kinds in task["ratings"].items()
        for kind, values in kinds.items()
        for raters in [who[kind] if measure not in ("timeliness", "plan") else []]
        for place, value in enumerate(values)
    ]
    write_ratings(uow, row, given)
