"""Open data as it was published."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.tender import Tender

KEEP = """
CREATE OR REPLACE FUNCTION refuse_release_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published release never changes (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER ocds_release_stands BEFORE UPDATE OR DELETE ON ocds_release
    FOR EACH ROW EXECUTE FUNCTION refuse_release_change();
"""
"""The database itself refuses to change or remove what was published."""


class OcdsRelease(Identified, Base):
    """One OCDS release, for ever: `text` are its very bytes, `sha256` their hash, `position` its place in the purchase.

    `released_at` is the release's own date, never before that of the one before; `stored_at` is when it was written.
    """

    __tablename__ = "ocds_release"
    __table_args__ = (
        UniqueConstraint("tender_id", "position"),
        UniqueConstraint("release_id"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_form"),
        CheckConstraint("position > 0", name="position_positive"),
        Index("ix_ocds_release_released_at", "released_at", "release_id"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id", ondelete="RESTRICT"))
    position: Mapped[int]
    release_id: Mapped[str]
    ocid: Mapped[str] = mapped_column(index=True)
    tag: Mapped[str]
    released_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    text: Mapped[str]
    sha256: Mapped[str]
    tender: Mapped[Tender] = relationship()


KEPT = DDL(KEEP.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy gives DDL no types
event.listen(OcdsRelease.__table__, "after_create", KEPT)
