"""The demonstration's planning: levels and a substitute, this year's plan in use, next year's waiting for approval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.clock import SHANGHAI, shanghai
from core.work_calendar import work_calendar
from procurement.demonstration.tenders import APPROVER, HOLDERS, OFFICER, World, acting
from procurement.models import Plan, PlanItem, Tender
from procurement.services.approvals import name_substitute, set_level
from procurement.services.drafting import change_tender, set_keyholders
from procurement.services.lots import LotEntry, set_lots
from procurement.services.planning import (
    PlanItemEntry,
    add_item,
    approve_plan,
    change_item,
    draft_from_item,
    open_plan,
    submit_plan,
)
from procurement.services.preparation import IntentionEntry, PreparationEntry, announce, prepare
from procurement.services.requirements import Respondent, record_survey, review_requirement
from procurement.states import Category, Method, RespondentKind, ReviewKind, SmeReservation, SurveyMeans
from procurement.workflow import PLAN
from projects.models import Project

SECOND_OFFICER, SECOND_APPROVER, REVIEWER = "he.yating", "fan.siyuan", "xu.wenjing"
NEED = "评价项目决策、过程、产出和效益，形成评价报告并提出改进建议"
ASKED = (
    Respondent("上海明衡绩效评价咨询有限公司", RespondentKind.MARKET),
    Respondent("华东公共政策研究院", RespondentKind.MARKET),
    Respondent("正清会计师事务所", RespondentKind.MARKET),
    Respondent("澄湖区教育局", RespondentKind.USER),
    Respondent("复兴大学公共管理学院 顾教授", RespondentKind.EXPERT),
)


def populate_planning(world: World) -> None:
    """Act out a year of planning by the people who would do it."""
    _levels(world)
    chosen = world.projects[26:38]
    plan = _plan(world, chosen)
    _buy(world, plan)
    _next_year(world, chosen)


def _levels(world: World) -> None:
    users, today = world.users, world.now.astimezone(SHANGHAI).date()
    with acting(world, "admin", world.now - timedelta(days=200)) as uow:
        set_level(uow, users[APPROVER], 3)
        set_level(uow, users[SECOND_APPROVER], 2)
    with acting(world, "admin", world.now - timedelta(days=2)) as uow:
        first, last = today + timedelta(days=6), today + timedelta(days=12)
        name_substitute(
            uow,
            users[APPROVER],
            users[SECOND_APPROVER],
            first_on=first,
            last_on=last,
            reason="参加市财政局绩效管理业务培训",
        )


def _plan(world: World, projects: Sequence[Project]) -> Plan:
    """This year's plan: approved in its first days, adjusted once in the middle of the year."""
    begun, this_year = world.now - timedelta(days=190), world.now.astimezone(SHANGHAI).year
    with acting(world, OFFICER, begun) as uow:
        plan = open_plan(uow, this_year)
        for entry in _entries(plan.year, projects):
            add_item(uow, plan, entry)
    with acting(world, OFFICER, begun + timedelta(days=1)) as uow:
        submit_plan(uow, plan)
    with acting(world, APPROVER, begun + timedelta(days=2)) as uow:
        approve_plan(uow, plan)
    with acting(world, OFFICER, begun + timedelta(days=120)) as uow:
        PLAN.fire(uow, plan, "adjust", reason="年中追加民生项目评价，养老服务项目由单项评价并入重点评价")
        late = _entry(plan.year, 12, "老旧小区加装电梯补贴政策绩效评价", 240_000, projects[9:10])
        add_item(uow, plan, late)
        first = plan.items[0]
        change_item(uow, first, _entry(plan.year, 7, first.title, 210_000, first.projects))
        submit_plan(uow, plan)
    with acting(world, APPROVER, begun + timedelta(days=123)) as uow:
        approve_plan(uow, plan)
    return plan


