"""The demonstration's contracts: one in every state, one filing overdue, one acceptance published."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.clock import SHANGHAI
from core.unit_of_work import UnitOfWork
from procurement.demonstration.tenders import APPROVER, OFFICER, World, acting
from procurement.models import Acceptance, Award, Contract, Payment, Tender
from procurement.queries.award_procedure import procedure_of
from procurement.services.acceptances import (
    conclude_acceptance,
    open_acceptance,
    publish_acceptance,
    save_acceptance,
)
from procurement.services.award_procedure import register_result_notice
from procurement.services.contract_papers import contract_pdf
from procurement.services.contracts import (
    InstalmentEntry,
    approve_contract,
    change_contract,
    draft_contract,
    file_contract,
    note_bond,
    publish_contract,
    sign_contract,
    terminate_contract,
)
from procurement.services.payments import decide_payment, note_paid, request_payment
from procurement.services.replacing import replace_winner
from procurement.services.supplements import decide_supplement, propose_supplement
from procurement.states import DepartureGround, SupplementKind
from procurement.workflow import CONTRACT

ACCEPTOR = "xu.wenjing"
MEDIUM = "https://www.zfcg.example/notice"


def populate_contracts(world: World) -> None:
    """Carry the awarded purchases on, the oldest furthest."""
    awards = world.session.scalars(
        select(Award).join(Tender, Tender.id == Award.tender_id).order_by(Award.decided_at, Tender.number)
    ).all()
    stories: tuple[Callable[[World, Award], None], ...] = (_terminated, _accepted, _performing, _completed)
    for award, story in zip(awards, stories, strict=False):
        story(world, award)
    for award, story in zip(awards[len(stories) :], (_ready, _refused), strict=False):
        story(world, award)


def _accepted(world: World, award: Award) -> None:
    """A public service, accepted with its users and published; the last payment waits for approval."""
    deal = _Deal(world, award)
    deal.signed(days=9, bond=Decimal("0.05"), public=True)
    deal.published_and_filed(days=2)
    deal.paid(0, days=14, after=6)
    deal.paid(1, days=28, after=9)
    deal.accepted(days=38, users=[("顾阿姨（景明社区居民代表）", "问卷做得细，报告里写的问题是真问题。")])
    with deal.acting(OFFICER, days=40) as uow:
        publish_acceptance(uow, deal.acceptance())
    deal.ask(2, days=42)


def _performing(world: World, award: Award) -> None:
    """In performance: published in time, its filing overdue, a supplement waits for approval."""
    deal = _Deal(world, award)
    deal.signed(days=14, bond=Decimal("0.10"))
    with deal.acting(OFFICER, days=15) as uow:
        publish_contract(uow, deal.contract, f"{MEDIUM}/{deal.contract.number}", uow.now)
    deal.paid(0, days=18, after=8)
    with deal.acting(OFFICER, days=22) as uow:
        propose_supplement(
            uow,
            deal.contract,
            SupplementKind.SUPPLEMENT,
            amount=(deal.contract.amount * Decimal("0.06")).quantize(Decimal(100)),
            service_until=None,
            terms="增加两个街道共300份入户问卷",
            reason="中期调研发现样本代表性不足，经专家组建议扩大抽样",
        )


def _completed(world: World, award: Award) -> None:
    """Performed, accepted, paid and closed."""
    deal = _Deal(world, award)
    deal.signed(days=3)
    deal.published_and_filed(days=2)
    deal.paid(0, days=6, after=3)
    deal.paid(1, days=12, after=4)
    deal.accepted(days=20)
    deal.paid(2, days=22, after=3)
    with deal.acting(OFFICER, days=26) as uow:
        CONTRACT.fire(uow, deal.contract, "close")


def _terminated(world: World, award: Award) -> None:
    """Altered once, then ended for the agency could no longer perform."""
    deal = _Deal(world, award)
    deal.signed(days=12)
    deal.published_and_filed(days=2)
    deal.paid(0, days=16, after=7)
    with deal.acting(OFFICER, days=30) as uow:
        change = propose_supplement(
            uow,
            deal.contract,
            SupplementKind.ALTERATION,
            amount=Decimal(0),
            service_until=deal.contract.service_until + timedelta(days=30),
            terms="服务期限顺延30日",
            reason="被评价单位台账迟交",
        )
    with deal.acting(APPROVER, days=31) as uow:
        decide_supplement(uow, change, agreed=True)
    with deal.acting(APPROVER, days=48) as uow:
        terminate_contract(uow, deal.contract, "乙方主评人离职且无法按约定更换，书面确认不能继续履行，双方协商解除")


def _ready(world: World, award: Award) -> None:
    """Checked and waiting for the signatures."""
    deal = _Deal(world, award)
    deal.noticed(days=1)
    deal.draft(days=5)
    deal.reviewed(days=7)


def _refused(world: World, award: Award) -> None:
    """The winner gave up; the next candidate's contract is being checked."""
    deal = _Deal(world, award)
    deal.noticed(days=1)
    deal.draft(days=4)
    with deal.acting(OFFICER, days=6) as uow:
        reason = "来函说明主评人另有任务，书面放弃中标"
        following = replace_winner(uow, award, DepartureGround.DECLINED, reason, take_next=True)
    if following is None:
        return
    second = _Deal(world, following)
    second.draft(days=2)
    with second.acting(OFFICER, days=3) as uow:
        CONTRACT.fire(uow, second.contract, "submit")


