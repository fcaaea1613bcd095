"""The end of a call-off: lowest price found, supplier confirmed by a second person, recorded, noticed, commissioned.

From the award on a call-off is a purchase like any other: engagement, contract, acceptance, payment (R-FRAME-03).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import force_locale
from sqlalchemy import select

from core.errors import Refusal, Refused
from core.i18n import Text, _l
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from procurement.drafting.call_off_checks import agreed_prices
from procurement.models import Award, AwardProcedure, Bid, CallOff, CallOffTurn, FrameworkMember, Tender
from procurement.queries.frameworks import standing_members
from procurement.scoring import TieDraw
from procurement.scoring.selection_record import Answer, Selection
from procurement.services.awarding import commission
from procurement.services.call_offs import nominate, permitted
from procurement.services.direct_award import WrittenAnswer, selection_award, written_bid
from procurement.services.frameworks import people_of
from procurement.states import BidState, MemberState, Method, TenderState, TurnDeed
from procurement.workflow import TENDER

WON = NotificationKind(
    "call-off.won", _l("成交通知：%(tender)s"), _l("贵单位承担《%(tender)s》，请在规定期限内签订合同。")
)
NOT_WON = NotificationKind(
    "call-off.not-won", _l("竞价结果：%(tender)s"), _l("《%(tender)s》的二次竞价已有结果，成交结果公告可供查阅。")
)


@dataclass(frozen=True)
class Priced:
    """One opened price of a second price round; `reason` is why it cannot count."""

    bid: Bid
    member: FrameworkMember | None
    reason: Text = ""

    @property
    def counts(self) -> bool:
        """Whether the price takes part."""
        return not self.reason


def priced_bids(uow: UnitOfWork, tender: Tender, call_off: CallOff) -> list[Priced]:
    """Return the opened prices, the lowest that counts first: each at most its supplier's own agreed price."""
    agreed = agreed_prices(uow, call_off)
    members = {one.supplier_id: one for one in standing_members(uow, call_off.framework, call_off.lot)}
    bids = uow.session.scalars(
        select(Bid).where(Bid.tender_id == tender.id, Bid.state.in_((BidState.OPENED, BidState.CORRUPT)))
    ).all()
    found = []
    for bid in bids:
        reason: Text = ""
        limit = agreed.get(bid.bidder_id)
        if bid.state is BidState.CORRUPT:
            reason = _l("报价文件无法开启")
        elif limit is None:
            reason = _l("框架协议已经解除")
        elif bid.price is not None and bid.price > limit:
            reason = _l("报价高于本单位的协议价格 %(price)s 元", price=f"{limit:,.2f}")
        found.append(Priced(bid, members.get(bid.bidder_id), reason))
    order = _order(tender, [one.bid for one in found])
    return sorted(found, key=lambda one: (not one.counts, one.bid.price or Decimal(0), order[one.bid.id]))


def propose_lowest(uow: UnitOfWork, tender: Tender) -> None:
    """Propose the lowest price; among equal ones the order that anybody can redraw decides (R-FRAME-03, R-EVAL-07).

    Raises `Forbidden`, or `Refused` when no price counts; then the round is closed as failed.
    """
    call_off = permitted(uow, tender)
    if tender.state is not TenderState.OPENED:
        raise Refused(Refusal(_l("报价尚未开启，或者已经提出成交意见"), rule_id="R-FRAME-03"))
    counting = [one for one in priced_bids(uow, tender, call_off) if one.counts]
    first = counting[0] if counting else None
    if first is None or first.member is None or first.bid.price is None:
        raise Refused(Refusal(_l("没有有效报价，本次竞价应予终止"), rule_id="R-FRAME-03"))
    equal = sum(one.bid.price == first.bid.price for one in counting)
    reason = "满足竞价需求且报价最低"
    if equal > 1:
        reason = f"{equal}家报价并列最低，按公告和密封文件校验值抽取的次序确定（R-EVAL-07）"
    nominate(uow, tender, call_off, first.member, first.bid.price, reason)


