"""This year's reports in every state: delivered, checked, disposed and scored by the people who would do it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from numpy.random import default_rng
from werkzeug.datastructures import FileStorage

from agencies.models import Agency
from core.identity.models import User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from grading.demonstration.commission import approved
from grading.demonstration.ratings import apart, panel_at_work, rate
from grading.demonstration.stage import World, person
from grading.models import QuestionLetter, Submission
from grading.queries import findings_of
from grading.services.checking import check_submission
from grading.services.delivery import Delivery, deliver_report
from grading.services.disposal import dismiss, uphold
from grading.services.questions import Answer, ask_agency, send_answers
from grading.services.scoring import decide_score
from grading.statement import Statement
from grading.states import DismissalGround, Stance
from grading.synthesis import Subject, inject, make_report, render_docx, render_pdf
from grading.synthesis.making import SyntheticReport
from grading.workflow import SUBMISSION
from projects.models import Project


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
    Story(("weight-sum",), "docx", "panel", 20, 1),
    Story((), "pdf", "apart", 17, 4),
    Story(("grade-band",), "docx", "checked", 26, 3),
    Story(("money-sum", "execution-rate", "score-sum", "survey", "fact-conflict"), "pdf", "corrected", 21, 1),
    Story(("missing-section",), "docx", "checked", 23, 4),
    Story(("wrong-category",), "docx", "asked", 19, 4),
    Story(("score-over-weight",), "docx", "received", 18, 4),
)


def act(world: World, story: Story, number: int, officer: User) -> None:
    """Take one engagement from its approved indicators as far as its story goes."""
    day = -60 + 4 * number
    agency, manager = world.agencies[number % 5], world.managers[number % 5]
    project = world.projects[story.project % len(world.projects)]
    report = _report(number, story, project, agency)
    with world.at_desk(None, days=day - 40) as uow:
        engagement = approved(uow, project, agency, f"demonstration:{number}", report)
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
    if story.until == "panel":
        panel_at_work(world, submission, officer)
        return
    if story.until == "apart":
        apart(world, submission, officer)
        return
    with world.at_desk(None) as uow:
        unit = person(uow, world, Role.UNIT_OFFICER, project.unit_id)
    for rater, share in ((unit, 90 + number), (officer, 86 + 2 * number)):
        with world.at_desk(rater, days=day + 4) as uow:
            rate(uow, submission, share)
    with world.at_desk(officer, days=day + 5) as uow:
        decide_score(uow, submission)


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
