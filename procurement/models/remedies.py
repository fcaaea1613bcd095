"""Inquiries, challenges, and the clocks of everything that must be answered in time."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from procurement.models.tender import Tender
from procurement.states import ChallengeBasis, ChallengeState, InquiryState, Measure, ProcessStep, Verdict


class RemedyClock(Identified, Base):
    """One period that runs for one case: under which rule, from which day, to which last day (R-REMEDY-05).

    `owner_kind`/`owner_id` name the case as the documents do. `stopped_at` is when the deed was done, in time or late;
    `provisional` when a day on the way has no official calendar yet.
    """

    __tablename__ = "remedy_clock"
    __table_args__ = (
        UniqueConstraint("owner_kind", "owner_id", "name"),
        CheckConstraint("last_day >= starts_on", name="forward"),
        Index("ix_remedy_clock_running", "ends_at", postgresql_where=text("stopped_at IS NULL")),
    )

    owner_kind: Mapped[str]
    owner_id: Mapped[uuid.UUID]
    rule_id: Mapped[str]
    name: Mapped[str]
    """The rule's value that is counted, e.g. `answer_days`."""
    starts_on: Mapped[date]
    last_day: Mapped[date]
    ends_at: Mapped[datetime]
    provisional: Mapped[bool] = mapped_column(default=False)
    stopped_at: Mapped[datetime | None]

    def was_late(self, now: datetime) -> bool:
        """Whether the deed came, or still stays out, after the last day."""
        return (self.stopped_at or now) >= self.ends_at


class Inquiry(Identified, Versioned, Base):
    """A supplier asks about a purchase (询问, R-REMEDY-01)."""

    __tablename__ = "inquiry"
    __table_args__ = (
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_has_time"),
        CheckConstraint("state <> 'answered' OR answer <> ''", name="answered_has_words"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime]
    question: Mapped[str]
    may_affect_result: Mapped[bool] = mapped_column(default=False)
    state: Mapped[InquiryState] = mapped_column(default=InquiryState.ASKED)
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])


class Challenge(Identified, Versioned, Base):
    """A supplier challenges the documents, a step of the process, or the result (质疑, R-REMEDY-02).

    `received_on` is the day that counts: of filing here, or of posting for a letter (R-REMEDY-05). The answer is
    drafted by one and issued by another; `verdict` and `measure` are its substance.
    """

    __tablename__ = "challenge"
    __table_args__ = (
        CheckConstraint("(basis = 'process') = (step IS NOT NULL)", name="process_has_step"),
        CheckConstraint("state IN ('filed', 'withdrawn') OR verdict IS NOT NULL", name="answered_has_verdict"),
        CheckConstraint("(verdict = 'upheld') = (measure IS NOT NULL)", name="upheld_has_measure"),
        CheckConstraint("issued_by_id IS NULL OR issued_by_id <> drafted_by_id", name="four_eyes"),
        Index(
            "uq_challenge_once",
            "tender_id",
            "organisation_id",
            "basis",
            "step",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    filed_at: Mapped[datetime]
    received_on: Mapped[date]
    is_letter: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[ChallengeBasis]
    step: Mapped[ProcessStep | None]
    last_day: Mapped[date]
    matter: Mapped[str]
    facts: Mapped[str]
    legal_basis: Mapped[str] = mapped_column(default="")
    request: Mapped[str]
    contact_name: Mapped[str]
    contact_telephone: Mapped[str]
    contact_address: Mapped[str]
    may_affect_result: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ChallengeState] = mapped_column(default=ChallengeState.FILED)
    verdict: Mapped[Verdict | None]
    measure: Mapped[Measure | None]
    answer: Mapped[str] = mapped_column(default="")
    drafted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    issued_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    remedied_at: Mapped[datetime | None]
    remedy_note: Mapped[str] = mapped_column(default="")
    tender: Mapped[Tender] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    filed_by: Mapped[User] = relationship(foreign_keys=[filed_by_id])
    drafted_by: Mapped[User | None] = relationship(foreign_keys=[drafted_by_id])

    @property
    def is_late(self) -> bool:
        """Whether it came after its last day, so that it may be rejected for that."""
        return self.received_on > self.last_day
