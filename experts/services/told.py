"""What the officer does for an invitation: notes an answer given by telephone, asks again as a new request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import Subject, UnitOfWork, reference
from experts.models import Seat, TelephoneAnswer
from experts.seats import panel_of
from experts.services.conflicts import screen
from experts.services.followers import next_seat
from experts.services.invitations import ASKING, decline_seat, ensure_answerable, recuse_seat, take_seat
from experts.services.inviting import invite
from experts.states import SeatState, ToldAnswer


@dataclass(frozen=True)
class Call:
    """A telephone call: what was answered, when, the note, and the reason for a no."""

    answer: ToldAnswer
    spoke_at: datetime
    note: str
    reason: str = ""
    declaration_read: bool = False


def calls_about(uow: UnitOfWork, subject: Subject) -> Sequence[TelephoneAnswer]:
    """Return the calls noted for an invitation, the latest first."""
    rows = select(TelephoneAnswer).where(TelephoneAnswer.held_for == reference(subject))
    return uow.session.scalars(
        rows.options(selectinload(TelephoneAnswer.recorded_by)).order_by(TelephoneAnswer.recorded_at.desc())
    ).all()


def record_call(uow: UnitOfWork, seat: Seat, call: Call) -> None:
    """Note an answer given by telephone and let it count, as of the moment of the call.

    Accepting needs that the declaration's questions were read out (R-COMM-06); the undertaking is signed by the expert
    on the next sign-in, before any paper. Raises `Refused` with everything that is wrong.
    """
    found = []
    if call.spoke_at > uow.now:
        found.append(Refusal(_l("通话时间不能晚于现在"), field="spoke_at"))
    # A call is noted to the minute, so that one in the minute of the invitation is not too early.
    if seat.invited_at is not None and call.spoke_at < seat.invited_at.replace(second=0, microsecond=0):
        found.append(Refusal(_l("通话时间不能早于发出邀请的时间"), field="spoke_at"))
    if not call.note.strip():
        found.append(Refusal(_l("请记录通话情况，例如所拨号码和对方原话"), field="note"))
    if call.answer is ToldAnswer.ACCEPT and not call.declaration_read:
        found.append(
            Refusal(
                _l("请逐项向专家宣读声明问题，并确认没有应当回避的情形"), rule_id="R-COMM-06", field="declaration_read"
            )
        )
    if call.answer is not ToldAnswer.ACCEPT and not call.reason.strip():
        found.append(Refusal(_l("请填写理由"), field="reason"))
    if found:
        raise Refused(*found)
    ensure_answerable(uow, seat, at=call.spoke_at)
    row = uow.add(
        TelephoneAnswer(
            held_for=reference(seat),
            answer=call.answer,
            spoke_at=call.spoke_at,
            note=call.note.strip(),
            recorded_by_id=uow.actor.user_id,
            recorded_at=uow.now,
        )
    )
    uow.session.flush()
    uow.record("seat.told", seat.review, about=(seat, row), after={"answer": call.answer.value})
    if call.answer is ToldAnswer.ACCEPT:
        take_seat(uow, seat)
    elif call.answer is ToldAnswer.DECLINE:
        decline_seat(uow, seat, call.reason, at=call.spoke_at)
    else:
        recuse_seat(uow, seat, call.reason)


def may_ask_again(uow: UnitOfWork, seat: Seat) -> Refusal | None:
    """Say why this expert may not be asked again, or None: they said no or nothing, and a seat is vacant."""
    review = seat.review
    if seat.state not in (SeatState.DECLINED, SeatState.LAPSED):
        return Refusal(_l("只有谢绝或者逾期未答复的专家可以再次邀请"), rule_id="R-EXP.answer")
    if review.state not in ASKING:
        return Refusal(_l("评审已结束，不再邀请"))
    panel = panel_of(uow, review)
    if len(panel) >= review.size:
        return Refusal(_l("席位已满或候补正在答复，不再邀请"), rule_id="R-EXP-09")
    if any(one.expert_id == seat.expert_id for one in panel):
        return Refusal(_l("该专家已再次受邀"))
    exclusion = screen(uow, review.engagement, only=[seat.expert])[0].exclusion
    return Refusal(exclusion.label, rule_id=exclusion.rule_id) if exclusion else None


def ask_again(uow: UnitOfWork, seat: Seat, reason: str) -> Seat:
    """Ask somebody who said no once more, as a new request with a limit of its own; the first answer stays."""
    uow.lock(seat.review)
    if not reason.strip():
        raise Refused(Refusal(_l("请写明再次邀请的理由"), field="reason"))
    refusal = may_ask_again(uow, seat)
    if refusal is not None:
        raise Refused(refusal)
    again = next_seat(uow, seat.review, seat.expert, seat.category)
    uow.record("seat.ask_again", seat.review, about=(seat, again), reason=reason.strip())
    invite(uow, again, answer_by=None)
    return again
