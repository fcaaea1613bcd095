"""The demonstration's present year of grading: with the agencies, appeals filed and decided; last year's certificates.

The year is computed from what was scored; the tasks of earlier months, of which no reports are kept, are drawn as those
of past years are.
"""

from __future__ import annotations

import io
from datetime import timedelta

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from agencies.models import AgencyGrade
from agencies.states import Grade
from core.identity.models import User
from core.pdf import OfficialDocument, Paragraph
from core.unit_of_work import UnitOfWork
from grading.demonstration.past_years import kept_year, tasks_of_year
from grading.demonstration.stage import World
from grading.grade_record import tasks_in
from grading.models import CycleEntry, GradeAppeal, GradingCycle
from grading.rule_sets import from_body
from grading.services.appeals import Contested, LineDecision, agree, decide_appeal, file_appeal, state_on
from grading.services.certificates import issue_certificate
from grading.services.cycle_course import announce_cycle
from grading.services.grade_corrections import Amendment, confirm_correction, propose_correction
from grading.services.grading_cycle import compute_cycle
from grading.states import CorrectionKind, LineOutcome

Sheet = tuple[CycleEntry, User]
"""An agency's entry and its manager."""
OFFICER, DECIDER = "xu.wenjing", "lin.guoqiang"
GRADED = 16
"""How many agencies had tasks this year."""
CERTIFICATES = 5
SENT = -4.0
"""When the sheets went to the agencies, in days from now: their time to appeal still runs."""


def act(uow: UnitOfWork, world: World) -> None:
    """Issue last year's certificates, send this year's sheets, and let agencies answer."""
    certify(uow, world)
    cycle = _announced(world)
    if cycle is not None:
        _answered(world, cycle)


def certify(uow: UnitOfWork, world: World) -> None:
    """Issue certificates of the latest published year."""
    year = uow.today.year - 1
    found = select(AgencyGrade).where(AgencyGrade.year == year, AgencyGrade.grade != Grade.UNGRADED)
    grades = {one.agency_id: one for one in uow.session.scalars(found)}
    chosen = [grades[one.id] for one in world.agencies if one.id in grades][:CERTIFICATES]
    if not chosen or chosen[0].published_at is None:
        return
    days = (chosen[0].published_at - world.now) / timedelta(days=1) + 1
    with world.at_desk(None, days=days) as clerk:
        for grade in chosen:
            issue_certificate(clerk, grade)
    _corrected(world, chosen[-1], days + 12)


def _corrected(world: World, grade: AgencyGrade, days: float) -> None:
    """An error found after publication is put right by two people; the agency's certificate ends."""
    number = grade.record["tasks"][0]["id"]
    with world.at_desk(OFFICER, days=days) as uow:
        row = propose_correction(
            uow,
            grade,
            CorrectionKind.CORRECT,
            [Amendment(f"task|{number}|archive", "60", "档案移交清单缺少三份访谈记录，原评分录入有误。")],
            basis="年度档案检查记录",
            reason="档案检查发现移交材料不全，与原评分不符。",
        )
    with world.at_desk(DECIDER, days=days + 1) as uow:
        confirm_correction(uow, row)


def _announced(world: World) -> GradingCycle | None:
    with world.at_desk(OFFICER, days=SENT - 1) as uow:
        cycle = compute_cycle(uow, uow.today.year)
        rules, judge = from_body(cycle.rules), str(world.users[OFFICER].id)
        places = {agency.id: place for place, agency in enumerate(world.agencies[:GRADED])}
        for entry in cycle.entries:
            if entry.agency_id in places:
                drawn = tasks_of_year(world, entry.agency, places[entry.agency_id], cycle.year)
                tasks = [*tasks_in(entry.record), *drawn]
                judges = sorted({*entry.judges, judge})
                for name, value in kept_year(cycle, entry.agency, tasks, rules, judges).items():
                    setattr(entry, name, value)
    with world.at_desk(OFFICER, days=SENT) as uow:
        announce_cycle(uow, cycle)
    return cycle


def _answered(world: World, cycle: GradingCycle) -> None:
    """Two agencies agree, one is refused, one is put right in part, one waits."""
    entries = {one.agency_id: one for one in cycle.entries}
    appealing = [
        (entries[agency.id], world.managers[place])
        for place, agency in enumerate(world.agencies)
        if len(entries[agency.id].record["tasks"]) > 1
    ]
    for entry, manager in appealing[:2]:
        with world.at_desk(manager, days=SENT + 0.5) as uow:
            agree(uow, entry)
    refused, mended, waiting = appealing[2:5]
    number = refused[0].record["tasks"][0]["id"]
    lines = [Contested(f"task|{number}|timeliness", "报告推迟提交系等待项目单位补充数据，请不计逾期。")]
    first = _filed(world, refused, lines, SENT + 1)
    with world.at_desk(DECIDER, days=SENT + 2) as uow:
        reason = "委托合同约定的提交日期没有变更手续，补充数据的函在到期之后发出，时效评分有据。"
        decide_appeal(uow, first, {1: LineDecision(LineOutcome.REJECTED, reason)})
    number = mended[0].record["tasks"][0]["id"]
    lines = [
        Contested(f"task|{number}|report", "评审专家所称缺少满意度分析，已在报告第四部分列明，见附件。"),
        Contested(f"task|{number}|team", "团队成员调整已经书面报备。"),
    ]
    second = _filed(world, mended, lines, SENT + 1.2)
    with world.at_desk(DECIDER, days=SENT + 2.5) as uow:
        decisions = {
            1: LineDecision(LineOutcome.UPHELD, "经核对，报告第四部分有满意度分析及问卷附表，原评分漏看。", value="93"),
            2: LineDecision(LineOutcome.REJECTED, "报备晚于实际更换十五日，按评分表扣分有据。"),
        }
        decide_appeal(uow, second, decisions)
    number = waiting[0].record["tasks"][-1]["id"]
    lines = [
        Contested(f"task|{number}|amount", "合同金额应按补充协议后的金额加权，补充协议见附件。"),
        Contested(f"task|{number}|process", "项目单位的沟通评分与往来函件记录不符。"),
    ]
    third = _filed(world, waiting, lines, -1)
    with world.at_desk(OFFICER, days=-0.4) as uow:
        state_on(
            uow, third, "加权金额取自合同备案；补充协议未见备案，请机构提供签署页。沟通评分由项目单位给出，附有说明。"
        )


def _filed(world: World, by: Sheet, lines: list[Contested], days: float) -> GradeAppeal:
    entry, manager = by
    with world.at_desk(manager, days=days) as uow:
        return file_appeal(uow, entry, lines, ground="请复核。", files=[_evidence(entry)])


def _evidence(entry: CycleEntry) -> FileStorage:
    """A short letter of the agency as its evidence."""
    from core.pdf.layout import build_pdf

    name = entry.name
    paper = OfficialDocument(
        kind="plain",
        issuer=name,
        number="",
        title="关于年度评级申诉的证明材料",
        body=[Paragraph("随文附往来函件、补充协议和报告相关页的复印件，均与原件一致。")],
        signatory=name,
        date="",
        record_hash="",
    )
    return FileStorage(io.BytesIO(build_pdf(paper)), filename="证明材料.pdf")
