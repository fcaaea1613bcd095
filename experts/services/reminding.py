"""Reminders of invitations: before the limit, before the meeting, and after it for a sheet that is missing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.notifications.send import notify
from core.unit_of_work import UnitOfWork, reference
from experts.addresses import seat_page
from experts.answering import answer_reminder_due, meeting_reminder_due
from experts.models import InvitationReminder, Review, Seat
from experts.notifications import MEETING_SOON, REMINDED, SHEET_MISSING
from experts.services.inviting import answer_times, send_invitation, shown
from experts.states import ReviewState, SeatState

AFTER = timedelta(hours=24)
"""A sheet that is still open a day after the meeting is asked for once."""


def remind(uow: UnitOfWork) -> int:
    """Send every reminder that is due and was not sent; return how many. Doing it twice sends nothing twice."""
    times, sent = answer_times(uow), 0
    rows = uow.session.scalars(
        select(Seat)
        .join(Review, Review.id == Seat.review_id)
        .where(
            Seat.state.in_((SeatState.INVITED, SeatState.ACCEPTED)),
            Review.state.in_((ReviewState.INVITING, ReviewState.SCORING)),
        )
        .order_by(Seat.id)
    ).unique()
    for seat in rows.all():
        review = seat.review
        words = {"number": review.number, "when": shown(review.meets_at), "place": review.place}
        if seat.state is SeatState.INVITED:
            if seat.invited_at is None or seat.answer_by is None:
                continue
            if answer_reminder_due(uow.now, seat.invited_at, seat.answer_by, times) and _first(uow, seat, "answer"):
                send_invitation(uow, seat, REMINDED)
                sent += 1
        elif seat.answered_at is not None:
            if meeting_reminder_due(uow.now, review.meets_at, seat.answered_at, times) and _first(uow, seat, "meeting"):
                notify(uow, MEETING_SOON, [seat.expert.user_id], url=seat_page(seat.id), params=words)
                sent += 1
            late = uow.now >= review.meets_at + AFTER and not seat.is_spare
            if late and review.state is ReviewState.SCORING and _first(uow, seat, "sheet"):
                notify(uow, SHEET_MISSING, [seat.expert.user_id], url=seat_page(seat.id), params=words)
                sent += 1
    return sent


def _first(uow: UnitOfWork, seat: Seat, kind: str) -> bool:
    """Note that this reminder goes out; False where it already did (two workers at once write one row)."""
    row = insert(InvitationReminder).values(held_for=reference(seat), kind=kind, sent_at=uow.now)
    return uow.session.scalar(row.on_conflict_do_nothing().returning(InvitationReminder.kind)) is not None
