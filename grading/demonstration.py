"""The demonstration's reports in every state, and the grades of past years, made through the same services.

Past years come as published cycles whose records verify; this year's tasks are delivered, checked, disposed and scored
by the people who would do it.
"""

from __future__ import annotations

import io
import random
import secrets
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from numpy.random import default_rng
from werkzeug.datastructures import FileStorage

from agencies.models import Agency, Engagement
from agencies.services.engagements import open_engagement
from agencies.services.grades import record_grade
from core.identity.models import User
from core.identity.roles import Role
from core.records import plain
from core.unit_of_work import UnitOfWork
from experts.services.conflicts import user_ids_with
from grading.grade_record import GradedTask
from grading.grade_rules import grade_rules
from grading.models import CycleEntry, GradingCycle, QuestionLetter, Submission
from grading.queries import findings_of
from grading.rule_sets import body
from grading.services.checking import check_submission
from grading.services.delivery import Delivery, deliver_report
from grading.services.disposal import dismiss, uphold
from grading.services.grading_cycle import entry_values, losses_of
from grading.services.questions import Answer, ask_agency, send_answers
from grading.services.rating import Mark, kind_of_rater, lines_of, lock_sheet, proposals, save_sheet
from grading.services.scoring import decide_score
from grading.statement import Statement
from grading.states import CycleState, DismissalGround, Stance
from grading.synthesis import Subject, inject, make_report, render_docx, render_pdf
from grading.synthesis.making import SyntheticReport
from grading.workflow import SUBMISSION
from projects.models import Project
from projects.services.systems import IndicatorEntry, set_indicators
from projects.states import Dimension, StandardKind
from projects.workflow import INDICATOR_SYSTEM

PAST_YEARS = 3
DIMENSIONS = (Dimension.DECISION, Dimension.PROCESS, Dimension.OUTPUT, Dimension.BENEFIT)


class World(Protocol):
    """What this module needs of the demonstration's world; the shell above brings it."""

    users: dict[str, User]
    projects: list[Project]
    agencies: list[Agency]
    managers: list[User]
    random: random.Random
    now: datetime

    def at_desk(self, who: User | str | None, *, days: float = 0) -> AbstractContextManager[UnitOfWork]:
        """Let a person (None: the system) act at a moment when offices are open; all is committed at its end."""


@dataclass(frozen=True)
class Story:
    """One generated report: which slips it holds, its file, how far it has come, and what it is about.

    `project` is the place in the demonstration's list of projects, `domain` that of the generator's subject which
    resembles it.
    """

    slips: tuple[str, ...]
    kind: str
    until: str
    project: int
    domain: int


STORIES = (
    Story((), "docx", "scored", 22, 1),
    Story(("score-sum",), "docx", "scored", 16, 4),
    Story(("execution-rate",), "pdf", "scored", 25, 0),
    Story(("weight-sum",), "docx", "disposed", 20, 1),
    Story((), "pdf", "disposed", 17, 4),
    Story(("grade-band",), "docx", "checked", 26, 3),
    Story(("money-sum", "execution-rate", "score-sum", "survey", "fact-conflict"), "pdf", "corrected", 21, 1),
    Story(("missing-section",), "docx", "checked", 23, 4),
    Story(("wrong-category",), "docx", "asked", 19, 4),
    Story(("score-over-weight",), "docx", "received", 18, 4),
)


def populate(uow: UnitOfWork, world: World) -> None:
    """Publish the grades of past years and act out ten deliveries of this year."""
    publish_past(uow, world)
    officer = _person(uow, world, Role.QUALITY_OFFICER)
    for number, story in enumerate(STORIES):
        _act(world, story, number, officer)


def publish_past(uow: UnitOfWork, world: World) -> None:
    """Record three published years for every agency, from drawn ratings, weighed and sealed as any other year."""
    rules = grade_rules(uow)
    for year in range(uow.today.year - PAST_YEARS, uow.today.year):
        at = world.now.replace(year=year + 1, month=3, day=10)
        at = min(at, world.now - timedelta(days=30))
        cycle = uow.add(
            GradingCycle(
                year=year,
                rule_set=rules.key,
                rules=plain(body(rules)),
                salt=secrets.token_hex(32),
                state=CycleState.PUBLISHED,
                computed_at=at - timedelta(days=5),
                computed_by_id=None,
                dropped_at=None,
                published_at=at,
                published_by_id=None,
            )
        )
        uow.session.flush()
        for number, agency in enumerate(world.agencies):
            tasks = _past_tasks(world, agency, number, year)
            values = entry_values(cycle, agency, tasks, losses_of(agency, rules), rules)
            uow.add(CycleEntry(cycle_id=cycle.id, agency_id=agency.id, judges=[], corrections=[], **values))
            row = record_grade(uow, agency, year=year, **values)
            row.published_at = at
    uow.session.flush()


