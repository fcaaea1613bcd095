"""The demonstration's challenges, complaints, inspections and case, acted out by the people who would make them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.identity.models import User
from procurement.demonstration.tenders import APPROVER, OFFICER, World, acting
from procurement.models import Award, Bid, Challenge, Complaint, Tender
from procurement.services.challenges import ChallengeEntry, draft_answer, file_challenge, issue_answer
from procurement.services.complaints import (
    ComplaintEntry,
    decide_complaint,
    file_complaint,
    serve_copies,
    state_position,
)
from procurement.services.inquiries import answer_inquiry, ask
from procurement.services.supervision import (
    CaseEntry,
    add_note,
    draw_inspection,
    inspectors_of,
    open_case,
    prepare_inspection,
    record_findings,
)
from procurement.services.supplier_records import record_relation, record_service
from procurement.states import (
    BidState,
    CaseOrigin,
    ChallengeBasis,
    CheckItem,
    DismissalGround,
    Finding,
    Measure,
    Method,
    ProcessStep,
    RelationKind,
    ServiceKind,
    TenderState,
    Verdict,
)
from procurement.workflow import COMPLAINT

SUPERVISOR, WITNESS = "pan.xiaoming", "dai.feng"


def populate_remedies(world: World) -> None:
    """Act out what happened around the awarded purchases, oldest first."""
    awarded = select(Tender).where(Tender.state == TenderState.AWARDED, Tender.method == Method.OPEN_TENDER)
    tenders = world.session.scalars(awarded.where(Tender.opened_at.is_not(None)).order_by(Tender.awarded_at)).all()
    if len(tenders) >= 4:
        _decided(world, tenders[-4])
        _in_progress(world, tenders[-3])
        _answered(world, tenders[-2])
        _suspending(world, tenders[-1])
    opened = world.session.scalars(select(Tender).where(Tender.state == TenderState.OPENED)).first()
    if opened is not None:
        _just_filed(world, opened)
    _inspections(world)
    _records(world)
    if tenders:
        _case(world, tenders[-1])


def _loser(world: World, tender: Tender) -> User | None:
    """Return the manager of a bidder that did not win."""
    won = select(Award.bid_id).where(Award.tender_id == tender.id, Award.superseded_at.is_(None))
    lost = select(Bid.bidder_id).where(Bid.tender_id == tender.id, Bid.state == BidState.OPENED, Bid.id.not_in(won))
    losers = set(world.session.scalars(lost))
    pairs = zip(world.agencies, world.managers, strict=False)
    return next((manager for agency, manager in pairs if agency.organisation_id in losers), None)


def _entry(basis: ChallengeBasis, step: ProcessStep | None, matter: str, facts: str, request: str) -> ChallengeEntry:
    return ChallengeEntry(
        basis=basis,
        step=step,
        matter=matter,
        facts=facts,
        request=request,
        legal_basis="《中华人民共和国政府采购法》第五十二条、《政府采购质疑和投诉办法》第十条",
        contact_name="赵静怡",
        contact_telephone="021-55550388",
        contact_address="澄湖区春申路288号7楼 201100",
    )


def _challenge(world: World, tender: Tender, *, days: float, matter: str, facts: str) -> Challenge | None:
    """File a loser's challenge of the result so many days after the award."""
    manager = _loser(world, tender)
    if manager is None or tender.awarded_at is None:
        return None
    with acting(world, manager, tender.awarded_at + timedelta(days=days)) as uow:
        (own,) = uow.actor.organisation_ids
        entry = _entry(ChallengeBasis.RESULT, None, matter, facts, "核实中标人业绩，依法重新评审")
        return file_challenge(uow, tender, own, entry)


def _answer(world: World, challenge: Challenge, verdict: Verdict, words: str, measure: Measure | None = None) -> None:
    """Draft and issue the answer five days after the challenge."""
    moment = challenge.filed_at + timedelta(days=5)
    with acting(world, OFFICER, moment) as uow:
        draft_answer(uow, challenge, verdict, words, measure)
    with acting(world, APPROVER, moment + timedelta(hours=20)) as uow:
        issue_answer(uow, challenge)


def _answered(world: World, tender: Tender) -> None:
    challenge = _challenge(
        world,
        tender,
        days=5,
        matter="本单位“同类项目业绩”一项得分偏低，与投标文件所附合同数量不符。",
        facts="投标文件技术部分第 31 至 46 页附有同类绩效评价合同四份。",
    )
    if challenge is not None:
        words = "经复核评分记录，所附合同中一份签订于规定期限之前，评标委员会按三份计分，符合采购文件第四章的规定。"
        _answer(world, challenge, Verdict.DISMISSED, words)


def _suspending(world: World, tender: Tender) -> None:
    challenge = _challenge(
        world,
        tender,
        days=5,
        matter="中标人所列主评人的执业资格证书已过有效期，不应得满分。",
        facts="全国会计人员统一服务平台公示的证书有效期截至今年六月。",
    )
    if challenge is not None:
        words = "经核实，中标人所列主评人的证书确已过期，该项评分有误，质疑成立。由原评标委员会依法重新评审。"
        _answer(world, challenge, Verdict.UPHELD, words, Measure.RE_EVALUATE)


