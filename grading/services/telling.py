"""Telling every agency of a year that its sheet is there, was taken back, or that its grade is published.

In chunks, each a unit of work of its own with the next one's job in it: a broken worker tells nobody twice.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select

from agencies.models import Agency, AgencyGrade
from core.identity.models import Membership, User
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from grading.addresses import entry_page, grade_page
from grading.models import CycleEntry, GradingCycle
from grading.notifications import ANNOUNCED, GRADED, RECALLED
from grading.states import CycleState

CHUNK = 200
KINDS: dict[CycleState, NotificationKind] = {
    CycleState.ANNOUNCED: ANNOUNCED,
    CycleState.PREVIEW: RECALLED,
    CycleState.PUBLISHED: GRADED,
}


def tell_agencies(uow: UnitOfWork, cycle: GradingCycle, state: CycleState, after: uuid.UUID | None) -> uuid.UUID | None:
    """Tell the managers of the next agencies of a cycle what became of it; return where to go on, None at the end.

    Nobody is told what is no longer so: when the cycle has moved on since, nothing is said.
    """
    if cycle.state is not state or state not in KINDS:
        return None
    query = (
        select(CycleEntry.id, Agency.id, Agency.organisation_id)
        .join(Agency, Agency.id == CycleEntry.agency_id)
        .where(CycleEntry.cycle_id == cycle.id)
        .order_by(CycleEntry.id)
        .limit(CHUNK)
    )
    rows = uow.session.execute(query.where(CycleEntry.id > after) if after else query).all()
    people = _managers(uow, [organisation for _entry, _agency, organisation in rows])
    pages = _grade_pages(uow, cycle, [agency for _entry, agency, _organisation in rows])
    due = cycle.appeals_due_on.isoformat() if cycle.appeals_due_on else ""
    for entry, agency, organisation in rows:
        url = pages.get(agency, entry_page(entry))
        notify(uow, KINDS[state], people.get(organisation, []), url=url, params={"year": str(cycle.year), "due": due})
    return rows[-1][0] if len(rows) == CHUNK else None


def _managers(uow: UnitOfWork, organisations: list[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    query = (
        select(Membership.organisation_id, Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id.in_(organisations),
            Membership.role == Role.AGENCY_MANAGER,
            Membership.ended_at.is_(None),
            User.is_active,
        )
    )
    for organisation, user in uow.session.execute(query):
        found.setdefault(organisation, []).append(user)
    return found


def _grade_pages(uow: UnitOfWork, cycle: GradingCycle, agencies: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return where each agency's published grade is explained."""
    if cycle.state is not CycleState.PUBLISHED:
        return {}
    query = select(AgencyGrade.agency_id, AgencyGrade.id).where(
        AgencyGrade.agency_id.in_(agencies), AgencyGrade.year == cycle.year
    )
    return {agency: grade_page(grade) for agency, grade in uow.session.execute(query)}
