"""A draw of committee members from the bureau's own pool: what was wanted, who was drawn and how they answered."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from experts.models import Expert
from experts.states import Category
from procurement.models.committee import CommitteeSeat
from procurement.models.committee_draw import CommitteeDraw
from procurement.models.tender import Tender
from procurement.states import CallState, InviteeState


class CommitteeCall(Identified, Versioned, Base):
    """So many experts with these fields, drawn from the bureau's own pool (R-POOL-01).

    `quotas` are `{"key", "minimum"}`; `fee` is yuan a person, `answer_hours` the time to answer an invitation.
    `ground` and `consenting` are those of a selection by the purchaser itself, which a statutory purchase needs
    (R-COMM-04); the consent is a document of this row. `register` is what the committee's papers say of the draw.
    """

    __tablename__ = "committee_call"
    __table_args__ = (
        CheckConstraint("size BETWEEN 1 AND 15 AND reserves BETWEEN 0 AND 30", name="sizes"),
        CheckConstraint("answer_hours > 0 AND fee >= 0", name="terms"),
        CheckConstraint("(ground = '') = (consenting = '')", name="ground_with_consent"),
        Index(
            "uq_committee_call_running",
            "tender_id",
            unique=True,
            postgresql_where=text("state IN ('planned', 'drawing')"),
        ),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[CallState] = mapped_column(default=CallState.PLANNED)
    size: Mapped[int]
    reserves: Mapped[int]
    quotas: Mapped[list[dict[str, Any]]]
    starts_at: Mapped[datetime]
    place: Mapped[str]
    fee: Mapped[Decimal]
    answer_hours: Mapped[int]
    ground: Mapped[str] = mapped_column(default="")
    consenting: Mapped[str] = mapped_column(default="")
    called_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    called_at: Mapped[datetime]
    register_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("committee_draw.id"))
    tender: Mapped[Tender] = relationship()
    register: Mapped[CommitteeDraw | None] = relationship()


class CommitteeInvitee(Identified, Versioned, Base):
    """A drawn expert: invited, or a reserve in the order of the draw; `seat` is the one they took by accepting."""

    __tablename__ = "committee_invitee"
    __table_args__ = (
        UniqueConstraint("call_id", "expert_id"),
        CheckConstraint("state NOT IN ('declined', 'recused', 'replaced') OR reason <> ''", name="left_has_reason"),
        CheckConstraint("state <> 'accepted' OR seat_id IS NOT NULL", name="accepted_has_seat"),
    )

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_call.id"), index=True)
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    category: Mapped[Category]
    position: Mapped[int]
    state: Mapped[InviteeState] = mapped_column(default=InviteeState.RESERVE)
    invited_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    seat_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("committee_seat.id"))
    call: Mapped[CommitteeCall] = relationship()
    expert: Mapped[Expert] = relationship(lazy="joined")
    seat: Mapped[CommitteeSeat | None] = relationship()
