"""The members' votes on who chairs their committee (R-COMM-08)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Identified


class ChairVote(Identified, Base):
    """One member's vote for an expert; it may be changed until one candidate has the votes of more than half."""

    __tablename__ = "chair_vote"

    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"), unique=True)
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"), index=True)
    cast_at: Mapped[datetime]
