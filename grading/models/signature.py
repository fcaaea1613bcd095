"""The lead evaluator's signature under a final report (R-AGENCY-11)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import LeadEvaluator
from core.database import Base, Identified
from core.identity.models import User
from grading.models.submission import Submission


class LeadSignature(Identified, Base):
    """Who signed which file: the lead's name at the time, the undertaking as it was read, the report's hash.

    The page with ink and seal is the delivery's scan, or the report itself where it carries an electronic signature.
    """

    __tablename__ = "lead_signature"
    __table_args__ = (
        CheckConstraint("name <> '' AND undertaking <> ''", name="is_worded"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_form"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), unique=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead_evaluator.id"), index=True)
    name: Mapped[str]
    undertaking: Mapped[str]
    sha256: Mapped[str]
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    submission: Mapped[Submission] = relationship()
    lead: Mapped[LeadEvaluator] = relationship()
    signed_by: Mapped[User | None] = relationship()
