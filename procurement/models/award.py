"""The award of a lot, and the procedure that leads to it and follows it."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.bid import Bid
from procurement.models.tender import Lot, Tender


class Award(Identified, Base):
    """Who won a lot at what price (yuan), with the record from which the result can be recomputed.

    `decided_by_id` is empty where the purchaser stayed silent and the first-ranked was taken as the winner
    (R-AWARD-02). A winner who refuses to sign keeps the row; `superseded_at` and its reason say so, and the next
    candidate gets a row of its own.
    """

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint("(superseded_at IS NULL) = (superseded_reason = '')", name="superseded_has_reason"),
        Index("uq_award_standing", "lot_id", unique=True, postgresql_where=text("superseded_at IS NULL")),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    amount: Mapped[Decimal]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]
    record: Mapped[dict[str, Any]]
    public_record: Mapped[dict[str, Any]]
    superseded_at: Mapped[datetime | None]
    superseded_reason: Mapped[str] = mapped_column(default="")
    tender: Mapped[Tender] = relationship()
    lot: Mapped[Lot] = relationship()
    bid: Mapped[Bid] = relationship()


class AwardProcedure(Base):
    """What the clocks of the award run from, one row a tender that was evaluated (R-AWARD-01, R-AWARD-02).

    `report_received_at` is when the evaluation report reached the purchaser: at once where the purchaser's own officer
    added up the sheets, on delivery where an agent did. `delay_reason` is a lawful reason that keeps the first-ranked
    from being taken as the winner. `notice_at` and `notice_url` say when and where the result stood in the designated
    medium, from which the notice period runs.
    """

    __tablename__ = "award_procedure"
    __table_args__ = (
        CheckConstraint("(delay_reason = '') = (delayed_by_id IS NULL)", name="delay_has_person"),
        CheckConstraint("(notice_url = '') = (notice_at IS NULL)", name="notice_has_time"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    by_agent: Mapped[bool]
    report_received_at: Mapped[datetime | None]
    report_sent_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    delay_reason: Mapped[str] = mapped_column(default="")
    delayed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    is_by_default: Mapped[bool] = mapped_column(default=False)
    notice_url: Mapped[str] = mapped_column(default="")
    notice_at: Mapped[datetime | None]


class DepositRefund(Base):
    """A bid deposit that was paid back to its bidder (R-TENDER-08).

    What and to whom is copied from the sealed deposit statement: `amount` is yuan, `means` a key of `MEANS`; payer,
    bank and account are empty where the bid was sealed by a page that did not ask for them.
    """

    __tablename__ = "deposit_refund"

    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), primary_key=True)
    refunded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    amount: Mapped[Decimal]
    means: Mapped[str] = mapped_column(default="")
    payer: Mapped[str] = mapped_column(default="")
    bank: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")
