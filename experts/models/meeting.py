"""The meeting of a review: who attends beside the experts, who signed in, its minutes, its signatures, its sheet."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from experts.models.review import Review
from experts.models.seat import Seat
from experts.states.meeting import Capacity, Presence

ONE_OF_TWO = "num_nonnulls(seat_id, attendee_id) = 1"


class SheetVersion(Identified, Base):
    """A version of the score sheet by the bureau (R-IND.sheet); the newest is proposed, a review freezes its own.

    `lines` hold key, title, hint and maximum; an empty title or hint means the rule book's words for that key.
    """

    __tablename__ = "review_sheet_version"

    number: Mapped[int] = mapped_column(unique=True)
    lines: Mapped[list[dict[str, Any]]]
    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    made_by: Mapped[User] = relationship()


class Attendee(Identified, Base):
    """A body invited to the meeting beside the experts, and the person it sends; known by name, never drawn, unpaid.

    `user_id` is a named person with an account, `organisation_id` a body whose people may sign in themselves.
    """

    __tablename__ = "review_attendee"
    __table_args__ = (
        UniqueConstraint("review_id", "capacity", "body"),
        CheckConstraint("body <> ''", name="has_body"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("review.id"), index=True)
    capacity: Mapped[Capacity]
    body: Mapped[str]
    person: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    review: Mapped[Review] = relationship(back_populates="attendees")


class SignIn(Identified, Base):
    """Somebody came: an expert (`seat_id`) or somebody of a body invited (`attendee_id`)."""

    __tablename__ = "review_sign_in"
    __table_args__ = (
        CheckConstraint(ONE_OF_TWO, name="one_person"),
        CheckConstraint("person <> ''", name="has_person"),
        UniqueConstraint("seat_id"),
        UniqueConstraint("attendee_id"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("review.id"), index=True)
    seat_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seat.id"))
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("review_attendee.id"))
    person: Mapped[str]
    how: Mapped[Presence]
    at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    seat: Mapped[Seat | None] = relationship()
    attendee: Mapped[Attendee | None] = relationship()


class Minutes(Identified, Versioned, Base):
    """What the secretary wrote down: the course of the meeting and the panel's opinion, which its members sign."""

    __tablename__ = "review_minutes"
    __table_args__ = (CheckConstraint("course <> '' AND opinion <> ''", name="is_written"),)

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("review.id"), unique=True)
    course: Mapped[str]
    opinion: Mapped[str]
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    written_at: Mapped[datetime]
    written_by: Mapped[User] = relationship()


class OpinionSignature(Identified, Base):
    """A member or representative signed the panel's opinion, with a dissent or without."""

    __tablename__ = "review_signature"
    __table_args__ = (
        CheckConstraint(ONE_OF_TWO, name="one_person"),
        UniqueConstraint("seat_id"),
        UniqueConstraint("attendee_id"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("review.id"), index=True)
    seat_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seat.id"))
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("review_attendee.id"))
    person: Mapped[str]
    dissent: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime]
