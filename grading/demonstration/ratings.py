"""How the demonstration rates reports: ten rated by three kinds of raters, one panel at work, one pair apart."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from numpy.random import default_rng
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.identity.models import User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.models import Expert
from experts.services.draw_steps import promise_entropy, reveal_entropy
from experts.services.invitations import Declaration
from experts.states import Capacity, ExpertState
from grading.check_report import check_document
from grading.demonstration.commission import approved
from grading.demonstration.stage import World, person
from grading.models import QualitySheet, ReportReview, Submission
from grading.queries import findings_of
from grading.queries.report_review import report_seats_of
from grading.queries.rubric import rubric_for
from grading.reading.word import read_docx
from grading.services.checking import add_finding, kept_columns, ordered
from grading.services.delivery import Delivery, deliver_report
from grading.services.disposal import dismiss
from grading.services.moderation import agree, ask_moderation, mean_of, note_dissent, open_moderation, revise_sheet
from grading.services.rating import (
    Decision,
    Mark,
    explain_spread,
    kind_of_rater,
    lines_of,
    lock_sheet,
    save_sheet,
)
from grading.services.report_opinions import conclude_report_review, drafted_review_opinion, say
from grading.services.report_reviews import (
    GuestEntry,
    PanelEntry,
    convene_report_review,
    draws_of_report,
    lock_panel,
    screened_for_report,
)
from grading.services.report_seats import accept_report_seat, decline_report_seat
from grading.services.scoring import decide_score
from grading.services.sheet_content import most_of, proposed_for
from grading.states import DeductionState, PanelWay, ReportSeatState
from grading.synthesis import Subject, make_report, render_docx
from grading.workflow import SUBMISSION

CENT = Decimal("0.01")
USUAL = "报告结构完整，建议可操作。"
CONFIRMED = Declaration({}, is_confirmed=True)
SECOND, OBSERVER = "gao.peng", "wei.shan"
PHRASES = ("质量人员掷骰 4 1 6 2 3 5", "列席代表掷骰 2 2 5 6 1 3")
FEE, FEWEST = Decimal(800), 20
SAID = (
    "数据与附表能对上，问题分析抓住了支出进度这个关键。",
    "建议写明责任科室和完成时限，便于单位整改。",
    "满意度样本偏小，结论宜留有余地。",
)


@dataclass(frozen=True)
class Rated:
    """A report that everybody rated: its project and agency, and the shares of full points that each rater gave."""

    project: int
    agency: int
    unit: int
    bureau: tuple[int, int]
    experts: tuple[int, int, int]
    far: str = ""
    moderated: bool = False


RATED = (
    Rated(27, 0, 93, (91, 88), (92, 86, 90)),
    Rated(28, 1, 90, (87, 84), (88, 81, 86)),
    Rated(29, 2, 85, (83, 80), (84, 77, 81)),
    Rated(30, 3, 88, (79, 75), (80, 71, 77)),
    Rated(31, 4, 52, (84, 80), (82, 76, 79), far="机构三次推迟进场，问卷发放未征得我单位同意，附沟通记录。"),
    Rated(32, 0, 91, (92, 89), (94, 88, 91)),
    Rated(33, 1, 64, (88, 85), (90, 82, 86), moderated=True),
    Rated(34, 2, 82, (78, 74), (79, 70, 75)),
    Rated(35, 3, 86, (82, 78), (83, 75, 80)),
    Rated(36, 4, 89, (86, 82), (87, 79, 84)),
)


def rate(
    uow: UnitOfWork, submission: Submission, share: int, comment: str = USUAL, *, locks: bool = True
) -> QualitySheet:
    """Fill in the actor's sheet at a share of each line, accept every proposed deduction, and lock it."""
    rubric = rubric_for(uow, submission)
    accepted = {one.key: Decision(DeductionState.ACCEPTED) for one in proposed_for(uow, submission, rubric)}
    begun = save_sheet(uow, submission, {}, comment, decisions=accepted) if accepted else None
    marks = {
        line.key: Mark(min(most_of(line, begun), line.full * share / 100).quantize(CENT), "结合报告质量综合评定。")
        for line in lines_of(uow, submission, kind_of_rater(uow, submission), rubric)
    }
    sheet = save_sheet(uow, submission, marks, comment)
    return lock_sheet(uow, submission) if locks else sheet


