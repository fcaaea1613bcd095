"""Sources of conflicts that this room knows: declared ties, present and former work, an employer's work (R-COMM-06)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from agencies.models import Engagement
from core.clock import SHANGHAI
from core.i18n import _l
from core.identity.models import Membership, Organisation
from core.unit_of_work import UnitOfWork
from experts.models import Conflict, Expert, PastEmployment
from experts.pool_rules import pool_rules
from experts.ports import FoundConflict
from experts.states import ConflictKind
from projects.models import Project

DECLARED = {"expert": _l("本人申报"), "bureau": _l("财政部门登记")}
BY_EMPLOYER = _l("按工作单位与账户核对")
BY_HISTORY = _l("按原工作单位核对")
BY_ENGAGEMENTS = _l("按评价委托核对")


def declared_conflicts(
    uow: UnitOfWork, experts: Sequence[Expert], organisations: frozenset[uuid.UUID]
) -> list[FoundConflict]:
    """Source of conflicts: what was declared and has neither expired nor been withdrawn."""
    rows = uow.session.scalars(
        select(Conflict).where(
            Conflict.expert_id.in_([one.id for one in experts]),
            Conflict.organisation_id.in_(organisations),
            Conflict.withdrawn_at.is_(None),
            or_(Conflict.expires_on.is_(None), Conflict.expires_on >= uow.today),
        )
    )
    return [
        FoundConflict(
            row.expert_id,
            row.organisation_id,
            row.kind,
            row.reason,
            DECLARED.get(row.source, row.source),
            row.expires_on,
        )
        for row in rows
    ]


def present_employers(
    uow: UnitOfWork, experts: Sequence[Expert], organisations: frozenset[uuid.UUID]
) -> list[FoundConflict]:
    """Source of conflicts: the expert works for the organisation, by entry, by name or by account."""
    names = _names(uow, organisations)
    rows = select(Membership.user_id, Membership.organisation_id)
    members = {
        (row.user_id, row.organisation_id)
        for row in uow.session.execute(
            rows.where(Membership.organisation_id.in_(organisations), Membership.ended_at.is_(None))
        )
    }
    found = []
    for expert in experts:
        tied = {one for one in organisations if expert.employer_id == one or (expert.user_id, one) in members}
        if expert.employer in names:
            tied.add(names[expert.employer])
        found += [
            FoundConflict(expert.id, one, ConflictKind.EMPLOYMENT, _l("工作单位就是该单位"), BY_EMPLOYER)
            for one in sorted(tied, key=str)
        ]
    return found


def former_employers(
    uow: UnitOfWork, experts: Sequence[Expert], organisations: frozenset[uuid.UUID]
) -> list[FoundConflict]:
    """Source of conflicts: the expert worked there and left less than the rule's three years ago."""
    years = pool_rules(uow).look_back_years
    since = years_after(uow.today, -years)
    names, by_user = _names(uow, organisations), {one.user_id: one.id for one in experts}
    ended: list[tuple[uuid.UUID, uuid.UUID, date]] = []
    rows = select(PastEmployment).where(
        PastEmployment.expert_id.in_([one.id for one in experts]), PastEmployment.ended_on > since
    )
    for past in uow.session.scalars(rows):
        place = past.employer_id or names.get(past.employer)
        if place in organisations:
            ended.append((past.expert_id, place, past.ended_on))
    accounts = select(Membership.user_id, Membership.organisation_id, Membership.ended_at).where(
        Membership.user_id.in_(by_user), Membership.organisation_id.in_(organisations), Membership.ended_at.is_not(None)
    )
    for row in uow.session.execute(accounts):
        day = row.ended_at.astimezone(SHANGHAI).date()
        if day > since:
            ended.append((by_user[row.user_id], row.organisation_id, day))
    return [
        FoundConflict(
            expert_id,
            place,
            ConflictKind.EMPLOYMENT,
            _l("%(day)s 前在该单位工作", day=day.isoformat()),
            BY_HISTORY,
            years_after(day, years),
        )
        for expert_id, place, day in ended
    ]


def employers_work(
    uow: UnitOfWork, experts: Sequence[Expert], organisations: frozenset[uuid.UUID]
) -> list[FoundConflict]:
    """Source of conflicts: the agency one works for evaluated this unit's projects within three years."""
    employers: dict[uuid.UUID, list[Expert]] = {}
    for one in experts:
        if one.employer_id is not None:
            employers.setdefault(one.employer_id, []).append(one)
    if not employers:
        return []
    years = pool_rules(uow).look_back_years
    rows = uow.session.execute(
        select(Engagement.agency_id, Project.unit_id, Engagement.number, Engagement.due_on)
        .join(Project, Project.id == Engagement.project_id)
        .where(
            Engagement.agency_id.in_(employers),
            Project.unit_id.in_(organisations),
            Engagement.due_on > years_after(uow.today, -years),
        )
        .order_by(Engagement.due_on, Engagement.number)
    )
    latest = {(row.agency_id, row.unit_id): row for row in rows}
    return [
        FoundConflict(
            expert.id,
            row.unit_id,
            ConflictKind.PAST_WORK,
            _l("所在机构承担过该单位项目的评价（%(number)s）", number=row.number),
            BY_ENGAGEMENTS,
            years_after(row.due_on, years),
        )
        for row in latest.values()
        for expert in employers[row.agency_id]
    ]


def years_after(day: date, years: int) -> date:
    """Return the same day of another year; the 29th of February becomes the 28th."""
    return date(day.year + years, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _names(uow: UnitOfWork, organisations: frozenset[uuid.UUID]) -> dict[str, uuid.UUID]:
    rows = uow.session.execute(select(Organisation.name, Organisation.id).where(Organisation.id.in_(organisations)))
    return {row.name: row.id for row in rows}
