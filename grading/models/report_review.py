"""The review of a final report by representatives and experts: what was convened, who sits, who gave an opinion."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Engagement
from core.database import Base, Identified, Versioned
from core.identity.models import User
from experts.models import Expert
from experts.states import Capacity, Category
from grading.states import PanelWay, ReportReviewState, ReportSeatState


class ReportReview(Identified, Versioned, Base):
    """A panel for one engagement's final report (R-GRADE.panel, 报告评审).

    `meets_at` and `place` are empty where no meeting is held; sheets are due on `due_on`. `fee` is yuan an expert,
    `ground` why experts are invited without a draw, `opinion` what the review came to.
    """

    __tablename__ = "report_review"
    __table_args__ = (
        CheckConstraint("size BETWEEN 1 AND 15 AND reserves BETWEEN 0 AND 15", name="sizes"),
        CheckConstraint("fee >= 0 AND answer_hours > 0", name="terms"),
        CheckConstraint("way <> 'chosen' OR ground <> ''", name="chosen_has_ground"),
        CheckConstraint("(state = 'concluded') = (concluded_at IS NOT NULL)", name="concluded_has_time"),
        CheckConstraint("state <> 'concluded' OR opinion <> ''", name="concluded_has_opinion"),
        Index(
            "uq_report_review_standing",
            "engagement_id",
            unique=True,
            postgresql_where=text("state <> 'cancelled'"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    state: Mapped[ReportReviewState] = mapped_column(default=ReportReviewState.PLANNED)
    way: Mapped[PanelWay]
    size: Mapped[int]
    reserves: Mapped[int]
    quotas: Mapped[list[dict[str, Any]]]
    ground: Mapped[str] = mapped_column(default="")
    meets_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    fee: Mapped[Decimal]
    answer_hours: Mapped[int]
    convened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    convened_at: Mapped[datetime]
    opinion: Mapped[str] = mapped_column(default="")
    concluded_at: Mapped[datetime | None]
    engagement: Mapped[Engagement] = relationship(lazy="joined")
    convened_by: Mapped[User] = relationship()
    seats: Mapped[list[ReportSeat]] = relationship(back_populates="review", order_by="ReportSeat.position")
    guests: Mapped[list[ReportGuest]] = relationship(back_populates="review", order_by="ReportGuest.position")


class ReportSeat(Identified, Versioned, Base):
    """An expert of the panel: invited, or a reserve in the order of the draw. Who accepts rates the report."""

    __tablename__ = "report_seat"
    __table_args__ = (
        UniqueConstraint("review_id", "expert_id"),
        CheckConstraint("state NOT IN ('declined', 'recused', 'replaced') OR reason <> ''", name="left_has_reason"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_review.id"), index=True)
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    category: Mapped[Category]
    position: Mapped[int]
    state: Mapped[ReportSeatState] = mapped_column(default=ReportSeatState.RESERVE)
    invited_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    review: Mapped[ReportReview] = relationship(back_populates="seats")
    expert: Mapped[Expert] = relationship(lazy="joined")


class ReportGuest(Identified, Versioned, Base):
    """A representative (department, unit, people's congress …): gives an opinion and no points.

    `organisation_id` is the body where it has accounts here, so that its people write themselves; the secretary writes
    for others.
    """

    __tablename__ = "report_guest"
    __table_args__ = (
        UniqueConstraint("review_id", "position"),
        CheckConstraint("body <> ''", name="has_body"),
        CheckConstraint("(opinion = '') = (said_at IS NULL)", name="said_has_time"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_review.id"), index=True)
    position: Mapped[int]
    capacity: Mapped[Capacity]
    body: Mapped[str]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    person: Mapped[str] = mapped_column(default="")
    opinion: Mapped[str] = mapped_column(default="")
    said_at: Mapped[datetime | None]
    said_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    review: Mapped[ReportReview] = relationship(back_populates="guests")
