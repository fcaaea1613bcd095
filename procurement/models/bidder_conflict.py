"""Ties between organisations, and what organisations did for projects before."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import Organisation
from procurement.states import RelationKind, ServiceKind
from projects.models import Project


class SupplierRelation(Identified, Base):
    """A tie between two organisations, with where it is known from; `ended_on` closes it (R-TENDER-16)."""

    __tablename__ = "supplier_relation"
    __table_args__ = (
        CheckConstraint("one_id <> other_id", name="two_ends"),
        CheckConstraint("source <> ''", name="has_source"),
        Index("ix_supplier_relation_other_id", "other_id"),
        Index(
            "uq_supplier_relation_standing",
            "one_id",
            "other_id",
            "kind",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    one_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[RelationKind]
    source: Mapped[str]
    since: Mapped[date]
    ended_on: Mapped[date | None]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    one: Mapped[Organisation] = relationship(foreign_keys=[one_id], lazy="joined")
    other: Mapped[Organisation] = relationship(foreign_keys=[other_id], lazy="joined")


class ProjectService(Identified, Base):
    """What an organisation did for a project, which bars it from evaluating it (R-TENDER-16, R-AGENCY-21)."""

    __tablename__ = "project_service"
    __table_args__ = (
        CheckConstraint("source <> ''", name="has_source"),
        Index("uq_project_service", "organisation_id", "project_id", "kind", unique=True),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[ServiceKind]
    source: Mapped[str]
    done_on: Mapped[date]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    project: Mapped[Project] = relationship(lazy="joined")
