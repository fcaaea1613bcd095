"""Requests of an agency that need the bureau's consent."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.engagement import Engagement
from agencies.models.lead import LeadEvaluator
from agencies.models.team import TeamMember
from agencies.states import MilestoneKind, RequestKind, RequestState, TeamRole
from core.database import Base, Identified, Versioned
from core.identity.models import User


class EngagementRequest(Identified, Versioned, Base):
    """What an agency asks consent for, with its reason and the bureau's answer (`words`).

    A change of the team (R-AGENCY-07): who leaves (`leaving`), who joins (`name`, `role`, `lead`, `duty`), or both.
    An extension: which milestone, to which day. A release (R-AGENCY-14): to whom (`recipient`).
    """

    __tablename__ = "engagement_request"
    __table_args__ = (
        UniqueConstraint("engagement_id", "position"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("state <> 'refused' OR words <> ''", name="refusal_has_words"),
        CheckConstraint("kind <> 'team' OR leaving_id IS NOT NULL OR name <> ''", name="somebody_changes"),
        CheckConstraint("(name <> '') = (role IS NOT NULL)", name="newcomer_has_role"),
        CheckConstraint("(kind = 'extension') = (milestone IS NOT NULL)", name="extension_has_milestone"),
        CheckConstraint("(milestone IS NULL) = (due_on IS NULL)", name="extension_has_day"),
        CheckConstraint("(kind = 'release') = (recipient <> '')", name="release_has_recipient"),
    )

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    position: Mapped[int]
    kind: Mapped[RequestKind]
    state: Mapped[RequestState] = mapped_column(default=RequestState.ASKED)
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    words: Mapped[str] = mapped_column(default="")
    leaving_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team_member.id"))
    name: Mapped[str] = mapped_column(default="")
    role: Mapped[TeamRole | None]
    lead_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lead_evaluator.id"))
    duty: Mapped[str] = mapped_column(default="")
    milestone: Mapped[MilestoneKind | None]
    due_on: Mapped[date | None]
    recipient: Mapped[str] = mapped_column(default="")
    engagement: Mapped[Engagement] = relationship(lazy="joined")
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    leaving: Mapped[TeamMember | None] = relationship(lazy="joined")
    lead: Mapped[LeadEvaluator | None] = relationship()

    @property
    def hangs_on(self) -> tuple[Engagement]:
        """What its deeds belong to as well."""
        return (self.engagement,)
