"""The demonstration's below-limit selections and single sources, each acted out by the people who would do it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core.identity.models import Organisation, User
from core.unit_of_work import UnitOfWork
from procurement.demonstration.stories import STORIES
from procurement.demonstration.tenders import APPROVER, OFFICER, World, acting
from procurement.drafting.direct_lawfulness import asked_suppliers
from procurement.models import AskedSupplier, Tender
from procurement.services.direct import Proposal, authorise, draft_direct, prepare, propose, reply, send_inquiry
from procurement.services.direct_award import select
from procurement.services.publishing import submit_tender
from procurement.states import Method, SoleGround, TenderState
from projects.models import Project

PLANS = (
    "四人小组，主评人全程参与；第一周资料核查，第二至四周现场调研和访谈，第五周成稿，第六周内部复核后交付。",
    "三人小组，采用比较法和公众评判法，发放问卷不少于三百份，七周内完成报告并配合整改回访。",
    "五人小组，分资金、项目、满意度三条线并行，五周完成初稿，内部两级复核，六周交付。",
)
REMARKS = ("方案完整，现场调研安排充分", "问卷样本量合适，但进度偏紧", "人员较多，分工明确，报价较高")
SHARES = (Decimal("0.93"), Decimal("0.90"), Decimal("0.97"))


def populate_direct(_uow: UnitOfWork, world: World) -> None:
    """Act out four selections and one single source: answered and chosen, proposed, waiting, in draft, announced."""
    free = world.projects[len(STORIES) :]
    _selection(world, free[0], days=40, until=TenderState.AWARDED)
    _selection(world, free[1], days=12, until=TenderState.EVALUATED)
    _selection(world, free[2], days=3, until=TenderState.IN_SELECTION)
    _selection(world, free[3], days=1, until=TenderState.DRAFT)
    _single_source(world, free[4])


def _selection(world: World, project: Project, *, days: int, until: TenderState) -> None:
    start = world.now - timedelta(days=days)
    suppliers = _suppliers(world, project)[:3]
    with acting(world, OFFICER, start) as uow:
        budget = min(project.evaluation_fee or Decimal(96000), Decimal(980000))
        tender = draft_direct(uow, [project], budget=budget, title=f"{project.name}绩效评价")
        prepare(
            uow,
            tender,
            [organisation for organisation, _person in suppliers],
            {},
            deadline=start + timedelta(days=7, hours=2),
            service_until=uow.today + timedelta(days=100),
            contact_telephone="0512-60000017",
        )
        if until is not TenderState.DRAFT:
            send_inquiry(uow, tender)
    if until is TenderState.DRAFT:
        return
    answering = suppliers if until is not TenderState.IN_SELECTION else suppliers[:2]
    for number, (organisation, person) in enumerate(answering):
        with acting(world, person, start + timedelta(days=2, hours=number)) as uow:
            asked = _asked(uow, tender, organisation)
            price = (tender.budget * SHARES[number]).quantize(Decimal(100))
            reply(uow, asked, price=price, plan=PLANS[number])
    if until is TenderState.IN_SELECTION:
        return
    with acting(world, OFFICER, start + timedelta(days=8)) as uow:
        rows = [_asked(uow, tender, organisation) for organisation, _person in suppliers]
        remarks = {row.id: REMARKS[number] for number, row in enumerate(rows)}
        reason = "方案切合评价重点，人员安排合理，报价低于预算且处于中位，综合比较最优。"
        propose(uow, tender, Proposal(rows[0].id, None, reason, remarks))
    if until is TenderState.AWARDED:
        with acting(world, APPROVER, start + timedelta(days=9)) as uow:
            select(uow, tender)


def _single_source(world: World, project: Project) -> None:
    start = world.now - timedelta(days=2)
    organisation, _person = _suppliers(world, project)[3]
    with acting(world, OFFICER, start) as uow:
        budget = Decimal(1_260_000)
        project.evaluation_fee = max(project.evaluation_fee or budget, budget)
        title = f"{project.name}绩效评价数据服务"
        tender = draft_direct(uow, [project], method=Method.SINGLE_SOURCE, budget=budget, title=title)
        prepare(
            uow,
            tender,
            [organisation],
            {
                "ground": SoleGround.SOLE,
                "ground_reason": "评价须连续使用前三年建立的监测模型和历史数据，模型由该单位独立研发并享有著作权。",
                "opinion": "韩立群（东湖大学教授）、宋知远（省财政科学研究院研究员）、冯雪梅（明德会计师事务所）："
                "该模型无可替代产品，重建须两年以上，同意采用单一来源方式。",
            },
            service_until=uow.today + timedelta(days=150),
            contact_telephone="0512-60000017",
        )
        submit_tender(uow, tender)
    with acting(world, APPROVER, start + timedelta(hours=5)) as uow:
        authorise(uow, tender)


def _suppliers(world: World, project: Project) -> list[tuple[Organisation, User]]:
    """Agencies with the person who answers for each, but for the unit that carries out the project."""
    pairs = zip(world.agencies, world.managers, strict=True)
    return [(agency.organisation, person) for agency, person in pairs if agency.organisation_id != project.unit_id]


def _asked(uow: UnitOfWork, tender: Tender, organisation: Organisation) -> AskedSupplier:
    return next(one for one in asked_suppliers(uow, tender) if one.supplier_id == organisation.id)
