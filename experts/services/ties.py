"""A person's ties over time: all that are known, noting and withdrawing one, and leaving seats for it (R-COMM-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind
from core.unit_of_work import UnitOfWork
from experts.events import TiesChanged
from experts.models import Conflict, Expert, Seat
from experts.ports import FoundConflict, known_conflicts
from experts.services.conflicts import declare_conflict, screen
from experts.services.invitations import ASKING, recuse_seat
from experts.states import ConflictKind, SeatState

OPEN_SEATS = (SeatState.INVITED, SeatState.ACCEPTED)
JUDGED_KINDS = (OrganisationKind.AGENCY, OrganisationKind.BUDGET_UNIT, OrganisationKind.PROCUREMENT_AGENT)


@dataclass(frozen=True)
class Tie:
    """One tie in force, with the organisation it is to."""

    organisation: Organisation
    found: FoundConflict


def judged_organisations(uow: UnitOfWork) -> Sequence[Organisation]:
    """Return the active organisations somebody may have to judge: agencies, units and agents."""
    rows = select(Organisation).where(Organisation.kind.in_(JUDGED_KINDS), Organisation.is_active)
    return uow.session.scalars(rows.order_by(Organisation.name)).all()


def ties_of(uow: UnitOfWork, expert: Expert) -> list[Tie]:
    """Return every tie in force, declared or computed, by the organisation's name."""
    bodies = {one.id: one for one in judged_organisations(uow)}
    found = known_conflicts(uow, [expert], frozenset(bodies))
    ties = [Tie(bodies[one.organisation_id], one) for one in found]
    return sorted(ties, key=lambda one: (one.organisation.name, one.found.kind.value))


def declared_by(uow: UnitOfWork, expert: Expert) -> Sequence[Conflict]:
    """Return what was ever declared of somebody, newest first; also what expired or was withdrawn."""
    rows = select(Conflict).where(Conflict.expert_id == expert.id).options(selectinload(Conflict.organisation))
    return uow.session.scalars(rows.order_by(Conflict.declared_at.desc())).all()


def note_tie(
    uow: UnitOfWork,
    expert: Expert,
    organisation: Organisation,
    *,
    kind: ConflictKind,
    reason: str,
    expires_on: date | None = None,
) -> Conflict:
    """Declare a relation; whoever sits in a review it concerns leaves at once and the next is asked."""
    conflict = declare_conflict(uow, expert, organisation, kind=kind, reason=reason, expires_on=expires_on)
    publish(uow, TiesChanged(expert))
    return conflict


def withdraw_tie(uow: UnitOfWork, conflict: Conflict, reason: str) -> None:
    """Withdraw a relation that was noted by mistake; what was decided by it stays as it was."""
    if not reason.strip():
        raise Refused(Refusal(_l("请写明撤销的理由"), rule_id="R-COMM-06", field="reason"))
    if conflict.withdrawn_at is not None:
        raise Refused(Refusal(_l("这项利害关系已经撤销")))
    conflict.withdrawn_at, conflict.withdrawn_reason = uow.now, reason.strip()
    uow.record("expert.withdraw_conflict", conflict.expert, reason=reason, after={"conflict": conflict.id})


def leave_seats(uow: UnitOfWork, event: TiesChanged) -> None:
    """Event: somebody's ties changed; in running reviews that they concern the next expert is asked."""
    rows = select(Seat).where(Seat.expert_id == event.expert.id, Seat.state.in_(OPEN_SEATS))
    for seat in uow.session.scalars(rows.options(selectinload(Seat.review))).unique().all():
        if seat.review.state not in ASKING:
            continue
        exclusion = screen(uow, seat.review.engagement, only=[event.expert])[0].exclusion
        if exclusion is not None and exclusion.rule_id == "R-COMM-06":
            recuse_seat(uow, seat, str(exclusion.label))
