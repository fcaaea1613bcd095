"""From where a bid came, signs of collusion between opened bids, and what the committee found about each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.bid import Bid
from procurement.models.tender import Tender
from procurement.states import Sign, SignExcuse, SignVerdict, SignWeight


class BidOrigin(Identified, Base):
    """From where a bid was handed in: its network address, and a keyed hash of the browser's own random mark.

    Kept to be compared with the other bids after the opening (R-COLL-01, form 2) and for nothing else; until then, like
    the bid itself, nobody is shown it.
    """

    __tablename__ = "bid_origin"

    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    address: Mapped[str] = mapped_column(default="")
    device: Mapped[str] = mapped_column(default="")
    bid: Mapped[Bid] = relationship()


class CollusionSearch(Identified, Base):
    """One search over a tender's opened bids; `unread` are `{"bid", "name", "reason"}` of files that were not read."""

    __tablename__ = "collusion_search"

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    done_at: Mapped[datetime]
    files: Mapped[int]
    unread: Mapped[list[dict[str, Any]]]
    tender: Mapped[Tender] = relationship()


class CollusionSignal(Identified, Base):
    """A sign that two or more opened bids share (R-COLL-01); shown with its evidence, it rejects nothing by itself.

    `groups` are places side by side, `facts` the figures that explain it; see `procurement.collusion.papers.Hit`.
    """

    __tablename__ = "collusion_signal"
    __table_args__ = (UniqueConstraint("tender_id", "sign", "key"),)

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"))
    sign: Mapped[Sign]
    weight: Mapped[SignWeight]
    key: Mapped[str]
    value: Mapped[str]
    groups: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]
    found_at: Mapped[datetime]
    tender: Mapped[Tender] = relationship()
    bids: Mapped[list[Bid]] = relationship(secondary="collusion_signal_bid", order_by=(Bid.arrived_at, Bid.id))
    finding: Mapped[CollusionFinding | None] = relationship(back_populates="signal")


class CollusionSignalBid(Base):
    """Which bids share a sign."""

    __tablename__ = "collusion_signal_bid"

    signal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("collusion_signal.id"), primary_key=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), primary_key=True, index=True)


class CollusionFinding(Identified, Base):
    """What the committee found about a sign, recorded by its chair; it stands.

    Rigged: the bids are invalid (R-COLL-01) and the finance authority has a report. Explained: with the excuse
    (R-COLL-02) and the reason.
    """

    __tablename__ = "collusion_finding"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("(verdict = 'explained') = (excuse IS NOT NULL)", name="explained_has_excuse"),
        CheckConstraint("(verdict = 'rigged') = (report_id IS NOT NULL)", name="rigged_has_report"),
    )

    signal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("collusion_signal.id"), unique=True)
    verdict: Mapped[SignVerdict]
    excuse: Mapped[SignExcuse | None]
    reason: Mapped[str]
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"))
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("irregularity_report.id"))
    found_at: Mapped[datetime]
    signal: Mapped[CollusionSignal] = relationship(back_populates="finding")