class _Deal:
    """One award carried on step by step; each step commits at the moment it is said to have happened."""

    contract: Contract

    def __init__(self, world: World, award: Award) -> None:
        self.world, self.award, self.began = world, award, award.decided_at

    def acting(self, who: str, *, days: float) -> AbstractContextManager[UnitOfWork]:
        """Let a person act so many days after the award, never later than now."""
        return acting(self.world, who, self.at(days))

    def at(self, days: float) -> datetime:
        """Return the moment so many days after the award, at most now."""
        return min(self.began + timedelta(days=days), self.world.now - timedelta(minutes=5))

    def noticed(self, *, days: float) -> None:
        """Note the result in the designated medium."""
        with self.acting(OFFICER, days=days) as uow:
            if procedure_of(uow, self.award.tender) is not None:
                register_result_notice(uow, self.award.tender, f"{MEDIUM}/{self.award.tender.number}", uow.now)

    def draft(self, *, days: float, bond: Decimal = Decimal(0), public: bool = False) -> None:
        """Draft the contract and fill in what is open."""
        with self.acting(OFFICER, days=days) as uow:
            self.contract = draft_contract(uow, self.award)
            change_contract(
                uow,
                self.contract,
                service_from=self.contract.service_from,
                bond_amount=(self.contract.amount * bond).quantize(Decimal("0.01")),
                is_public_service=public,
                instalments=[InstalmentEntry(i.condition, i.amount, i.due_on) for i in self.contract.instalments],
                free={},
            )

    def reviewed(self, *, days: float) -> None:
        """Submit the contract and let the approver pass it."""
        with self.acting(OFFICER, days=days - 0.5) as uow:
            CONTRACT.fire(uow, self.contract, "submit")
        with self.acting(APPROVER, days=days) as uow:
            approve_contract(uow, self.contract)

    def signed(self, *, days: float, bond: Decimal = Decimal(0), public: bool = False) -> None:
        """Draft, check and sign."""
        self.noticed(days=0.5)
        self.draft(days=days - 2, bond=bond, public=public)
        self.reviewed(days=days - 1)
        with self.acting(OFFICER, days=days) as uow:
            copy = FileStorage(
                io.BytesIO(contract_pdf(self.contract)), filename=f"{self.contract.number}签字盖章页.pdf"
            )
            sign_contract(uow, self.contract, uow.today, copy)
            if self.contract.bond_amount:
                note_bond(uow, self.contract, received_on=uow.today, returned_on=None)
        self.began = self.at(days)

    def published_and_filed(self, *, days: float) -> None:
        """Publish and file so many days after the signing."""
        with self.acting(OFFICER, days=days) as uow:
            publish_contract(uow, self.contract, f"{MEDIUM}/{self.contract.number}", uow.now)
        with self.acting(OFFICER, days=days + 2) as uow:
            number = f"澄采备〔{uow.today.year}〕{self.contract.number[-7:-4]}号"
            file_contract(uow, self.contract, uow.today, number)

    def ask(self, place: int, *, days: float) -> Payment:
        """Ask for an instalment whole."""
        with self.acting(OFFICER, days=days) as uow:
            instalment = self.contract.instalments[place]
            return request_payment(
                uow,
                self.contract,
                instalment,
                amount=instalment.amount,
                invoice_number=f"2531200000{place}{int(self.contract.amount) % 100000:05d}",
                invoice_on=uow.today,
            )

    def paid(self, place: int, *, days: float, after: float) -> None:
        """Ask, approve and pay an instalment."""
        payment = self.ask(place, days=days)
        with self.acting(APPROVER, days=days + 1) as uow:
            decide_payment(uow, payment, approved=True)
        with self.acting(OFFICER, days=days + after) as uow:
            note_paid(uow, payment, uow.today, f"国库集中支付{uow.today:%m%d}-{place + 1:02d}")

    def accepted(self, *, days: float, users: list[tuple[str, str]] | None = None) -> None:
        """Go through every standard and conclude."""
        with self.acting(ACCEPTOR, days=days) as uow:
            acceptance = open_acceptance(uow, self.contract)
            save_acceptance(
                uow,
                acceptance,
                held_on=uow.now.astimezone(SHANGHAI).date(),
                members=["徐文静（绩效管理科）", "高鹏（绩效管理科）", "韩立群（东湖大学公共管理学院，外聘专家）"],
                users=users or [],
                findings={item.id: (True, "") for item in acceptance.items},
                conclusion="评价报告、工作底稿齐全，质量复核意见已全部采纳或者说明，各项标准均符合合同约定。",
            )
            conclude_acceptance(uow, acceptance, passed=True)

    def acceptance(self) -> Acceptance:
        """Return the round that was concluded."""
        return self.contract.acceptances[-1]
