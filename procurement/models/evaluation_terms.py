"""What the tender document says of the evaluation beside criteria and weights."""

from __future__ import annotations

import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from procurement.models.tender import Tender
from procurement.states import TieMethod


class EvaluationTerms(Identified, Versioned, Base):
    """Percentages of the low-price triggers and of the deductions, the least quality points, how ties are decided.

    Without a row the lawful least values hold and nothing falls for too few points (R-ALP-01, R-PRICE-05, R-EVAL-07).
    """

    __tablename__ = "evaluation_terms"
    __table_args__ = (
        CheckConstraint("mean BETWEEN 0 AND 100 AND next_lowest BETWEEN 0 AND 100", name="percent_range"),
        CheckConstraint("ceiling BETWEEN 0 AND 100", name="ceiling_range"),
        CheckConstraint("minimum_merit IS NULL OR minimum_merit > 0", name="minimum_positive"),
        CheckConstraint("tie_method <> 'document' OR tie_rule <> ''", name="tie_has_rule"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    mean: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    next_lowest: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    ceiling: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    small_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    partner_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    minimum_merit: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    tie_method: Mapped[TieMethod] = mapped_column(default=TieMethod.DRAW)
    tie_rule: Mapped[str] = mapped_column(default="")
    tender: Mapped[Tender] = relationship()