def confirm(uow: UnitOfWork, tender: Tender, call_off: CallOff) -> Award:
    """Confirm the proposal as a second person: award, result notice and engagement follow at once (R-FRAME-03).

    Raises `Forbidden` for whoever drafted it, `Refused` when nothing is proposed or the agreement no longer holds.
    """
    uow.lock(tender)
    uow.lock(call_off)
    member, price = call_off.member, call_off.price
    if tender.state is not TenderState.EVALUATED or member is None or price is None:
        raise Refused(Refusal(_l("还没有提出成交意见"), rule_id="R-FRAME-03"))
    if member.state is not MemberState.SIGNED or not call_off.framework.is_open_on(uow.today):
        raise Refused(Refusal(_l("框架协议已经解除或者期满，不能授予合同"), rule_id="R-FRAME-01"))
    TENDER.fire(uow, tender, "confirm_call_off", assign={"approved_by_id": _second(uow, tender)})
    bid, answers = _answers(uow, tender, call_off, member, price)
    uow.session.flush()
    facts = Selection(
        tender=tender.number,
        method=tender.method.value,
        rule_id="R-FRAME-03",
        fewest=1,
        few_reason="",
        budget=member.price,
        answers=answers,
        chosen=member.supplier.name,
        amount=price,
        reason=call_off.reason,
        decided_at=uow.now.isoformat(),
        lowest_wins=tender.method is Method.CALL_OFF_PRICES,
    )
    uow.add(AwardProcedure(tender_id=tender.id, by_agent=False, notice_at=None, delayed_by_id=None))
    row = selection_award(uow, tender, facts, bid)
    commission(uow, tender, row)
    _tell(uow, tender, call_off, member)
    return row


def _second(uow: UnitOfWork, tender: Tender) -> object:
    """A published second price round was approved before; its approver stays who published it."""
    return tender.approved_by_id or uow.actor.user_id


def _answers(
    uow: UnitOfWork, tender: Tender, call_off: CallOff, member: FrameworkMember, price: Decimal
) -> tuple[Bid, list[Answer]]:
    """Return the winning answer as a bid, and all answers for the record."""
    if tender.method is Method.CALL_OFF_PRICES:
        priced = priced_bids(uow, tender, call_off)
        chosen = next(one.bid for one in priced if one.member is not None and one.member.id == member.id)
        with force_locale("zh"):
            return chosen, [
                Answer(one.bid.bidder.name, one.bid.price if one.counts else None, str(one.reason)) for one in priced
            ]
    accepted = uow.session.scalar(
        select(CallOffTurn).where(CallOffTurn.call_off_id == call_off.id, CallOffTurn.deed == TurnDeed.ACCEPTED)
    )
    by_id = accepted.by_id if accepted is not None else member.bid.submitted_by_id
    plan = "接受按框架协议授予" if accepted is not None else "按框架协议承担"
    said = WrittenAnswer(member.supplier, by_id or member.bid.submitted_by_id, price, plan, uow.now)
    return written_bid(uow, tender, said, owner=call_off), [Answer(member.supplier.name, price)]


def _order(tender: Tender, bids: Sequence[Bid]) -> dict[object, int]:
    """Return each bid's place in the lottery among equal prices."""
    tie = TieDraw(tender.record_hash or "", {str(one.id): one.sha256 for one in bids})
    places = {bid: place for place, bid in enumerate(tie.order(str(one.id) for one in bids))}
    return {one.id: places[str(one.id)] for one in bids}


def _tell(uow: UnitOfWork, tender: Tender, call_off: CallOff, member: FrameworkMember) -> None:
    params = {"tender": tender.title}
    url = f"/call-offs/{call_off.id}"
    notify(uow, WON, people_of(uow, [member.supplier_id]), url=url, params=params)
    if tender.method is Method.CALL_OFF_PRICES:
        others = [one.supplier_id for one in tender.invitations if one.supplier_id != member.supplier_id]
        notify(uow, NOT_WON, people_of(uow, others), url=f"/award-notices/{tender.id}", params=params)
