"""The certificate of a published grade."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import AgencyGrade
from agencies.states import Grade
from core.database import Base, Identified
from core.identity.models import User


class GradeCertificate(Identified, Base):
    """A signed paper that states an agency's grade of a year (评级证书), until another takes its place.

    `code` is in its check address; `digest` that of the public record it holds, `sha256` that of the file, `signer` the
    fingerprint of the certificate it was signed with. `grade`, `score` and `agency` stand as printed.
    """

    __tablename__ = "grade_certificate"
    __table_args__ = (
        CheckConstraint("(superseded_at IS NULL) = (superseded_because = '')", name="superseded_says_why"),
        Index("uq_grade_certificate_standing", "grade_id", unique=True, postgresql_where=text("superseded_at IS NULL")),
        Index("ix_grade_certificate_sha256", "sha256"),
        Index("ix_grade_certificate_digest", "digest"),
        UniqueConstraint("number"),
        UniqueConstraint("code"),
    )

    grade_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency_grade.id"), index=True)
    number: Mapped[str]
    code: Mapped[str]
    agency: Mapped[str]
    grade: Mapped[Grade]
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    digest: Mapped[str]
    sha256: Mapped[str]
    signer: Mapped[str]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    superseded_at: Mapped[datetime | None]
    superseded_because: Mapped[str] = mapped_column(default="")
    standing_for: Mapped[AgencyGrade] = relationship()
    issued_by: Mapped[User | None] = relationship()
