"""Cases of misconduct, the measures taken on them, and sanctions that others imposed."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.agency import Agency
from agencies.models.engagement import Engagement
from agencies.states import (
    ConductCode,
    ConductState,
    HonestyStep,
    MeasureKind,
    MeasureState,
    SanctionKind,
    SanctionState,
)
from core.database import Base, Identified, Versioned
from core.identity.models import User


class ConductCase(Identified, Versioned, Base):
    """One thing an agency is said to have done (R-AGENCY-05), with its hearing and the decision about it.

    `step` is what the proposer asks for and, once decided, what was decided; the entry of the archive is a
    `CreditRecord` that points here. Whoever opened a case never decides it.
    """

    __tablename__ = "conduct_case"
    __table_args__ = (
        CheckConstraint("facts <> ''", name="has_facts"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> opened_by_id", name="four_eyes"),
        CheckConstraint("state NOT IN ('recorded', 'dismissed') OR decision <> ''", name="decided_has_reason"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_time"),
        CheckConstraint("stated_at IS NULL OR statement <> ''", name="statement_has_words"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    engagement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("engagement.id"), index=True)
    code: Mapped[ConductCode]
    step: Mapped[HonestyStep]
    happened_on: Mapped[date]
    facts: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    """Where it came to light: an inspection, findings in a report, a complaint."""
    state: Mapped[ConductState] = mapped_column(default=ConductState.NOTIFIED)
    opened_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[datetime]
    statement_due: Mapped[date]
    statement: Mapped[str] = mapped_column(default="")
    stated_at: Mapped[datetime | None]
    stated_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decision: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    agency: Mapped[Agency] = relationship(lazy="joined")
    engagement: Mapped[Engagement | None] = relationship()
    opened_by: Mapped[User | None] = relationship(foreign_keys=[opened_by_id])
    stated_by: Mapped[User | None] = relationship(foreign_keys=[stated_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    measures: Mapped[list[ConductMeasure]] = relationship(back_populates="case", order_by="ConductMeasure.proposed_at")

    @property
    def hangs_on(self) -> tuple[Agency, ...]:
        """The agency: a case belongs to its timeline."""
        return (self.agency,)


class ConductMeasure(Identified, Versioned, Base):
    """A step of the ladder of R-AGENCY-16 taken on a recorded case: proposed by one, signed by another, followed up.

    `words` is what is asked for; `recipient` the regulator or supervision that is told; `answer` the agency's report of
    its correction, the minutes of the talk, or what the recipient replied.
    """

    __tablename__ = "conduct_measure"
    __table_args__ = (
        CheckConstraint("words <> ''", name="has_words"),
        CheckConstraint("issued_by_id IS NULL OR issued_by_id <> proposed_by_id", name="four_eyes"),
        CheckConstraint("state IN ('proposed', 'cancelled') OR issued_at IS NOT NULL", name="issued_has_time"),
        CheckConstraint("state <> 'fulfilled' OR answer <> ''", name="fulfilled_has_answer"),
        CheckConstraint("kind IN ('correction', 'admonition') OR recipient <> ''", name="told_has_recipient"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conduct_case.id"), index=True)
    kind: Mapped[MeasureKind]
    words: Mapped[str]
    recipient: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    state: Mapped[MeasureState] = mapped_column(default=MeasureState.PROPOSED)
    proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    proposed_at: Mapped[datetime]
    issued_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    issued_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    fulfilled_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(default="")
    case: Mapped[ConductCase] = relationship(back_populates="measures", lazy="joined")
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    issued_by: Mapped[User | None] = relationship(foreign_keys=[issued_by_id])

    @property
    def hangs_on(self) -> tuple[ConductCase | Agency, ...]:
        """The case and its agency."""
        return (self.case, self.case.agency)


class OutsideSanction(Identified, Versioned, Base):
    """A sanction that somebody else imposed on an agency, taken over with its source and checked by a second person.

    It is shown with the agency's record; it bars nobody from bidding by itself: supervision records bans (R-COLL-03).
    """

    __tablename__ = "outside_sanction"
    __table_args__ = (
        CheckConstraint("facts <> '' AND source <> '' AND authority <> ''", name="has_source"),
        CheckConstraint("ends_on IS NULL OR ends_on >= decided_on", name="period_forward"),
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> recorded_by_id", name="four_eyes"),
        CheckConstraint("state NOT IN ('rejected', 'withdrawn') OR remark <> ''", name="no_has_reason"),
    )

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[SanctionKind]
    authority: Mapped[str]
    document_number: Mapped[str] = mapped_column(default="")
    facts: Mapped[str]
    decided_on: Mapped[date]
    ends_on: Mapped[date | None]
    is_major: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str]
    state: Mapped[SanctionState] = mapped_column(default=SanctionState.REPORTED)
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    checked_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(default="")
    agency: Mapped[Agency] = relationship(lazy="joined")

    @property
    def hangs_on(self) -> tuple[Agency, ...]:
        """The agency."""
        return (self.agency,)
