"""Undertakings of confidentiality: signed by accepting, or on the next sign-in after an answer by telephone."""

from __future__ import annotations

from sqlalchemy import select

from core.identity.models import User
from core.unit_of_work import Subject, UnitOfWork, reference
from experts.models import Seat, Undertaking
from experts.states import ReviewState, SeatState
from experts.undertaking import digest


def undertaking_of(uow: UnitOfWork, subject: Subject) -> Undertaking | None:
    """Return what was signed for this invitation, or None."""
    return uow.session.scalar(select(Undertaking).where(Undertaking.held_for == reference(subject)))


def sign_undertaking(uow: UnitOfWork, subject: Subject, user: User) -> Undertaking:
    """Sign in the person's name; signing again changes nothing. Who is not signed in has answered by a link."""
    known = undertaking_of(uow, subject)
    if known is not None:
        return known
    row = uow.add(
        Undertaking(
            held_for=reference(subject),
            user_id=user.id,
            name=user.name,
            digest=digest(),
            signed_at=uow.now,
            by_link=uow.actor.user_id != user.id,
        )
    )
    uow.session.flush()
    uow.record("undertaking.sign", row, about=(subject,), after={"digest": row.digest})
    return row


def may_score(uow: UnitOfWork, seat: Seat) -> bool:
    """Whether this member may see the papers and score: seated, the panel complete, the undertaking signed."""
    seated = seat.state is SeatState.ACCEPTED and not seat.is_spare and seat.review.state is ReviewState.SCORING
    return seated and undertaking_of(uow, seat) is not None