def _complain(world: World, challenge: Challenge, *, days: float) -> Complaint:
    with acting(world, challenge.filed_by, challenge.filed_at + timedelta(days=days)) as uow:
        entry = ComplaintEntry(
            matter=challenge.matter,
            facts="质疑答复没有说明核实的经过，也没有附具证明材料。",
            request="责令采购人重新核实并书面说明理由。",
            legal_basis="《政府采购质疑和投诉办法》第十七条",
        )
        complaint = file_complaint(uow, challenge, entry)
    moment = complaint.filed_at + timedelta(days=2)
    with acting(world, SUPERVISOR, moment) as uow:
        COMPLAINT.fire(uow, complaint, "accept")
        serve_copies(uow, complaint)
    with acting(world, OFFICER, moment + timedelta(days=3)) as uow:
        state_position(uow, complaint, "评审由省级专家库随机抽取的专家独立完成，业绩证明已逐一核对原件，核对记录附后。")
    return complaint


def _in_progress(world: World, tender: Tender) -> None:
    challenge = _challenge(
        world,
        tender,
        days=6,
        matter="评标委员会对“质量控制制度”一项的评分畸高畸低，未说明理由。",
        facts="公布的得分显示该项最高分与最低分相差超过一半。",
    )
    if challenge is not None:
        _answer(world, challenge, Verdict.DISMISSED, "经核对评分表，各委员评分均在分值范围内，并写有评分理由。")
        _complain(world, challenge, days=20)


def _decided(world: World, tender: Tender) -> None:
    challenge = _challenge(
        world,
        tender,
        days=5,
        matter="中标人与采购人的评审专家存在利害关系。",
        facts="中标人的顾问曾与一名专家在同一课题组。",
    )
    if challenge is None:
        return
    _answer(world, challenge, Verdict.DISMISSED, "经查询专家声明和回避记录，近三年内双方没有劳动、持股或者合作关系。")
    complaint = _complain(world, challenge, days=14)
    with acting(world, SUPERVISOR, complaint.filed_at + timedelta(days=20)) as uow:
        words = (
            "经调取专家声明、社保缴纳记录和课题立项材料，投诉人所称课题已于四年前结题，近三年内该专家与中标人没有利害关系。"
            "投诉事项缺乏事实依据。"
        )
        decide_complaint(uow, complaint, words, ground=DismissalGround.NOT_PROVEN)


def _just_filed(world: World, tender: Tender) -> None:
    """An inquiry answered, and a challenge of the opening just filed."""
    bidder = world.session.scalars(
        select(Bid.bidder_id).where(Bid.tender_id == tender.id, Bid.state == BidState.OPENED)
    ).first()
    manager = next(
        (one for agency, one in zip(world.agencies, world.managers, strict=False) if agency.organisation_id == bidder),
        None,
    )
    if manager is None or bidder is None:
        return
    with acting(world, manager, world.now - timedelta(days=2)) as uow:
        inquiry = ask(uow, tender, bidder, "开标一览表中的服务期限以哪一份文件为准？")
    with acting(world, OFFICER, world.now - timedelta(days=1, hours=3)) as uow:
        answer_inquiry(uow, inquiry, "以开标一览表为准；与投标文件不一致的，按采购文件第三章第五条处理。")
    with acting(world, manager, world.now - timedelta(hours=20)) as uow:
        entry = _entry(
            ChallengeBasis.PROCESS,
            ProcessStep.OPENING,
            "开标时未宣读本单位投标报价的优惠条件。",
            "开标记录表“主要条款”一栏为空，而本单位开标一览表写明分期付款优惠。",
            "补正开标记录",
        )
        file_challenge(uow, tender, bidder, entry)


def _inspections(world: World) -> None:
    with acting(world, SUPERVISOR, world.now - timedelta(days=12)) as uow:
        first = prepare_inspection(uow, "预算绩效评价机构年度双随机检查", 2, inspectors_of(uow))
    with acting(world, WITNESS, world.now - timedelta(days=11)) as uow:
        draw_inspection(uow, first, "落霞与孤鹜齐飞 秋水共长天一色")
    with acting(world, SUPERVISOR, world.now - timedelta(days=4)) as uow:
        found = dict.fromkeys(CheckItem, (Finding.GOOD, ""))
        found[CheckItem.ARCHIVES] = (Finding.MINOR, "两个项目的访谈记录没有归入证明性档案。")
        record_findings(uow, first.targets[0], found, uow.today + timedelta(days=30))
    with acting(world, SUPERVISOR, world.now - timedelta(days=1)) as uow:
        prepare_inspection(uow, "评价报告质量专项检查", 1, inspectors_of(uow))


def _records(world: World) -> None:
    """A tie and a former service on record."""
    if len(world.agencies) < 2:
        return
    with acting(world, OFFICER, world.now - timedelta(days=90)) as uow:
        one, other = world.agencies[-1].organisation_id, world.agencies[-2].organisation_id
        record_relation(uow, one, other, RelationKind.CONTROL, "国家企业信用信息公示系统，持股 67%")
        project = world.projects[-1]
        record_service(uow, one, project.id, ServiceKind.SPECIFICATION, "技术服务合同〔2025〕114号")


def _case(world: World, tender: Tender) -> None:
    with acting(world, SUPERVISOR, world.now - timedelta(days=3)) as uow:
        entry = CaseEntry("质疑成立后评审专家履职情况核查", CaseOrigin.SIGNAL, "rank", tender.id)
        case = open_case(uow, entry, "质疑答复认定主评人资格一项评分有误，需核查评标委员会是否尽到审查责任。")
    with acting(world, SUPERVISOR, world.now - timedelta(days=1, hours=2)) as uow:
        add_note(uow, case, "已调取评分表和投标文件，约谈评标委员会组长。")
