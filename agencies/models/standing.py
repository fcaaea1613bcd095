"""Decisions about an agency's standing in the library, and the coaching of weak ones."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.agency import Agency
from agencies.states import CoachingState, DecisionState, StandingKind
from core.database import Base, Identified, Versioned
from core.identity.models import User


class StandingDecision(Identified, Versioned, Base):
    """A suspension, removal, leave or return: asked for or proposed, then decided by another person.

    A removal's `ends_on` is the last day on which the agency may not apply to return; a suspension's is its last day,
    None until a return is decided. `asked_by_id` is set where the agency itself applied, with its `statement`.
    """

    __tablename__ = "standing_decision"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="period_forward"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="four_eyes"),
        CheckConstraint("state NOT IN ('proposed', 'decided') OR reason <> ''", name="has_reason"),
        CheckConstraint("state <> 'decided' OR decided_at IS NOT NULL", name="decided_has_time"),
        CheckConstraint("state NOT IN ('refused', 'revoked') OR remark <> ''", name="no_has_reason"),
        CheckConstraint("kind <> 'removal' OR ends_on IS NOT NULL", name="removal_has_period"),
        Index(
            "uq_standing_decision_open",
            "agency_id",
            unique=True,
            postgresql_where=text("state IN ('asked', 'proposed')"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[StandingKind]
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    rule_id: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    statement: Mapped[str] = mapped_column(default="")
    state: Mapped[DecisionState] = mapped_column(default=DecisionState.PROPOSED)
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime | None]
    proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    proposed_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(default="")
    agency: Mapped[Agency] = relationship(lazy="joined")
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def hangs_on(self) -> tuple[Agency, ...]:
        """The agency."""
        return (self.agency,)


class Coaching(Identified, Versioned, Base):
    """The coaching of an agency graded C: for which year, by whom, until it is closed with a conclusion (R-GRADE.C)."""

    __tablename__ = "coaching"
    __table_args__ = (
        UniqueConstraint("agency_id", "year"),
        CheckConstraint("coach <> ''", name="has_coach"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("state <> 'closed' OR conclusion <> ''", name="closed_has_conclusion"),
    )

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    year: Mapped[int]
    coach: Mapped[str]
    topics: Mapped[str] = mapped_column(default="")
    state: Mapped[CoachingState] = mapped_column(default=CoachingState.RUNNING)
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    conclusion: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship(lazy="joined")
    sessions: Mapped[list[CoachingSession]] = relationship(
        back_populates="coaching", order_by="CoachingSession.held_on"
    )

    @property
    def hangs_on(self) -> tuple[Agency, ...]:
        """The agency."""
        return (self.agency,)


class CoachingSession(Identified, Base):
    """One session: when, what about, what was agreed."""

    __tablename__ = "coaching_session"
    __table_args__ = (CheckConstraint("notes <> ''", name="has_notes"),)

    coaching_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("coaching.id"), index=True)
    held_on: Mapped[date]
    notes: Mapped[str]
    noted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    noted_at: Mapped[datetime]
    coaching: Mapped[Coaching] = relationship(back_populates="sessions")
