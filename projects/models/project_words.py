"""What projects are found by: kept by the database itself (`projects/words.sql`)."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class ProjectWords(Base):
    """The grams by which a project is found: its code, names and unit."""

    __tablename__ = "project_words"
    __table_args__ = (Index("ix_project_words_grams", "grams", postgresql_using="gin"),)

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    grams: Mapped[Any] = mapped_column(TSVECTOR)