def _past_tasks(world: World, agency: Agency, number: int, year: int) -> list[GradedTask]:
    """Draw an agency's tasks of a past year: good, middling and weak agencies stay roughly what they are."""
    strength = (95, 92, 88, 86, 84, 82, 78, 74, 68, 57)[number % 10]
    count = world.random.choice((0, 1, 2, 2, 3, 3, 4)) if number > 3 else 3
    return [
        GradedTask(
            f"评委〔{year}〕{number + 1:02d}-{task + 1}号",
            {
                "plan": {"experts": _around(world, strength, 3)},
                "team": {"bureau": _around(world, strength, 1)},
                "process": {"unit": _around(world, strength, 1), "bureau": _around(world, strength, 1)},
                "report": {
                    "unit": _around(world, strength, 1),
                    "bureau": _around(world, strength, 1),
                    "experts": _around(world, strength, 3),
                },
                **{
                    line: {"unit": _around(world, strength, 1), "bureau": _around(world, strength, 1)}
                    for line in ("data", "problems", "advice")
                },
                "timeliness": {"bureau": [Decimal(world.random.choice((100, 100, 100, 95, 80)))]},
                "archive": {"bureau": _around(world, strength, 1)},
            },
            Decimal(world.random.randrange(80, 360)) * 1000,
            difficulty=world.random.choice(("simple", "usual", "usual", "complex")),
            sector=world.random.choice(agency.fields or [""]),
        )
        for task in range(count)
    ]


def _around(world: World, strength: int, count: int) -> list[Decimal]:
    return [Decimal(min(100, max(0, strength + world.random.randint(-4, 4)))) for _ in range(count)]


def _person(uow: UnitOfWork, world: World, role: Role, organisation: Any = None) -> User:
    ids = set(user_ids_with(uow, role, organisation_id=organisation))
    return next(user for user in world.users.values() if user.id in ids)


def _act(world: World, story: Story, number: int, officer: User) -> None:
    """Take one engagement from its approved indicators as far as its story goes."""
    day = -60 + 4 * number
    agency, manager = world.agencies[number % 5], world.managers[number % 5]
    project = world.projects[story.project % len(world.projects)]
    report = _report(number, story, project, agency)
    with world.at_desk(None, days=day - 40) as uow:
        engagement = _approved(uow, project, agency, number, report)
    with world.at_desk(manager, days=day) as uow:
        submission = deliver_report(
            uow, engagement, Delivery(_file(report, story.kind, story.slips), statement=_stated(report))
        )
    if story.until == "received":
        return
    with world.at_desk(None, days=day + 0.01) as uow:
        check_submission(uow, submission.id)
    if story.until == "checked":
        return
    if story.until in ("asked", "corrected"):
        with world.at_desk(officer, days=-3 if story.until == "asked" else day + 1) as uow:
            letter = _ask(uow, submission)
        if story.until == "corrected":
            with world.at_desk(manager, days=day + 4) as uow:
                _answer(uow, letter)
                again = Delivery(
                    _file(report, story.kind, story.slips[:1]),
                    statement=_stated(report),
                    note="已按询问函逐条改正执行率、得分合计和问卷数据，资金明细另行核对。",
                )
                corrected = deliver_report(uow, engagement, again)
            with world.at_desk(None, days=day + 4.01) as uow:
                check_submission(uow, corrected.id)
        return
    with world.at_desk(officer, days=day + 2) as uow:
        _dispose(uow, submission)
    if story.until == "disposed":
        return
    with world.at_desk(None) as uow:
        unit = _person(uow, world, Role.UNIT_OFFICER, project.unit_id)
    for rater, share in ((unit, 90 + number), (officer, 86 + 2 * number)):
        with world.at_desk(rater, days=day + 4) as uow:
            _rate(uow, submission, share)
    with world.at_desk(officer, days=day + 5) as uow:
        decide_score(uow, submission)