def populate_rated(world: World, officer: User) -> None:
    """Act out the reports that everybody has rated."""
    for number, story in enumerate(RATED):
        _rated(world, story, number, officer)


def _rated(world: World, story: Rated, number: int, officer: User) -> None:
    day = -55 + 4 * number
    submission = _disposed(world, story, number, officer, day)
    with world.at_desk(officer, days=day + 2) as uow:
        panel = _eligible(uow, submission, len(story.experts))
        review = _chosen(uow, submission, panel) if panel else None
    for expert, share, words in zip(panel, story.experts, SAID, strict=False):
        with world.at_desk(expert.user, days=day + 3) as uow:
            if review is not None:
                seat = next(one for one in report_seats_of(uow, review) if one.expert_id == expert.id)
                accept_report_seat(uow, seat, CONFIRMED)
                uow.session.expire(submission, ["reviews"])
                rate(uow, submission, share, words)
    with world.at_desk(None) as uow:
        unit = person(uow, world, Role.UNIT_OFFICER, submission.engagement.project.unit_id)
    for rater, share in ((unit, story.unit), (officer, story.bureau[0]), (world.users[SECOND], story.bureau[1])):
        with world.at_desk(rater, days=day + 3.5) as uow:
            rate(uow, submission, share)
    if story.far:
        with world.at_desk(unit, days=day + 3.7) as uow:
            explain_spread(uow, submission, story.far)
    if story.moderated:
        _moderate(world, submission, officer, unit, day)
    with world.at_desk(officer, days=day + 5) as uow:
        if review is not None:
            conclude_report_review(uow, review, drafted_review_opinion(uow, review, submission), {})
        decide_score(uow, submission)


def _disposed(world: World, story: Rated, number: int, officer: User, day: int) -> Submission:
    """Deliver a report that is read at once, without the sandbox of strangers' files, and dispose its findings."""
    agency, manager = world.agencies[story.agency], world.managers[story.agency]
    project = world.projects[story.project % len(world.projects)]
    about = Subject("澄湖区", project.name, project.unit.name, agency.organisation.name, project.year, number % 5)
    report = make_report(default_rng(2000 + number), "four", 4, about)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"
        render_docx(report, path)
        data, read = path.read_bytes(), read_docx(path)
    with world.at_desk(None, days=day - 40) as uow:
        engagement = approved(uow, project, agency, f"demonstration:rated-{number}", report)
    with world.at_desk(manager, days=day) as uow:
        submission = deliver_report(
            uow, engagement, Delivery(FileStorage(io.BytesIO(data), filename="绩效评价报告.docx"))
        )
    result = check_document(read)
    with world.at_desk(None, days=day + 0.01) as uow:
        for position, finding in enumerate(ordered(result), start=1):
            add_finding(uow, submission, position, finding, [one.to_json() for one in finding.evidence])
        SUBMISSION.fire(uow, submission, "check", as_system=True, assign=kept_columns(result))
    with world.at_desk(officer, days=day + 1) as uow:
        for row in findings_of(uow, submission):
            dismiss(uow, row, "与评分细则的口径一致，不属于差错。")
        SUBMISSION.fire(uow, submission, "dispose")
    return submission


def _eligible(uow: UnitOfWork, submission: Submission, count: int) -> list[Expert]:
    """Return experts of the pool whom nothing keeps from this report; none where the pool is too small."""
    screened = screened_for_report(uow, submission.engagement)
    found = [one.expert for one in screened if one.exclusion is None]
    return found[:count] if len(screened) > FEWEST and len(found) >= count else []


def _chosen(uow: UnitOfWork, submission: Submission, experts: Sequence[Expert]) -> ReportReview:
    return convene_report_review(
        uow,
        submission,
        PanelEntry(
            PanelWay.CHOSEN,
            len(experts),
            0,
            {},
            uow.today + timedelta(days=10),
            FEE,
            120,
            ground="书面评审，按行业从专家库中选定",
            experts=[one.id for one in experts],
        ),
    )


