"""Red flags over the history of purchases, as last reckoned."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import Organisation
from procurement.models.tender import Tender


class RedFlag(Identified, Base):
    """One Cardinal indicator that applies to a lot of a purchase or to an organisation (R-FLAG.*).

    Reckoned anew from the published history; a flag that no longer applies is removed, one that stays keeps
    `found_at`. `organisations` are ids, `contests` are `[ocid, lot]`, `facts` figures by name.
    """

    __tablename__ = "red_flag"
    __table_args__ = (
        CheckConstraint("tender_id IS NOT NULL OR organisation_id IS NOT NULL", name="about_something"),
        Index(
            "uq_red_flag_subject",
            "code",
            "tender_id",
            "lot",
            "organisation_id",
            "role",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    code: Mapped[str]
    tender_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tender.id"), index=True)
    lot: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(default="")
    value: Mapped[str]
    organisations: Mapped[list[str]]
    facts: Mapped[dict[str, Any]]
    contests: Mapped[list[Any]]
    found_at: Mapped[datetime]
    tender: Mapped[Tender | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
