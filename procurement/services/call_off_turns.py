"""Turns of the rotation: given in the fixed order, accepted, declined, judged; every event is kept (R-FRAME-03, 04)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from core.deadlines import derive
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from core.workflow import TransitionFired
from procurement.drafting.lawfulness import breaches
from procurement.models import CallOff, CallOffTurn, FrameworkMember, Lot, Tender
from procurement.permissions import FrameworkPermission
from procurement.queries.bidder_conflicts import conflict_refusals
from procurement.queries.frameworks import call_off_of, standing_members
from procurement.scoring.rotation import Next, Turn, Use, next_turn
from procurement.services.call_offs import permitted, propose, tell_confirmers
from procurement.services.frameworks import people_of
from procurement.states import Method, TenderState, TurnDeed
from procurement.workflow import TENDER

OFFERED = NotificationKind(
    "call-off.offered",
    _l("轮候授予：%(tender)s"),
    _l("按轮候次序，《%(tender)s》由贵单位承担。请于 %(day)s 前答复是否接受。"),
)
ANSWERED = NotificationKind(
    "call-off.answered",
    _l("轮候供应商已答复：%(tender)s"),
    _l("《%(tender)s》轮到的供应商已经答复，请查看并办理。"),
)
TAKEN = frozenset({TurnDeed.OFFERED})
GIVEN_BACK = frozenset({TurnDeed.EXCUSED, TurnDeed.RETURNED})


def turn_now(uow: UnitOfWork, call_off: CallOff) -> Next:
    """Return whose turn it is for this evaluation, in which round, and who is passed over for a conflict."""
    tender, members = call_off.tender, standing_members(uow, call_off.framework, call_off.lot)
    excused = {str(one.member_id) for one in _turns(uow, call_off) if one.deed is TurnDeed.EXCUSED}
    barred = {str(one.id) for one in members if conflict_refusals(uow, tender.lots[0], one.supplier_id)}
    return next_turn([str(one.id) for one in members], _uses(uow, call_off.lot), excused | barred)


def offer_turn(uow: UnitOfWork, tender: Tender) -> CallOffTurn:
    """Give the evaluation to the supplier whose turn it is; those with a conflict are passed over and keep theirs.

    Raises `Forbidden`, or `Refused` when nobody in the round can take it, or an offer is still out.
    """
    call_off = permitted(uow, tender)
    _lock_order(uow, call_off)
    latest = latest_turn(uow, call_off)
    if latest is not None and latest.deed not in (TurnDeed.EXCUSED, TurnDeed.FORFEITED):
        raise Refused(Refusal(_l("已经授予一家供应商，等待答复"), rule_id="R-FRAME-04"))
    found = turn_now(uow, call_off)
    member = uow.get(FrameworkMember, found.member)
    if member is None:
        words = _l("本轮尚未轮到的供应商都须回避或者不能承接，请改用直接选定")
        raise Refused(Refusal(words, rule_id="R-FRAME-03"))
    call_off.member_id, call_off.price = member.id, member.price
    tender.budget = tender.lots[0].budget = member.price
    uow.session.flush()
    uow.session.expire(call_off, ["member"])
    if tender.state is TenderState.DRAFT:
        if held := breaches(uow, tender):
            raise Refused(*held)
        TENDER.fire(uow, tender, "offer_turn")
    due = derive("R-FRAME-04", uow.today, work_calendar(uow), uow.house.rules, name="reply_days").last_day
    row = _deed(uow, call_off, member, TurnDeed.OFFERED, due_on=due)
    params = {"tender": tender.title, "day": due.isoformat()}
    notify(uow, OFFERED, people_of(uow, [member.supplier_id]), url=f"/call-offs/{call_off.id}", params=params)
    return row


def answer_turn(uow: UnitOfWork, call_off: CallOff, *, accepts: bool, reason: str = "") -> None:
    """Take the answer of the supplier whose turn it is: it accepts, or says why it cannot (R-FRAME-04).

    Raises `Forbidden`, or `Refused` when nothing is offered or no reason is given.
    """
    decision = policy.decide(uow.actor, FrameworkPermission.ANSWER, call_off)
    if not decision:
        raise Forbidden(decision.reason)
    _lock_order(uow, call_off)
    latest = latest_turn(uow, call_off)
    if latest is None or latest.deed is not TurnDeed.OFFERED or latest.member_id != call_off.member_id:
        raise Refused(Refusal(_l("现在没有等待贵单位答复的授予"), rule_id="R-FRAME-04"))
    if not accepts and not reason.strip():
        raise Refused(Refusal(_l("请写明不能承接的理由"), rule_id="R-FRAME-04", field="reason"))
    deed = TurnDeed.ACCEPTED if accepts else TurnDeed.DECLINED
    _deed(uow, call_off, latest.member, deed, reason=reason.strip())
    tender = call_off.tender
    told = [tender.drafted_by_id]
    notify(uow, ANSWERED, told, url=f"/call-offs/{call_off.id}", params={"tender": tender.title})
    if accepts:
        words = "按轮候次序授予，供应商已接受"
        propose(uow, tender, call_off, latest.member, latest.member.price, words)
        TENDER.fire(uow, tender, "nominate", as_system=True, detail={"price": str(call_off.price)})
        tell_confirmers(uow, tender)


def judge_answer(uow: UnitOfWork, tender: Tender, *, excused: bool, reason: str) -> None:
    """Say what follows from a turn declined or not answered in time: kept with a good reason, or used (R-FRAME-04).

    Raises `Forbidden`, or `Refused` while the supplier may still answer, or without words.
    """
    call_off = permitted(uow, tender)
    _lock_order(uow, call_off)
    latest = latest_turn(uow, call_off)
    silent = (
        latest is not None
        and latest.deed is TurnDeed.OFFERED
        and latest.due_on is not None
        and uow.today > latest.due_on
    )
    if latest is None or not (latest.deed is TurnDeed.DECLINED or silent):
        raise Refused(Refusal(_l("供应商还没有推辞，答复期限也没有过"), rule_id="R-FRAME-04"))
    if not reason.strip():
        raise Refused(Refusal(_l("请写明认定的理由"), rule_id="R-FRAME-04", field="reason"))
    deed = TurnDeed.EXCUSED if excused else TurnDeed.FORFEITED
    _deed(uow, call_off, latest.member, deed, reason=reason.strip())
    call_off.member_id, call_off.price = None, None
    uow.session.flush()
    uow.session.expire(call_off, ["member"])


def latest_turn(uow: UnitOfWork, call_off: CallOff) -> CallOffTurn | None:
    """Return the last thing that happened to this call-off's turn."""
    turns = _turns(uow, call_off)
    return turns[-1] if turns else None


