"""The key figures that the agency states at delivery; the report is held against them."""

from __future__ import annotations

import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from grading.models.submission import Submission


class KeyFigures(Identified, Base):
    """One version's key figures: amounts in yuan by kind of budget, score and grade, numbers of questionnaires.

    None (for the grade: empty) is what was not stated.
    """

    __tablename__ = "key_figures"
    __table_args__ = (
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name="score_range"),
        CheckConstraint("sent >= 0 AND returned >= 0 AND valid >= 0", name="counts_positive"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), unique=True)
    initial: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    adjusted: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    allocated: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    funded: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    paid: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    used: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    grade: Mapped[str] = mapped_column(default="")
    sent: Mapped[int | None]
    returned: Mapped[int | None]
    valid: Mapped[int | None]
    submission: Mapped[Submission] = relationship(back_populates="key_figures")
