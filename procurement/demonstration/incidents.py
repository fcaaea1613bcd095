"""The demonstration's incidents, each with its lawful way out, and the paperwork of a bureau that keeps up.

Drills before an opening, a keyholder who cannot come, an objection answered on the spot, a failed tender bought again,
documents amended after a challenge; duty records written and notices registered in time.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from decimal import Decimal

import pyrage
from sqlalchemy import select

from core.identity.models import User
from procurement.demonstration.bids import demonstration_keys
from procurement.demonstration.tenders import APPROVER, HOLDERS, OFFICER, World, acting
from procurement.models import Bid, CommitteeSeat, DocumentHolder, Tender
from procurement.queries.deposits import deposits_of
from procurement.remedy_steps import reason_of
from procurement.services.absences import confirm_absence, report_absence
from procurement.services.amending import change_amendment, publish_amendment, start_amendment, submit_amendment
from procurement.services.challenges import ChallengeEntry, carry_out, draft_answer, file_challenge, issue_answer
from procurement.services.committee_papers import write_duty
from procurement.services.deposits import refund_deposits
from procurement.services.drills import finish_drill, start_drill
from procurement.services.retendering import retender
from procurement.states import (
    ChallengeBasis,
    Consequence,
    DutyRating,
    Measure,
    SeatCategory,
    SeatState,
    TenderState,
    Verdict,
)

FEE = Decimal(800)
CLARIFIED = "同类业绩以合同签订日期认定，不限定项目所在地区。"


def populate_incidents(world: World) -> None:
    """Act out the incidents."""
    waiting = world.session.scalars(
        select(Tender).where(Tender.state == TenderState.PUBLISHED).order_by(Tender.deadline)
    ).all()
    due = [one for one in waiting if one.awaits_opening_at(world.now)]
    for tender in due:
        _drilled(world, tender, HOLDERS)
        _absent(world, tender)
    closing = next((one for one in waiting if one.keyholders and one.is_open_at(world.now)), None)
    if closing is not None:
        _drilled(world, closing, HOLDERS[:2])
    failed = world.session.scalars(select(Tender).where(Tender.state == TenderState.FAILED)).first()
    if failed is not None:
        with acting(world, OFFICER, world.now - timedelta(days=2)) as uow:
            retender(uow, failed)
    _amended(world)


def keep_up(world: World) -> None:
    """Write the records and refunds that are due, as a bureau that keeps up does."""
    _duties(world)
    _refunds(world)


def _drilled(world: World, tender: Tender, names: tuple[str, ...]) -> None:
    """These keyholders have tried their keys in time for the opening."""
    keys = dict(zip(HOLDERS, demonstration_keys(world.house), strict=True))
    moment = min(world.now, tender.deadline or world.now) - timedelta(days=1)
    for name in names:
        with acting(world, name, moment) as uow:
            drill, test = start_drill(uow, tender)
            found = pyrage.decrypt(base64.b64decode(test), [pyrage.x25519.Identity.from_str(keys[name].secret)])
            finish_drill(uow, tender, drill, base64.b64encode(found).decode())


def _absent(world: World, tender: Tender) -> None:
    """The third keyholder cannot come; a second person has confirmed it, and the other two are enough."""
    holder = tender.keyholders[-1]
    with acting(world, OFFICER, world.now - timedelta(minutes=40)) as uow:
        absence = report_absence(uow, tender, holder, "因公出差，当日不能返回")
    with acting(world, APPROVER, world.now - timedelta(minutes=25)) as uow:
        confirm_absence(uow, tender, absence)


def _amended(world: World) -> None:
    """A holder's challenge of the documents is upheld, and the amendment that it ordered is out."""
    holding = select(DocumentHolder.tender_id)
    bidding = select(Bid.tender_id)
    tender = world.session.scalars(
        select(Tender).where(Tender.is_open_at(world.now), Tender.id.in_(holding), Tender.id.not_in(bidding))
    ).first()
    if tender is None:
        return
    holder = world.session.scalars(
        select(DocumentHolder).where(DocumentHolder.tender_id == tender.id).order_by(DocumentHolder.registered_at)
    ).all()[1]
    asker = world.session.get_one(User, holder.registered_by_id)
    entry = ChallengeEntry(
        basis=ChallengeBasis.DOCUMENTS,
        step=None,
        matter="评分标准中“同类业绩”没有说明认定的时间和地域范围，可能被理解为只计算本区项目。",
        facts="采购文件第四章评分表第二项只写“同类业绩”，没有认定标准。",
        request="明确同类业绩的认定标准，并发布更正公告。",
        legal_basis="《政府采购货物和服务招标投标管理办法》第十七条",
        contact_name="赵静怡",
        contact_telephone="021-55550388",
        contact_address="澄湖区春申路288号7楼 201100",
    )
    with acting(world, asker, world.now - timedelta(hours=70)) as uow:
        challenge = file_challenge(uow, tender, holder.organisation_id, entry)
    with acting(world, OFFICER, world.now - timedelta(hours=46)) as uow:
        words = "经复核，评分表对同类业绩的认定标准表述不够明确，质疑成立。将发布更正公告予以明确。"
        draft_answer(uow, challenge, Verdict.UPHELD, words, Measure.AMEND_DOCUMENTS)
    with acting(world, APPROVER, world.now - timedelta(hours=28)) as uow:
        issue_answer(uow, challenge)
    with acting(world, OFFICER, world.now - timedelta(hours=24)) as uow:
        amendment = start_amendment(uow, tender, reason=reason_of(challenge))
        change_amendment(
            uow,
            amendment,
            {"requirement": f"{tender.requirement}{CLARIFIED}"},
            reason=amendment.reason,
            is_material=True,
            consequence=Consequence.CONFIRM,
        )
        submit_amendment(uow, amendment)
    with acting(world, APPROVER, world.now - timedelta(hours=22)) as uow:
        publish_amendment(uow, amendment)
    with acting(world, OFFICER, world.now - timedelta(hours=21)) as uow:
        carry_out(uow, challenge, "已发布更正公告（第2版采购文件），明确同类业绩的认定标准，投标截止时间不变。")


def _refunds(world: World) -> None:
    """Deposits went back in time, except those of the newest result."""
    asked = select(Tender).where(Tender.deposit > 0, Tender.awarded_at.is_not(None)).order_by(Tender.awarded_at)
    for tender in world.session.scalars(asked).all():
        if tender.awarded_at is None:
            continue
        with acting(world, OFFICER, min(tender.awarded_at + timedelta(days=4), world.now)) as uow:
            held = [one for one in deposits_of(uow, tender) if one.refund is None]
            late = {one.bid.id for one in held if one.due_on is not None and one.due_on < world.now.date()}
            if late:
                refund_deposits(uow, tender, late)


def _duties(world: World) -> None:
    """The experts' duty is on record for every review but the newest, which has time left."""
    reviewed = world.session.scalars(
        select(Tender).where(Tender.evaluated_at.is_not(None)).order_by(Tender.evaluated_at)
    ).all()
    for tender in reviewed[:-1]:
        seats = world.session.scalars(
            select(CommitteeSeat)
            .where(
                CommitteeSeat.tender_id == tender.id,
                CommitteeSeat.category == SeatCategory.EXPERT,
                CommitteeSeat.state == SeatState.LOCKED,
            )
            .order_by(CommitteeSeat.id)
        ).all()
        if seats and tender.evaluated_at is not None:
            with acting(world, OFFICER, min(tender.evaluated_at + timedelta(days=2), world.now)) as uow:
                for seat in seats:
                    write_duty(uow, seat, DutyRating.GOOD, "", FEE)