def _moderate(world: World, submission: Submission, officer: User, unit: User, day: int) -> None:
    """Unit and bureau see the data differently; they look together and agree."""
    with world.at_desk(officer, days=day + 4) as uow:
        session = open_moderation(uow, submission, "项目单位与其他评分人相差较大，主要在数据准确一项")
    with world.at_desk(unit, days=day + 4.2) as uow:
        revise_sheet(uow, session, {"data": Decimal(20)}, "对照机构补充的明细表，数据可以采信。")
    with world.at_desk(officer, days=day + 4.4) as uow:
        points = mean_of(submission.sheets)
        agree(uow, session, points, "逐项核对后，各方同意按修改后的平均计分。")
    with world.at_desk(unit, days=day + 4.6) as uow:
        note_dissent(uow, session, "仍认为建议部分没有落到责任单位。")


def panel_at_work(world: World, submission: Submission, officer: User) -> None:
    """Draw a panel for a report: some have accepted, one declined and was followed, representatives are asked."""
    with world.at_desk(officer, days=-2) as uow:
        pool = uow.session.scalars(select(Expert.id).where(Expert.state == ExpertState.ACTIVE)).all()
        if len(pool) <= FEWEST:
            return
        guests = (
            GuestEntry(Capacity.UNIT, submission.engagement.project.unit.name),
            GuestEntry(Capacity.CONGRESS, "澄湖区人大常委会财政经济工作委员会", "陆建平"),
            GuestEntry(Capacity.AUDIT, "澄湖区审计局"),
        )
        entry = PanelEntry(
            PanelWay.DRAWN,
            5,
            5,
            {"performance": 1, "finance": 1},
            uow.today + timedelta(days=8),
            FEE,
            72,
            meets_at=uow.now + timedelta(days=6),
            place="区财政局三楼会议室",
            guests=guests,
        )
        review = convene_report_review(uow, submission, entry)
    with world.at_desk(officer, days=-1.9) as uow:
        lock_panel(uow, review)
    people = list(zip((officer, world.users[OBSERVER]), PHRASES, strict=True))
    for deed in (_promise, _reveal):
        for who, phrase in people:
            with world.at_desk(who, days=-1.8 if deed is _promise else -1.6) as uow:
                deed(uow, review, phrase)
    with world.at_desk(None, days=-1.5) as uow:
        invited = [one for one in report_seats_of(uow, review) if one.state is ReportSeatState.INVITED]
    for seat in invited[:2]:
        with world.at_desk(seat.expert.user, days=-1) as uow:
            accept_report_seat(uow, seat, CONFIRMED)
            uow.session.expire(submission, ["reviews"])
    with world.at_desk(invited[0].expert.user, days=-0.6) as uow:
        rate(uow, submission, 86, SAID[0])
    with world.at_desk(invited[2].expert.user, days=-0.9) as uow:
        decline_report_seat(uow, invited[2], "近期承担其他项目现场评价，时间冲突")
    with world.at_desk(officer, days=-0.5) as uow:
        say(uow, review.guests[1], "建议补充受益对象的具体感受，并说明与上年相比的变化。")


def _promise(uow: UnitOfWork, review: ReportReview, phrase: str) -> None:
    promise_entropy(uow, draws_of_report(uow, review)[-1], phrase=phrase)


def _reveal(uow: UnitOfWork, review: ReportReview, phrase: str) -> None:
    reveal_entropy(uow, draws_of_report(uow, review)[-1], phrase)


def apart(world: World, submission: Submission, officer: User) -> None:
    """A unit and the bureau lie apart: the unit has not said why, and the second officer asks for a moderation."""
    with world.at_desk(None) as uow:
        unit = person(uow, world, Role.UNIT_OFFICER, submission.engagement.project.unit_id)
    raters = ((officer, 88, USUAL), (world.users[SECOND], 84, USUAL), (unit, 46, "报告对项目的评价与实际不符。"))
    for rater, share, words in raters:
        with world.at_desk(rater, days=-3) as uow:
            rate(uow, submission, share, words)
    with world.at_desk(world.users[SECOND], days=-2) as uow:
        ask_moderation(uow, submission, "单位评分偏低且报告给本项目的得分不高，建议当面核对分歧。")
