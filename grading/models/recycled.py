"""What is kept to find text of other projects' reports: a fingerprint a version, and the other side of each finding."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from grading.models.finding import ReportFinding
from grading.models.submission import Submission


class ReportPrint(Identified, Base):
    """The fingerprint of one version's passages: numbers of four bytes, in order (`grading.checks.fingerprint`)."""

    __tablename__ = "report_print"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), unique=True)
    numbers: Mapped[bytes] = mapped_column(LargeBinary)
    submission: Mapped[Submission] = relationship()


class RecycledPassage(Identified, Base):
    """The passage of another project's report that a finding speaks of, kept apart from the finding's own words.

    Whoever reads the finding need not know the other report: it may be another agency's.
    """

    __tablename__ = "recycled_passage"

    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_finding.id"), unique=True)
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), index=True)
    paragraph: Mapped[int]
    section: Mapped[str]
    passage: Mapped[str]
    finding: Mapped[ReportFinding] = relationship()
    source: Mapped[Submission] = relationship(lazy="joined")