def turns_of_type(uow: UnitOfWork, lot: Lot) -> list[CallOffTurn]:
    """Return every event of a type's rotation in its order: from it anybody can check whose turn it was."""
    return list(
        uow.session.scalars(select(CallOffTurn).where(CallOffTurn.lot_id == lot.id).order_by(CallOffTurn.number))
    )


def follow_end(uow: UnitOfWork, event: TransitionFired) -> None:
    """Give a turn back when its purchase ends without an award: the supplier has not had its contract."""
    if event.workflow != "tender" or event.target not in (TenderState.CANCELLED, TenderState.FAILED):
        return
    tender: Tender = event.subject
    if tender.method is not Method.CALL_OFF_ROTATION:
        return
    call_off = call_off_of(uow, tender)
    latest = latest_turn(uow, call_off) if call_off is not None else None
    if call_off is not None and latest is not None and latest.deed in (TurnDeed.OFFERED, TurnDeed.ACCEPTED):
        _deed(uow, call_off, latest.member, TurnDeed.RETURNED, reason=event.reason or "")


def _turns(uow: UnitOfWork, call_off: CallOff) -> list[CallOffTurn]:
    rows = select(CallOffTurn).where(CallOffTurn.call_off_id == call_off.id).order_by(CallOffTurn.number)
    return list(uow.session.scalars(rows))


def _uses(uow: UnitOfWork, lot: Lot) -> list[Turn]:
    return [
        Turn(str(one.member_id), Use.TAKEN if one.deed in TAKEN else Use.RETURNED)
        for one in turns_of_type(uow, lot)
        if one.deed in TAKEN | GIVEN_BACK
    ]


def _deed(
    uow: UnitOfWork,
    call_off: CallOff,
    member: FrameworkMember,
    deed: TurnDeed,
    *,
    reason: str = "",
    due_on: date | None = None,
) -> CallOffTurn:
    last = uow.session.scalar(select(func.max(CallOffTurn.number)).where(CallOffTurn.lot_id == call_off.lot_id))
    row = uow.add(
        CallOffTurn(
            call_off_id=call_off.id,
            lot_id=call_off.lot_id,
            member_id=member.id,
            number=(last or 0) + 1,
            deed=deed,
            reason=reason,
            due_on=due_on,
            at=uow.now,
            by_id=uow.actor.user_id,
        )
    )
    row.member = member
    uow.session.flush()
    uow.session.expire(call_off, ["turns"])
    uow.record(f"call_off.{deed.value}", call_off.tender, reason=reason or None, detail={"member": str(member.id)})
    return row


def _lock_order(uow: UnitOfWork, call_off: CallOff) -> None:
    """Lock the framework and the purchase: two call-offs at once must not give one turn twice."""
    uow.lock(call_off.framework)
    uow.lock(call_off.tender)
    uow.lock(call_off)
