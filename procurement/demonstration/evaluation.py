"""What happens inside the demonstration's reviews: letters and answers, a signed report, a stopped review."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import select

from core.identity.models import User
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, CommitteeSeat, Tender
from procurement.queries.conformity import requirements_of
from procurement.queries.standings import seats_of, standings_of
from procurement.services.bid_inquiries import answer_inquiry, clarify
from procurement.services.committee_conduct import mark_absent, suspend_review
from procurement.services.conformity import Vote, vote
from procurement.services.examination import examine
from procurement.services.hall import answer_objection, object_to_opening, sign_in
from procurement.services.scoring_sheets import sign_report
from procurement.states import BidState

Acting = Callable[[User | str, datetime], AbstractContextManager[UnitOfWork]]


def judge_conformity(uow: UnitOfWork, seat: CommitteeSeat, *, doubts: bool) -> None:
    """A member finds every requirement met; one who doubts misses the first of them in the last bid."""
    candidates = standings_of(uow, seat.tender).candidates
    first = requirements_of(seat.tender)[:1]
    unmet: dict[uuid.UUID | None, str] = {}
    if doubts:
        unmet = {one.id: "响应表第2页承诺的期限与服务方案中的进度安排不一致" for one in first}
    vote(uow, seat, [Vote(one.bid.id, unmet if one is candidates[-1] else {}) for one in candidates])


def object_on_the_spot(acting: Acting, officer: str, tender: Tender, moment: datetime) -> None:
    """Two bidders have signed in to the opening, and one objects and is answered while it lasts."""
    with acting(officer, moment) as uow:
        query = select(Bid).where(Bid.tender_id == tender.id, Bid.state == BidState.OPENED).order_by(Bid.arrived_at)
        bids = uow.session.scalars(query).all()[:2]
        bidders = [uow.session.get_one(User, bid.submitted_by_id) for bid in bids]
    for bid, bidder in zip(bids, bidders, strict=True):
        with acting(bidder, moment) as uow:
            sign_in(uow, bid)
    with acting(bidders[0], moment) as uow:
        words = "唱标时本单位的服务期限读作“一百二十日”，与开标一览表不符。"
        objection = object_to_opening(uow, bids[0], words)
    with acting(officer, moment) as uow:
        answer = "经核对，开标一览表载明的期限与系统记录一致，已当场更正宣读并记入开标记录。"
        answer_objection(uow, tender, objection, answer)


def ask_and_answer(acting: Acting, tender: Tender, moments: tuple[datetime, datetime, datetime]) -> None:
    """The chair asks one bidder, who answers, and then another, whose answer is still awaited."""
    asked, answered, late = moments
    with acting("admin", asked) as uow:
        chair = next(seat for seat in seats_of(uow, tender) if seat.is_chair)
        bids = [one.bid for one in standings_of(uow, tender).candidates]
        users = [uow.get(User, bid.submitted_by_id) for bid in bids]
    with acting(chair.user, asked) as uow:
        question = "服务方案第三章写明项目组8人，人员名单列7人，请说明以哪一处为准。"
        letter = clarify(uow, chair, bids[0], question, 60)
    bidder = users[0]
    if bidder is not None:
        with acting(bidder, answered) as uow:
            answer = "以人员名单所列7人为准，第三章为笔误；人员名单见投标文件第21页。"
            answer_inquiry(uow, letter, answer, "法定代表人 沈嘉禾", keeps_substance=True)
    with acting(chair.user, late) as uow:
        clarify(uow, chair, bids[1], "业绩证明材料中一份合同扫描件缺签章页，请补正该页。", 120)


def examine_all(uow: UnitOfWork, tender: Tender, *, without_lowest: bool) -> None:
    """Find every bidder qualified; or all but the one with the lowest price, whose tax papers are out of date."""
    bids = [one.bid for one in standings_of(uow, tender).bids if one.bid.state is BidState.OPENED]
    lowest = min(bids, key=lambda bid: bid.price or 0) if without_lowest else None
    for bid in bids:
        reason = "依法缴纳税收的证明材料已超过有效期，未提供最近三个月的缴纳凭据" if bid is lowest else ""
        examine(uow, bid, passed=bid is not lowest, reason=reason)


def sign_all(acting: Acting, tender: Tender, moment: datetime) -> None:
    """Every member signs the report; the last one with a differing opinion."""
    with acting("admin", moment) as uow:
        seats = seats_of(uow, tender)
    for place, seat in enumerate(seats):
        with acting(seat.user, moment) as uow:
            last = place == len(seats) - 1
            dissent = "同类业绩中一份合同的验收证明不完整，本人认为不应计分。" if last else ""
            sign_report(uow, seat, dissent=dissent)


def stop_review(acting: Acting, officer: str, tender: Tender, moment: datetime) -> None:
    """A member falls ill, nobody can be found, and the review stops."""
    with acting(officer, moment) as uow:
        missing = next(seat for seat in seats_of(uow, tender) if not seat.is_chair)
        mark_absent(uow, missing, "突发疾病送医，无法继续评审")
        suspend_review(uow, tender, "补抽两次均无专家能够到场，专家库当日无其他符合条件的人选")
