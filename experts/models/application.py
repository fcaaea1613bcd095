"""Applications to enter the pool: by oneself, on a unit's recommendation, at the bureau's invitation."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from experts.models.expert import Expert
from experts.states import ApplicationState, EntryRoute


class ExpertApplication(Identified, Versioned, Base):
    """Somebody who wants, or is asked, to join (R-EXP-01). Until it is decided they need no account.

    `entries` is what was typed, in the form of `experts.services.entries`; `declarations` what was declared of the
    record. `token_hash` is of the link by which the candidate fills in, looks at, amends or withdraws it.
    `remark` is the bureau's last word: what is missing, or why it was decided so.
    """

    __tablename__ = "expert_application"
    __table_args__ = (
        CheckConstraint("(route = 'recommendation') = (recommended_by_id IS NOT NULL)", name="recommended_by_a_unit"),
        CheckConstraint("(state = 'admitted') = (expert_id IS NOT NULL)", name="admitted_is_in_the_pool"),
        CheckConstraint("state NOT IN ('returned', 'rejected') OR remark <> ''", name="no_has_reason"),
        CheckConstraint("state <> 'submitted' OR submitted_at IS NOT NULL", name="submitted_has_time"),
        Index(
            "uq_expert_application_open",
            "email",
            unique=True,
            postgresql_where=text("state IN ('invited', 'submitted', 'returned')"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    route: Mapped[EntryRoute]
    state: Mapped[ApplicationState]
    name: Mapped[str]
    email: Mapped[str]
    entries: Mapped[dict[str, Any]]
    declarations: Mapped[list[str]] = mapped_column(default=list)
    introduction: Mapped[str] = mapped_column(default="")
    recommended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    started_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    remark: Mapped[str] = mapped_column(default="")
    expert_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("expert.id"))
    recommended_by: Mapped[Organisation | None] = relationship()
    started_by: Mapped[User | None] = relationship(foreign_keys=[started_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    expert: Mapped[Expert | None] = relationship()
