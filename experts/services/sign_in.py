"""Signing in at a review's meeting: by the room's code, or recorded by the secretary (R-IND.signin).

Whoever signs in is looked at once more: an expert whom a conflict ties by now is unseated and the next one is asked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import select

from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.i18n import Text, _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from experts.models import Attendee, Review, Seat, SignIn
from experts.queries.meeting import attendance_of, sign_in_of
from experts.services.conflicts import screen
from experts.services.invitations import recuse_seat
from experts.services.undertakings import undertaking_of
from experts.states import Capacity, Presence, ReviewState, SeatState

_PURPOSE = b"hengping/meeting-code/1\x00"
_LETTERS = 8
MEETING = (ReviewState.INVITING, ReviewState.SCORING, ReviewState.SCORED)
"""States of a review whose meeting takes sign-ins."""


def meeting_code(uow: UnitOfWork, review: Review) -> str:
    """Return the code shown in the room, such as `Q7KM-X2DP`: keyed to the review and its time, kept nowhere."""
    key = uow.house.settings.secret_key.encode()
    told = _PURPOSE + review.id.bytes + review.meets_at.astimezone(SHANGHAI).isoformat().encode()
    letters = base64.b32encode(hmac.new(key, told, hashlib.sha256).digest()).decode()[:_LETTERS]
    return f"{letters[:4]}-{letters[4:]}"


def code_fits(uow: UnitOfWork, review: Review, typed: str) -> bool:
    """Whether what was typed is the room's code; case, spaces and dashes do not matter."""
    plain = "".join(one for one in typed.upper() if one.isalnum())
    return hmac.compare_digest(plain.encode(), meeting_code(uow, review).replace("-", "").encode())


def meeting_with_code(uow: UnitOfWork, typed: str) -> Review | None:
    """Return the review whose meeting takes sign-ins now under this code, or None."""
    near = uow.now + timedelta(days=1)
    rows = uow.session.scalars(select(Review).where(Review.state.in_(MEETING), Review.meets_at < near)).unique()
    return next((one for one in rows if code_fits(uow, one, typed) and not_yet(uow, one) is None), None)


def not_yet(uow: UnitOfWork, review: Review) -> Refusal | None:
    """Say why nobody signs in now: too early, or the review is not at its meeting (R-IND.signin)."""
    if review.state not in MEETING:
        return Refusal(_l("评审尚未邀请专家，或已经结束，不能签到"), "R-IND.signin")
    minutes = uow.house.rules.whole("R-IND.signin", "minutes_before", on=uow.today, overrides=overrides(uow))
    opens = review.meets_at - timedelta(minutes=minutes)
    if uow.now < opens:
        return Refusal(
            _l("签到从 %(when)s 开始", when=f"{opens.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"), "R-IND.signin", "code"
        )
    return None


def sign_in_expert(uow: UnitOfWork, seat: Seat, code: str) -> bool:
    """An expert signs in with the room's code; False when a conflict shown meanwhile unseats them (R-COMM-06).

    The next of the same draw is asked at once. Raises `Refused`.
    """
    _check_code(uow, seat.review, code)
    return _expert_comes(uow, seat, Presence.SELF)


def _expert_comes(uow: UnitOfWork, seat: Seat, how: Presence) -> bool:
    uow.lock(seat)
    if seat.state is not SeatState.ACCEPTED:
        raise Refused(Refusal(_l("接受邀请后才能签到；已提交评审表的不必再签")))
    if seat.is_spare:
        raise Refused(Refusal(_l("候补专家在递补之后才签到"), "R-EXP.wave"))
    if undertaking_of(uow, seat) is None:
        raise Refused(Refusal(_l("请先签署保密承诺，再签到")))
    if sign_in_of(uow, seat) is not None:
        return True
    found = screen(uow, seat.review.engagement, only=[seat.expert])[0].exclusion
    if found is not None and found.rule_id == "R-COMM-06":
        recuse_seat(uow, seat, str(found.label))
        return False
    _came(uow, seat.review, how, seat.expert.user.name, seat=seat)
    return True


