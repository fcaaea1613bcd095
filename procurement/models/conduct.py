"""Records of bad conduct of suppliers, with what followed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import Organisation
from procurement.states import ConductCode


class ConductRecord(Identified, Base):
    """One violation (R-COLL-03, R-AGENCY-05, R-REMEDY-04), its sanctions as values of `Sanction`, and their reach.

    A major one bars from bidding for three years (R-TENDER-17); `banned_until` is the last day of a ban, `fine` yuan.
    """

    __tablename__ = "conduct_record"
    __table_args__ = (
        CheckConstraint("fine IS NULL OR fine > 0", name="fine_positive"),
        CheckConstraint("banned_until IS NULL OR banned_until > decided_on", name="ban_forward"),
        CheckConstraint("facts <> ''", name="has_facts"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    code: Mapped[ConductCode]
    facts: Mapped[str]
    decided_on: Mapped[date]
    is_major: Mapped[bool]
    sanctions: Mapped[list[str]]
    fine: Mapped[Decimal | None]
    banned_until: Mapped[date | None]
    source: Mapped[str]
    """Where it comes from: `case:<id>`, `complaint:<id>` or `import`."""
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship(lazy="joined")
