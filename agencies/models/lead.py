"""Lead evaluators (主评人, R-LEAD-01): whom an engagement's team may name."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.record import RecordItem
from core.database import Base, Identified
from core.identity.models import Organisation


class LeadEvaluator(Identified, Base):
    """A lead evaluator, as teams and lists know them; all that is recorded of them stands in `item`.

    The dates are those on which work and performance evaluation first began; whether somebody qualifies on a day is
    computed from the periods (`agencies.services.leads.lead_verdict`). An organisation outside the library has leads
    too: being in the library is never a condition of bidding (R-GRADE.scope).
    """

    __tablename__ = "lead_evaluator"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency_record_item.id"), unique=True)
    """None for those of whom only this line is known, e.g. after an import."""
    name: Mapped[str]
    qualification: Mapped[str]
    working_since: Mapped[date | None]
    evaluating_since: Mapped[date | None]
    ended_on: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship()
    item: Mapped[RecordItem | None] = relationship()
