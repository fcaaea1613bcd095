"""The demonstration's questions and amendments: answered and open questions on one tender, two versions of another."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from core.identity.models import User
from core.unit_of_work import UnitOfWork
from procurement.demonstration.tenders import APPROVER, OFFICER, World, acting
from procurement.models import Bid, DocumentHolder, Question, Tender
from procurement.services.amending import change_amendment, publish_amendment, start_amendment, submit_amendment
from procurement.services.confirming import confirm_bid
from procurement.services.holding import take_documents
from procurement.services.questions import ask, publish_answer
from procurement.states import Consequence, Method

ASKED = (
    (
        0,
        100,
        "满意度调查的样本量由供应商确定，还是由采购人规定？",
        "由供应商在服务方案中提出，不少于受益对象的5%，且不少于200份。",
    ),
    (1, 76, "现场调研是否需要覆盖全部实施点位？", "应覆盖全部街镇，每个街镇抽取不少于两个点位，不要求覆盖全部点位。"),
    (0, 52, "评价报告需要提交几份纸质文本？", "纸质报告五份，另附可编辑的电子版和工作底稿目录。"),
)
"""Which holder asked, how many hours ago, what, and the answer, published a day later."""
OPEN = "主评人能否由两名具有高级职称的人员共同担任？"
REASON = "根据供应商提问，明确绩效评价报告须附问卷原始数据，并相应顺延投标截止时间。"
ADDED = "报告须附满意度问卷的原始数据和汇总表，供采购人复核。"


def populate_clarifications(uow: UnitOfWork, world: World) -> None:
    """Amend the open tender that has bids, ask about the one that has none."""
    open_now = select(Tender).where(Tender.is_open_at(uow.now), Tender.method == Method.OPEN_TENDER)
    with_bids, without = None, None
    for tender in world.session.scalars(open_now.order_by(Tender.deadline)):
        bids = world.session.scalars(select(Bid).where(Bid.tender_id == tender.id).order_by(Bid.arrived_at)).all()
        if bids and with_bids is None:
            with_bids = tender
            _amend(world, tender, bids[0])
        elif not bids and without is None and tender.published_at is not None:
            without = tender
            _ask(world, tender)


def _ask(world: World, tender: Tender) -> None:
    published = tender.published_at or world.now
    suppliers = [world.managers[place % len(world.managers)] for place in (2, 6, 9)]
    holders = []
    for place, user in enumerate(suppliers):
        with acting(world, user, published + timedelta(hours=2 + place)) as uow:
            holders.append(take_documents(uow, tender, _organisation(user)))
    for who, hours, text, answer in ASKED:
        question = _asked(world, holders[who], suppliers[who], text, hours)
        with acting(world, OFFICER, world.now - timedelta(hours=hours - 20)) as uow:
            publish_answer(uow, tender, [question], question=text, answer=answer)
    _asked(world, holders[2], suppliers[2], OPEN, 5)


def _asked(world: World, holder: DocumentHolder, user: User, text: str, hours: int) -> Question:
    with acting(world, user, world.now - timedelta(hours=hours)) as uow:
        return ask(uow, holder, text)


def _amend(world: World, tender: Tender, confirmed: Bid) -> None:
    """One bidder has confirmed the new version, the others still have to."""
    with acting(world, OFFICER, world.now - timedelta(minutes=15)) as uow:
        amendment = start_amendment(uow, tender)
        change_amendment(
            uow,
            amendment,
            {"requirement": tender.requirement + ADDED},
            reason=REASON,
            is_material=True,
            consequence=Consequence.CONFIRM,
        )
        submit_amendment(uow, amendment)
    with acting(world, APPROVER, world.now - timedelta(minutes=10)) as uow:
        publish_amendment(uow, amendment)
    bidder = world.session.get_one(User, confirmed.submitted_by_id)
    with acting(world, bidder, world.now - timedelta(minutes=5)) as uow:
        confirm_bid(uow, confirmed)


def _organisation(user: User) -> uuid.UUID:
    return user.memberships[0].organisation_id
