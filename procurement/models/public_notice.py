"""Public notices as they were published."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from procurement.models.tender import Tender
from procurement.states import NoticeKind

KEEP = """
CREATE OR REPLACE FUNCTION refuse_notice_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.tender_id, NEW.kind, NEW.source, NEW.title, NEW.record, NEW.published_at)
        IS DISTINCT FROM (OLD.id, OLD.tender_id, OLD.kind, OLD.source, OLD.title, OLD.record, OLD.published_at)
    THEN
        RAISE EXCEPTION 'a published notice never changes (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER public_notice_stands BEFORE UPDATE OR DELETE ON public_notice
    FOR EACH ROW EXECUTE FUNCTION refuse_notice_change();
"""
"""The database itself refuses to remove a notice or change what it says; only where it stands outside is added."""


class PublicNotice(Identified, Versioned, Base):
    """A notice, frozen: page, text for the provincial medium and PDF are all set from `record`.

    `source` names what it announces, once: `tender:<id>/amendment-2`. `external_url` and `external_at` say where and
    when it first stood in the designated medium, from which periods run (R-NOTICE-01).
    """

    __tablename__ = "public_notice"
    __table_args__ = (
        UniqueConstraint("source"),
        CheckConstraint("(external_url = '') = (external_at IS NULL)", name="external_has_time"),
        Index("ix_public_notice_published_at", "published_at", "id"),
    )

    kind: Mapped[NoticeKind]
    tender_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tender.id", ondelete="RESTRICT"), index=True)
    purchaser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    record: Mapped[dict[str, Any]]
    record_hash: Mapped[str]
    published_at: Mapped[datetime]
    external_url: Mapped[str] = mapped_column(default="")
    external_at: Mapped[datetime | None]
    registered_at: Mapped[datetime | None]
    registered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    tender: Mapped[Tender | None] = relationship()
    purchaser: Mapped[Organisation] = relationship(lazy="joined")

    @property
    def runs_from(self) -> datetime:
        """The instant from which this notice's periods run: outside where it stood there, else here (R-NOTICE-01)."""
        return self.external_at or self.published_at


KEPT = DDL(KEEP.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy gives DDL no types
event.listen(PublicNotice.__table__, "after_create", KEPT)
