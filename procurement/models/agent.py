"""The procurement agent (采购代理机构) of a purchase, and the agreement under which it acts."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from procurement.models.tender import Tender


class AgentAppointment(Identified, Versioned, Base):
    """An agent entrusted with parts of one purchase by a written agreement (政府采购法 arts. 19-20, 条例 art. 16).

    `scope` are values of `AgentStep`; within them, and only in this purchase, the agent's officers act for the
    purchaser. `valid_until` is the agreement's last day, None where it runs to the purchase's end; `fee` says in words
    what the agent is paid, by whom. An ended appointment stays on file.
    """

    __tablename__ = "agent_appointment"
    __table_args__ = (
        CheckConstraint("agreement_number <> ''", name="has_agreement"),
        CheckConstraint("jsonb_array_length(scope) > 0", name="has_scope"),
        CheckConstraint("valid_until >= agreed_on", name="valid_after_agreed"),
        CheckConstraint("(ended_at IS NULL) = (ended_reason = '')", name="ended_has_reason"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    agreement_number: Mapped[str]
    agreed_on: Mapped[date]
    valid_until: Mapped[date | None]
    scope: Mapped[list[str]]
    fee: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_telephone: Mapped[str] = mapped_column(default="")
    appointed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    appointed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(default="")
    tender: Mapped[Tender] = relationship(back_populates="agent")
    agency: Mapped[Organisation] = relationship(lazy="joined")

    @property
    def stands(self) -> bool:
        """Whether the appointment was not ended."""
        return self.ended_at is None
