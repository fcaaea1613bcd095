"""Engagements followed from their plan on, one in each stage: late, out for comments, filed."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pypdfium2
from numpy.random import default_rng
from werkzeug.datastructures import FileStorage

from agencies.models import Agency, Engagement, LeadEvaluator
from agencies.plan_elements import Written
from agencies.queries.following import milestones_of, plan_of, team_of
from agencies.services.engagements import open_engagement
from agencies.services.fieldwork import Visit, note_fieldwork
from agencies.services.leads import leads_of
from agencies.services.milestones import mark_done
from agencies.services.plans import keep_plan, submit_plan
from agencies.services.requests import Asked, agree, ask
from agencies.services.team import Newcomer, add_member
from agencies.states import FieldworkKind, MilestoneKind, PlanElement, RequestKind, TeamRole
from core.identity.models import User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.states import Adoption
from grading.demonstration.stage import World, person
from grading.queries.comment import last_round
from grading.services.archives import add_paper, file_archive
from grading.services.comments import Answer, Comment, keep_answers, record_review, send_answers, send_comments
from grading.services.delivery import Delivery, deliver_report
from grading.services.report_path import Signing
from grading.states import PaperKind, ReportKind
from grading.synthesis import Subject, make_report, render_docx
from projects.models import Project
from projects.services.systems import IndicatorEntry, set_indicators
from projects.states import Dimension, StandardKind
from projects.workflow import INDICATOR_SYSTEM


@dataclass(frozen=True)
class Scene:
    """One engagement: which project and agency, when its contract began and for how long, how far it has come."""

    project: int
    agency: int
    begun: int
    days: int
    until: str


SCENES = (
    Scene(24, 0, -34, 100, "planning"),
    Scene(27, 1, -20, 110, "planned"),
    Scene(28, 0, -58, 120, "collecting"),
    Scene(29, 2, -72, 100, "commenting"),
    Scene(30, 0, -88, 100, "answering"),
    Scene(31, 3, -80, 95, "signing"),
    Scene(32, 4, -100, 96, "filed"),
)
INDICATORS = (
    (Dimension.DECISION, "项目立项", "立项依据充分性", "8", "有政策依据并经集体决策"),
    (Dimension.DECISION, "资金投入", "预算编制科学性", "7", "预算与工作量匹配"),
    (Dimension.PROCESS, "资金管理", "预算执行率", "10", "100%"),
    (Dimension.PROCESS, "组织实施", "制度执行有效性", "10", "制度健全并有效执行"),
    (Dimension.OUTPUT, "产出数量", "服务覆盖完成率", "20", "100%"),
    (Dimension.OUTPUT, "产出质量", "服务质量达标率", "15", "不低于 95%"),
    (Dimension.BENEFIT, "社会效益", "受益对象获得感提升", "15", "较上年提升"),
    (Dimension.BENEFIT, "满意度", "服务对象满意度", "15", "不低于 85%"),
)
SCORING = "完成得满分，未完成按比例扣分"
WORDS = {
    PlanElement.PURPOSE: "检验资金使用绩效，为完善政策和安排下年度预算提供依据。",
    PlanElement.CONTENT: "评价对象为项目全部财政资金，重点是产出完成情况、服务质量和受益对象满意度。",
    PlanElement.BASIS: "《预算法》、财预〔2020〕10号、区级财政资金管理办法、项目绩效目标批复。",
    PlanElement.METHODS: "成本效益分析法、比较法、因素分析法、公众评判法。",
    PlanElement.SAMPLE: "按街镇分层抽样，抽取 12 个服务点、320 名服务对象，置信度 95%，误差不超过 5.5%。",
    PlanElement.QUESTIONNAIRE: "服务对象问卷 18 题，现场发放与线上填写结合；工作人员访谈提纲 10 题。",
    PlanElement.MATERIAL: "立项和预算批复、资金拨付凭证、合同和验收资料、业务台账、财务决算。",
    PlanElement.DISCIPLINE: "不收受项目单位任何费用；原始资料专人保管，未经财政局同意不对外提供。",
}
COMMENTS = (
    ("第 6 页，二（一）", "项目资金到位时间表述与拨款凭证不一致，请核实后修改。"),
    ("第 11 页，表 3", "服务人次的统计口径未说明是否含线上服务。"),
    ("第 18 页，五（二）", "“制度执行不到位”的结论缺少具体事例支撑。"),
)


def act(world: World) -> None:
    """Take each engagement as far as its scene goes."""
    for number, scene in enumerate(SCENES):
        _act(world, number, scene)


def _act(world: World, number: int, scene: Scene) -> None:
    agency, manager, day = world.agencies[scene.agency], world.managers[scene.agency], scene.begun
    project = world.projects[scene.project % len(world.projects)]
    with world.at_desk(None, days=day) as uow:
        engagement = _opened(uow, project, number, scene, agency)
        officer, unit = person(uow, world, Role.QUALITY_OFFICER), person(uow, world, Role.UNIT_OFFICER, project.unit_id)
    with world.at_desk(manager, days=day + 4) as uow:
        lead = _plan(uow, engagement, agency, complete=scene.until != "planning")
    if scene.until == "planning" or lead is None:
        return
    _pass_plan(world, engagement, manager, day + 6, by_panel=scene.until != "planned")
    if scene.until == "planned":
        return
    _collect(world, engagement, manager, officer, day + 12, asks=scene.until == "collecting")
    if scene.until == "collecting":
        return
    drafted = -2 if scene.until == "commenting" else day + 55
    report = _report(number, project, agency)
    with world.at_desk(manager, days=drafted) as uow:
        draft = FileStorage(io.BytesIO(report), filename="绩效评价报告（征求意见稿）.docx")
        deliver_report(uow, engagement, Delivery(draft, kind=ReportKind.DRAFT))
    _comment(world, engagement, unit, officer, drafted + 1, both=scene.until != "commenting")
    if scene.until == "commenting":
        return
    _answer(world, engagement, manager, drafted + 6, sends=scene.until != "answering")
    if scene.until == "filed":
        _finish(world, engagement, manager, lead, day=day + 85, report=report)


def _opened(uow: UnitOfWork, project: Project, number: int, scene: Scene, agency: Agency) -> Engagement:
    engagement = open_engagement(
        uow,
        project=project,
        agency_id=agency.organisation_id,
        source=f"demonstration:followed-{number}",
        amount=project.evaluation_fee or Decimal(160000),
        begins_on=uow.today,
        due_on=uow.today + timedelta(days=scene.days),
    )
    if engagement.system is not None:
        entries = [
            IndicatorEntry(
                one, second, third, Decimal(weight), target, StandardKind.PLAN, "完成得满分，未完成按比例扣分"
            )
            for one, second, third, weight, target in INDICATORS
        ]
        set_indicators(uow, engagement.system, entries)
    return engagement


def _plan(uow: UnitOfWork, engagement: Engagement, agency: Agency, *, complete: bool) -> LeadEvaluator | None:
    """Name the team and write the plan, or only a part of it; return the lead."""
    plan = plan_of(uow, engagement)
    leads = [one for one, verdict in leads_of(uow, agency.organisation_id) if verdict.qualifies]
    if plan is None or not leads:
        return None
    add_member(uow, engagement, Newcomer(TeamRole.LEAD, lead=leads[0], duty="总体负责、报告签署"))
    add_member(uow, engagement, Newcomer(TeamRole.MEMBER, "周可欣", duty="资金和台账核查"))
    add_member(uow, engagement, Newcomer(TeamRole.SURVEYOR, "吴桐", duty="问卷和访谈"))
    kept = dict(list(WORDS.items())[: None if complete else 4])
    keep_plan(uow, plan, {element: Written(words) for element, words in kept.items()})
    return leads[0]


def _pass_plan(world: World, engagement: Engagement, manager: User, day: float, *, by_panel: bool) -> None:
    """Hand in indicators and plan; the panel passes both, or the plan comes later and waits for the bureau."""
    system = engagement.system
    if system is None:
        return
    with world.at_desk(None, days=day) as uow:
        INDICATOR_SYSTEM.fire(uow, system, "submit", as_system=True)
    if by_panel:
        _submit(world, engagement, manager, day + 0.2)
    with world.at_desk(None, days=day + 3) as uow:
        for step in ("start_review", "approve"):
            INDICATOR_SYSTEM.fire(uow, system, step, as_system=True)
    if not by_panel:
        _submit(world, engagement, manager, -1)


def _submit(world: World, engagement: Engagement, manager: User, day: float) -> None:
    with world.at_desk(manager, days=day) as uow:
        plan = plan_of(uow, engagement)
        if plan is not None:
            submit_plan(uow, plan)


def _collect(world: World, engagement: Engagement, manager: User, officer: User, day: float, *, asks: bool) -> None:
    """Work on site; in one scene the agency asks for people and time, of which the time is granted."""
    unit = engagement.project.unit.name
    with world.at_desk(manager, days=day) as uow:
        people = "分管领导、财务和业务科室共 7 人"
        words = "核对资金拨付和使用流程，取得台账。"
        note_fieldwork(uow, engagement, Visit(FieldworkKind.INTERVIEW, uow.today, f"{unit}会议室", people, words))
    with world.at_desk(manager, days=day + 9) as uow:
        people = "服务对象 320 人，回收有效问卷 306 份"
        note_fieldwork(uow, engagement, Visit(FieldworkKind.SURVEY, uow.today, "6 个街镇 12 个服务点", people, ""))
        mark_done(uow, engagement, MilestoneKind.COLLECTION)
    if not asks:
        return
    with world.at_desk(manager, days=day + 12) as uow:
        due = next(one.due_on for one in milestones_of(uow, engagement) if one.kind is MilestoneKind.VISIT)
        reason = "两个街镇的服务点因装修暂停开放，现场勘查须顺延。"
        request = Asked(RequestKind.EXTENSION, reason, milestone=MilestoneKind.VISIT, due_on=due + timedelta(days=10))
        asked = ask(uow, engagement, request)
    with world.at_desk(officer, days=day + 14) as uow:
        agree(uow, asked, "同意，请同步调整后续安排。")
    with world.at_desk(manager, days=-2) as uow:
        leaving = next(one for one in team_of(uow, engagement) if one.role is TeamRole.SURVEYOR)
        newcomer = Newcomer(TeamRole.SURVEYOR, "陆星野", duty="问卷和访谈")
        request = Asked(RequestKind.TEAM, "吴桐因病休假，由陆星野接替。", leaving=leaving, newcomer=newcomer)
        ask(uow, engagement, request)


def _comment(world: World, engagement: Engagement, unit: User, officer: User, day: float, *, both: bool) -> None:
    with world.at_desk(unit, days=day) as uow:
        row = last_round(uow, engagement.id)
        if row is not None:
            send_comments(uow, row, [Comment(body, place) for place, body in COMMENTS])
    if both:
        with world.at_desk(officer, days=day + 1) as uow:
            row = last_round(uow, engagement.id)
            if row is not None:
                send_comments(uow, row, [Comment("建议补充与同类项目的成本对比。", "第 15 页，四（三）")])


def _answer(world: World, engagement: Engagement, manager: User, day: float, *, sends: bool) -> None:
    """Answer each comment and review the report, or only begin to answer."""
    said = {
        1: Answer(Adoption.ADOPTED, "已按拨款凭证改为 3 月 18 日（第 6 页）。"),
        2: Answer(Adoption.ADOPTED, "已注明含线上服务，并分列两类人次（表 3）。"),
        3: Answer(Adoption.PARTLY, "已补充两处事例；另一处涉及个人信息，不宜写入报告。"),
        4: Answer(Adoption.NOT, "区内没有口径可比的同类项目，已在附件说明。"),
    }
    with world.at_desk(manager, days=day) as uow:
        row = last_round(uow, engagement.id)
        if row is None:
            return
        if not sends:
            keep_answers(uow, row, {1: said[1]})
            return
        send_answers(uow, row, said)
    with world.at_desk(manager, days=day + 2) as uow:
        opinion = "底稿齐全，数据与底稿一致，结论有依据，同意报出。"
        record_review(uow, row, department="质量控制部", reviewer="许静", opinion=opinion, is_passed=True)


def _finish(
    world: World, engagement: Engagement, manager: User, lead: LeadEvaluator, *, day: float, report: bytes
) -> None:
    """Sign and deliver the final, complete the archive and file it."""
    with world.at_desk(manager, days=day) as uow:
        final = FileStorage(io.BytesIO(report), filename="绩效评价报告.docx")
        scan, signing = _scan("签字盖章页.pdf"), Signing(lead, undertakes=True)
        deliver_report(uow, engagement, Delivery(final, scan=scan, signing=signing))
    with world.at_desk(manager, days=day + 4) as uow:
        for kind, name, origin in (
            (PaperKind.CONTRACT, "委托合同.pdf", "双方签订"),
            (PaperKind.DATA, "资金拨付和支出明细.pdf", "项目单位提供"),
            (PaperKind.WORKING, "指标评分底稿.pdf", "工作组编制"),
            (PaperKind.QUESTIONNAIRE, "有效问卷 306 份.pdf", "现场回收"),
        ):
            add_paper(uow, engagement, kind, _scan(name), origin)
        file_archive(uow, engagement)


def _scan(name: str) -> FileStorage:
    """A page as a scanner gives it."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    target = io.BytesIO()
    document.save(target)
    document.close()
    target.seek(0)
    return FileStorage(target, filename=name)


def _report(number: int, project: Project, agency: Agency) -> bytes:
    about = Subject(
        place="澄湖区",
        project=project.name,
        unit=project.unit.name,
        agency=agency.organisation.name,
        year=project.year,
        domain=number % 5,
    )
    report = make_report(default_rng(4000 + number), ("four", "seven", "merged", "parts")[number % 4], 8, about)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"
        render_docx(report, path)
        return path.read_bytes()
