"""What precedes a tender: its place in the plan, the intention made public, the survey and the reviews of the need."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import Organisation, User
from procurement.models.plan import PlanItem
from procurement.states import Category, ReviewKind, SurveyMeans


class Preparation(Base):
    """How a purchase came about and why it is made as it is; one row for each tender that said anything of it.

    Reasons are empty where nothing was departed from: of the method from the proposal, of the intention from its
    30 days, of the criteria from the forbidden wordings. `method_approval` is the number under which another method
    than open tender was approved.
    """

    __tablename__ = "tender_preparation"

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    plan_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan_item.id"), index=True)
    category: Mapped[Category] = mapped_column(default=Category.EVALUATION)
    in_catalogue: Mapped[bool] = mapped_column(default=False)
    method_reason: Mapped[str] = mapped_column(default="")
    method_approval: Mapped[str] = mapped_column(default="")
    urgent_reason: Mapped[str] = mapped_column(default="")
    wording_reason: Mapped[str] = mapped_column(default="")
    plan_item: Mapped[PlanItem | None] = relationship(lazy="joined")


class Intention(Identified, Base):
    """采购意向: what is to be bought, made public before it starts (R-TENDER-20). Never changed or deleted."""

    __tablename__ = "purchase_intention"
    __table_args__ = (
        CheckConstraint("budget > 0", name="budget_positive"),
        CheckConstraint("num_nonnulls(plan_item_id, tender_id) >= 1", name="has_purchase"),
    )

    purchaser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    plan_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan_item.id"), index=True)
    tender_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tender.id"), index=True)
    title: Mapped[str]
    need: Mapped[str]
    budget: Mapped[Decimal]
    starts_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime] = mapped_column(index=True)
    published_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    purchaser: Mapped[Organisation] = relationship(lazy="joined")


class RequirementSurvey(Identified, Base):
    """需求调查: how and when the need was surveyed and whom was asked (R-TENDER-19).

    `respondents` are `{"name", "kind"}`; the survey counts for a year from `surveyed_on`.
    """

    __tablename__ = "requirement_survey"

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    surveyed_on: Mapped[date]
    means: Mapped[SurveyMeans]
    respondents: Mapped[list[dict[str, Any]]]
    findings: Mapped[str]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[User] = relationship(lazy="joined")


class RequirementAuthor(Base):
    """Who helped to write a requirement and so may not review it (R-TENDER-19)."""

    __tablename__ = "requirement_author"

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), primary_key=True)


class RequirementReview(Identified, Base):
    """需求审查: one review of what stood in the draft, known by `basis` (SHA-256), so that a later change is found.

    `aspects` maps every aspect of a key review to `{"passed", "remark"}`; it is empty for a general one.
    """

    __tablename__ = "requirement_review"
    __table_args__ = (
        CheckConstraint("(kind = 'key') = (aspects <> '{}'::jsonb)", name="key_has_aspects"),
        Index("ix_requirement_review_tender_kind", "tender_id", "kind", "reviewed_at"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"))
    kind: Mapped[ReviewKind]
    passed: Mapped[bool]
    aspects: Mapped[dict[str, Any]]
    opinion: Mapped[str]
    basis: Mapped[str]
    reviewer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    reviewed_at: Mapped[datetime]
    reviewer: Mapped[User] = relationship(lazy="joined")