def _entries(year: int, projects: Sequence[Project]) -> list[PlanItemEntry]:
    return [
        _entry(year, 7, f"{projects[0].name}绩效评价", 180_000, projects[0:1]),
        _entry(year, 9, f"{projects[1].name}绩效评价", 160_000, projects[1:2]),
        _entry(year, 12, "民生和安全类项目重点评价（分两包）", 1_260_000, projects[2:6]),
        _entry(year, 12, "乡村振兴类项目综合评价", 1_080_000, projects[6:9], in_catalogue=True),
        _entry(
            year,
            11,
            "区级重大政策事前绩效评估服务",
            320_000,
            projects[10:11],
            need="对新增政策开展事前绩效评估",
            category=Category.EX_ANTE,
        ),
        _entry(
            year,
            12,
            "绩效指标库第三年度维护服务",
            150_000,
            projects[11:12],
            need="延续前两年指标体系，保持口径一致",
            category=Category.CONSULTING,
            method=Method.SINGLE_SOURCE,
            method_reason="须保证与前两年指标体系配套，继续向原供应商采购",
        ),
    ]


def _entry(year: int, month: int, title: str, amount: int, projects: Sequence[Project], **values: Any) -> PlanItemEntry:
    return PlanItemEntry(
        **{
            "title": title,
            "category": Category.EVALUATION,
            "amount": Decimal(amount),
            "starts_on": date(year, month, 1),
            "need": NEED,
            "projects": list(projects),
            **values,
        }
    )


def _buy(world: World, plan: Plan) -> None:
    """Two intentions are public; one purchase of two lots is drafted, surveyed, and waits for its key review."""
    large, joint = plan.items[2], plan.items[3]
    this_month = world.now.astimezone(SHANGHAI).date().replace(day=1)
    for item, days in ((large, 40), (joint, 12)):
        with acting(world, OFFICER, world.now - timedelta(days=days)) as uow:
            announce(uow, IntentionEntry(item.title, item.need, item.amount, this_month), item)
    tender = _draft(world, large)
    survey_day = (world.now - timedelta(days=25)).astimezone(SHANGHAI).date()
    with acting(world, SECOND_OFFICER, world.now - timedelta(days=3)) as uow:
        record_survey(
            uow,
            tender,
            surveyed_on=survey_day,
            means=SurveyMeans.DISCUSSION,
            respondents=ASKED,
            findings="市场供给充分，本市可承接机构在三十家以上；近两年同类重点评价成交价每项 28 万至 36 万元；"
            "后续可能涉及整改回访，宜在合同中约定。",
        )
    with acting(world, REVIEWER, world.now - timedelta(days=2)) as uow:
        review_requirement(
            uow, tender, ReviewKind.GENERAL, opinion="需求完整、明确，预算与市场价格相符，采购方式适用。"
        )


def _draft(world: World, item: PlanItem) -> Tender:
    with acting(world, OFFICER, world.now - timedelta(days=5)) as uow:
        for project in item.projects:
            project.evaluation_fee = max(project.evaluation_fee or Decimal(0), Decimal(330_000))
        tender = draft_from_item(uow, item)
        halves = (item.projects[:2], item.projects[2:])
        lots = [
            LotEntry(f"第{number}包 {one[0].name}等 {len(one)} 个项目", item.amount / 2, one)
            for number, one in zip("一二", halves, strict=True)
        ]
        set_lots(uow, tender, lots)
        due = work_calendar(uow).add_working_days(uow.today, 22).date
        change_tender(
            uow,
            tender,
            notice_on=uow.today + timedelta(days=6),
            documents_until=uow.today + timedelta(days=18),
            deadline=shanghai(due, 9, 30),
            service_until=uow.today + timedelta(days=220),
            opening_place="区行政中心三楼开标室（线上同步）",
            documents_place="在本平台免费下载",
            contact_name="周明远",
            contact_telephone="021-55550101",
            contract_draft="第一条 服务内容与成果；第二条 服务期限；第三条 合同价款与分期支付；第四条 违约责任。",
            is_high_impact=True,
        )
        set_keyholders(uow, tender, [world.users[key] for key in HOLDERS], 2)
        said = PreparationEntry(
            sme_reservation=SmeReservation.WHOLE,
            sme_reason="评价服务市场以中小机构为主，竞争充分",
            lots_per_bidder=1,
        )
        prepare(uow, tender, said)
    return tender


def _next_year(world: World, projects: Sequence[Project]) -> None:
    """The plan of the next year waits for approval."""
    with acting(world, SECOND_OFFICER, world.now) as uow:
        plan = open_plan(uow, uow.today.year + 1)
        for month, project in zip((3, 3, 5, 8, 10), projects, strict=False):
            amount = int(project.evaluation_fee or 150_000)
            add_item(uow, plan, _entry(plan.year, month, f"{project.name}跟踪评价", amount, [project]))
        submit_plan(uow, plan)
