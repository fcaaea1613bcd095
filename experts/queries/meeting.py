"""Reads about a review's meeting: who is invited, who came, who signed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.documents.models import Document
from core.identity.actor import Actor
from core.unit_of_work import UnitOfWork
from experts.models import Attendee, Minutes, OpinionSignature, Review, Seat, SignIn
from experts.seats import panel_of

PAPER = "meeting-paper"
SIGNED = "signed-opinion"


@dataclass(frozen=True)
class Attendance:
    """The meeting's two lists, each with who came and who signed."""

    seats: Sequence[Seat]
    attendees: Sequence[Attendee]
    came: dict[uuid.UUID, SignIn]
    signed: dict[uuid.UUID, OpinionSignature]

    @property
    def experts_present(self) -> int:
        """How many experts signed in."""
        return sum(seat.id in self.came for seat in self.seats)


def attendance_of(uow: UnitOfWork, review: Review) -> Attendance:
    """Return who is expected at the meeting, who came and who signed; sign-ins are keyed by seat or attendee."""
    attendees = list(
        uow.session.scalars(
            select(Attendee).where(Attendee.review_id == review.id).order_by(Attendee.capacity, Attendee.body)
        )
    )
    order = [*type(attendees[0].capacity)] if attendees else []
    attendees.sort(key=lambda one: (order.index(one.capacity), one.body))
    came = {
        row.seat_id or row.attendee_id: row
        for row in uow.session.scalars(select(SignIn).where(SignIn.review_id == review.id))
    }
    signed = {
        row.seat_id or row.attendee_id: row
        for row in uow.session.scalars(select(OpinionSignature).where(OpinionSignature.review_id == review.id))
    }
    return Attendance(
        panel_of(uow, review),
        attendees,
        {key: row for key, row in came.items() if key is not None},
        {key: row for key, row in signed.items() if key is not None},
    )


def sign_in_of(uow: UnitOfWork, seat: Seat) -> SignIn | None:
    """Return the seat's sign-in."""
    return uow.session.scalar(select(SignIn).where(SignIn.seat_id == seat.id))


def signature_of(uow: UnitOfWork, seat: Seat) -> OpinionSignature | None:
    """Return the seat's signature under the panel's opinion."""
    return uow.session.scalar(select(OpinionSignature).where(OpinionSignature.seat_id == seat.id))


def minutes_of(uow: UnitOfWork, review: Review) -> Minutes | None:
    """Return what the secretary wrote down."""
    return uow.session.scalar(select(Minutes).where(Minutes.review_id == review.id))


def own_attendees(actor: Actor, review: Review) -> list[Attendee]:
    """Return the invited bodies for which the actor comes: named, or one of the body's people."""
    return [one for one in review.attendees if stands_for(actor, one)]


def stands_for(actor: Actor, attendee: Attendee) -> bool:
    """Whether the actor is the person named, or belongs to the body where nobody with an account is named."""
    if actor.user_id is None:
        return False
    if attendee.user_id is not None:
        return attendee.user_id == actor.user_id
    return attendee.organisation_id in actor.organisation_ids


def load_attendee(uow: UnitOfWork, attendee_id: uuid.UUID) -> Attendee | None:
    """Return the invited body with this id."""
    return uow.get(Attendee, attendee_id)


def papers_of(uow: UnitOfWork, review: Review, purpose: str = PAPER) -> list[Document]:
    """Return the papers attached to the meeting, in the order they came."""
    rows = uow.session.scalars(
        select(Document)
        .where(Document.owner_kind == "review", Document.owner_id == review.id, Document.purpose == purpose)
        .order_by(Document.version)
    )
    return list(rows)