def sign_in_guest(uow: UnitOfWork, attendee: Attendee, person: str, code: str, *, how: Presence) -> None:
    """Somebody of an invited body signs in with the room's code. Raises `Refused`."""
    _check_code(uow, attendee.review, code)
    _guest_comes(uow, attendee, person, how)


def _guest_comes(uow: UnitOfWork, attendee: Attendee, person: str, how: Presence) -> None:
    uow.lock(attendee)
    if not person.strip():
        raise Refused(Refusal(_l("请填写姓名"), field="person"))
    if uow.session.scalar(select(SignIn.id).where(SignIn.attendee_id == attendee.id)):
        raise Refused(Refusal(_l("该单位已有人签到；换人请告知工作人员")))
    _came(uow, attendee.review, how, person.strip(), attendee=attendee)


def record_sign_in(uow: UnitOfWork, review: Review, subject: Seat | Attendee, person: str = "") -> bool:
    """The secretary records somebody who is there; False when a conflict unseats the expert instead."""
    refusal = not_yet(uow, review)
    if refusal is not None:
        raise Refused(refusal)
    if isinstance(subject, Seat):
        return _expert_comes(uow, subject, Presence.SECRETARY)
    _guest_comes(uow, subject, person or subject.person, Presence.SECRETARY)
    return True


def undo_sign_in(uow: UnitOfWork, review: Review, subject: Seat | Attendee) -> None:
    """Take back a sign-in that was recorded by mistake, while no sheet rests on it."""
    row = attendance_of(uow, review).came.get(subject.id)
    if row is None:
        raise Refused(Refusal(_l("没有这条签到记录")))
    if isinstance(subject, Seat) and subject.state is SeatState.SUBMITTED:
        raise Refused(Refusal(_l("专家已提交评审表，签到不能撤销"), "R-IND.signin"))
    if review.state not in MEETING:
        raise Refused(Refusal(_l("评审已有结果，签到不能再改")))
    uow.session.delete(row)
    uow.session.flush()
    uow.record("review.undo_sign_in", review, before={"person": row.person, "how": row.how.value})


def _check_code(uow: UnitOfWork, review: Review, code: str) -> None:
    refusal = not_yet(uow, review)
    if refusal is not None:
        raise Refused(refusal)
    if not code_fits(uow, review, code):
        raise Refused(Refusal(_l("会场码不对，请看会场屏幕或询问工作人员"), "R-IND.signin", "code"))


def _came(
    uow: UnitOfWork,
    review: Review,
    how: Presence,
    person: str,
    *,
    seat: Seat | None = None,
    attendee: Attendee | None = None,
) -> None:
    uow.add(
        SignIn(
            review_id=review.id,
            seat_id=seat.id if seat else None,
            attendee_id=attendee.id if attendee else None,
            person=person,
            how=how,
            at=uow.now,
            recorded_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    about = (seat,) if seat is not None else ()
    uow.record("review.sign_in", review, about=about, after={"how": how.value})


def ensure_signed_in(uow: UnitOfWork, seat: Seat) -> None:
    """Raise `Refused` unless the expert has signed in: a sheet is handed in at the meeting (R-IND.signin)."""
    if sign_in_of(uow, seat) is None:
        raise Refused(Refusal(_l("请先签到，再提交评审表"), "R-IND.signin"))


def representatives_absent(uow: UnitOfWork, review: Review) -> list[Text]:
    """Return which representatives of R-IND-03 did not sign in: the principal's and the agency's."""
    rows = attendance_of(uow, review)
    if not rows.attendees:
        return []
    needed = (Capacity.FINANCE, Capacity.AGENCY)
    present = {one.capacity for one in rows.attendees if one.id in rows.came}
    return [one.label for one in needed if one not in present]