def _approved(uow: UnitOfWork, project: Project, agency: Agency, number: int, report: SyntheticReport) -> Engagement:
    begins = uow.today
    engagement = open_engagement(
        uow,
        project=project,
        agency_id=agency.organisation_id,
        source=f"demonstration:{number}",
        amount=project.evaluation_fee or Decimal(150000),
        begins_on=begins,
        due_on=begins + timedelta(days=75),
    )
    system = engagement.system
    if system is not None:
        set_indicators(uow, system, _indicators(report))
        for step in ("submit", "start_review", "approve"):
            INDICATOR_SYSTEM.fire(uow, system, step, as_system=True)
    return engagement


def _indicators(report: SyntheticReport) -> list[IndicatorEntry]:
    """The indicators that the report will answer, as they are approved before it."""
    return [
        IndicatorEntry(
            DIMENSIONS[leaf.category], leaf.group, leaf.name, leaf.weight, leaf.target, StandardKind.PLAN, leaf.rule
        )
        for leaf in report.facts.leaves
    ]


def _report(number: int, story: Story, project: Project, agency: Agency) -> SyntheticReport:
    about = Subject(
        place="澄湖区",
        project=project.name,
        unit=project.unit.name,
        agency=agency.organisation.name,
        year=project.year,
        domain=story.domain,
    )
    return make_report(default_rng(1000 + number), ("four", "seven", "merged", "parts")[number % 4], 8, about)


def _stated(report: SyntheticReport) -> Statement:
    """What the agency states at delivery: budget, funds and questionnaires as they truly were."""
    money, survey = report.facts.money, report.facts.survey
    wan = Decimal(10000)
    return Statement(
        initial=money.initial * wan,
        adjusted=money.adjusted * wan,
        funded=money.placed * wan,
        used=money.spent * wan,
        sent=survey.sent,
        returned=survey.returned,
        valid=survey.valid,
    )


def _file(report: SyntheticReport, kind: str, slips: Sequence[str] = ()) -> FileStorage:
    rng = default_rng(1000)  # the same for every version, so that a slip that stays is the same slip
    for slip in slips:
        report = inject(rng, report, slip).report
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{kind}"
        (render_docx if kind == "docx" else render_pdf)(report, path)
        return FileStorage(io.BytesIO(path.read_bytes()), filename=f"绩效评价报告.{kind}")


def _dispose(uow: UnitOfWork, submission: Submission) -> None:
    for finding in findings_of(uow, submission):
        if finding.severity == "error":
            uphold(uow, finding)
        else:
            dismiss(uow, finding, "与评分细则的口径一致，不属于差错。")
    SUBMISSION.fire(uow, submission, "dispose")


def _ask(uow: UnitOfWork, submission: Submission) -> QuestionLetter:
    """Uphold the surest error, dismiss one with a ground where there are several, and ask about the rest."""
    rows = findings_of(uow, submission)
    uphold(uow, rows[0])
    if len(rows) > 2:
        dismiss(uow, rows[-1], "", DismissalGround.REPEATED)
    ids = [one.id for one in rows if one.ground is None]
    return ask_agency(uow, submission, ids, words="请对照支出明细账核实，并附调整后的附表。")


def _answer(uow: UnitOfWork, letter: QuestionLetter) -> None:
    answers = {item.position: Answer(Stance.AGREES, "已核实改正。") for item in letter.items}
    answers[1] = Answer(Stance.EXPLAINS, "明细按到账数填列，差额为年末退回，正与项目单位核对。")
    send_answers(uow, letter, answers)


def _rate(uow: UnitOfWork, submission: Submission, share: int) -> None:
    proposed = proposals(uow, submission)
    marks = {
        line.key: Mark(
            min(proposed.get(line.key, line.full), line.full * share / 100).quantize(Decimal("0.01")),
            "结合报告质量与配合情况综合评定。",
        )
        for line in lines_of(uow, submission, kind_of_rater(uow, submission))
    }
    save_sheet(uow, submission, marks, "报告结构完整，建议可操作。")
    lock_sheet(uow, submission)
