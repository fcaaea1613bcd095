"""Conflicts of interest: declared, computed, and who may be drawn for a review (R-COMM-06, R-EXP)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from agencies.models import Engagement
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership, Organisation
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.exclusions import Exclusion
from experts.models import Conflict, Expert, ExpertDuty, Review, Seat
from experts.ports import known_conflicts
from experts.review_rules import ReviewRules, review_rules
from experts.states import ConflictKind, DutyKind, ExpertState, ReviewState, SeatState

SERVED = (SeatState.ACCEPTED, SeatState.SUBMITTED)


@dataclass(frozen=True)
class Screened:
    """An expert of the pool and why they are not drawn (None: they may be)."""

    expert: Expert
    exclusion: Exclusion | None


@dataclass(frozen=True)
class Matter:
    """What is to be judged: whom nobody may be tied to, whose agencies and units count for repetition and cool-down.

    `system_id` is the indicator system under review, whose second round the same panel holds.
    """

    parties: frozenset[uuid.UUID]
    agencies: frozenset[uuid.UUID] = frozenset()
    units: frozenset[uuid.UUID] = frozenset()
    system_id: uuid.UUID | None = None


def parties(engagement: Engagement) -> frozenset[uuid.UUID]:
    """Return the organisations nobody on the panel may be tied to: the agency and the project's unit."""
    return frozenset({engagement.agency_id, engagement.project.unit_id})


def matter_of(engagement: Engagement) -> Matter:
    """Return an engagement's indicators as what is to be judged."""
    agency, unit = engagement.agency_id, engagement.project.unit_id
    return Matter(parties(engagement), frozenset({agency}), frozenset({unit}), engagement.system_id)


def declare_conflict(
    uow: UnitOfWork,
    expert: Expert,
    organisation: Organisation,
    *,
    kind: ConflictKind,
    reason: str,
    expires_on: date | None = None,
    source: str = "",
) -> Conflict:
    """Note a relation that keeps the expert from judging the organisation. Raises `Refused` at its field."""
    if not reason.strip():
        raise Refused(Refusal(_l("请写明关系的具体情况"), rule_id="R-COMM-06", field="reason"))
    if expires_on is not None and expires_on < uow.today:
        raise Refused(Refusal(_l("有效期不能早于今天"), field="expires_on"))
    conflict = uow.add(
        Conflict(
            expert_id=expert.id,
            organisation_id=organisation.id,
            kind=kind,
            reason=reason.strip(),
            source=source or ("expert" if uow.actor.user_id == expert.user_id else "bureau"),
            declared_at=uow.now,
            expires_on=expires_on,
            withdrawn_at=None,
        )
    )
    uow.session.flush()
    uow.record("expert.declare_conflict", expert, after={"organisation": organisation.id, "kind": kind.value})
    return conflict


def screen(uow: UnitOfWork, engagement: Engagement, *, only: Sequence[Expert] | None = None) -> list[Screened]:
    """Look at every active expert (or `only` these) for a review of this engagement; a constant number of queries."""
    return screen_for(uow, matter_of(engagement), only=only)


def screen_for(uow: UnitOfWork, matter: Matter, *, only: Sequence[Expert] | None = None) -> list[Screened]:
    """Look at every active expert (or `only` these) for judging a matter; a constant number of queries."""
    experts = only
    if experts is None:
        experts = (
            uow.session.scalars(
                select(Expert).where(Expert.state == ExpertState.ACTIVE).options(selectinload(Expert.conflicts))
            )
            .unique()
            .all()
        )
    conflicts: dict[uuid.UUID, ConflictKind] = {}
    for found in known_conflicts(uow, experts, matter.parties):
        conflicts.setdefault(found.expert_id, found.kind)
    supervisors = set(
        uow.session.scalars(
            select(Membership.user_id).where(
                Membership.role == Role.PROCUREMENT_SUPERVISOR, Membership.ended_at.is_(None)
            )
        )
    )
    rules = review_rules(uow)
    duty = _duty(uow, matter, rules)
    screened = []
    for expert in sorted(experts, key=lambda one: str(one.id)):
        kind = conflicts.get(expert.id)
        reason = Exclusion(kind.value) if kind else None
        if expert.user_id in supervisors:
            reason = Exclusion.SUPERVISION
        screened.append(Screened(expert, reason or _by_the_pool(uow, expert, rules) or duty.get(expert.id)))
    return screened


def _by_the_pool(uow: UnitOfWork, expert: Expert, rules: ReviewRules) -> Exclusion | None:
    if not expert.appointed_on <= uow.today <= expert.appointed_until:
        return Exclusion.TERM
    most = rules.age_max if expert.is_retired else rules.in_post_max
    return Exclusion.AGE if uow.today.year - expert.birth_year > most else None


def _duty(uow: UnitOfWork, matter: Matter, rules: ReviewRules) -> dict[uuid.UUID, Exclusion]:
    """Work out load, repetition and cool-down from the reviews each expert served in."""
    months = uow.today.year * 12 + uow.today.month - 1 - rules.cooldown_months
    since = date(months // 12, months % 12 + 1, min(uow.today.day, 28))
    rows = uow.session.execute(
        select(Seat.expert_id, Review.convened_at, Review.system_id, Engagement.agency_id, Engagement.id)
        .join(Review, Review.id == Seat.review_id)
        .join(Engagement, Engagement.id == Review.engagement_id)
        .where(
            Seat.state.in_(SERVED),
            Review.state != ReviewState.CANCELLED,
            Review.convened_at >= uow.now - timedelta(days=31 * max(12, rules.cooldown_months) + 31),
        )
    ).all()
    units = _units(uow, {row.id for row in rows})
    load: Counter[uuid.UUID] = Counter()
    repeat: Counter[uuid.UUID] = Counter()
    found: dict[uuid.UUID, Exclusion] = {}
    for row in rows:
        if row.system_id == matter.system_id:
            continue  # a second review of the same indicators is held by the same panel (R-IND.rework)
        this_year = row.convened_at.year == uow.today.year
        load[row.expert_id] += this_year
        repeat[row.expert_id] += this_year and row.agency_id in matter.agencies
        if units.get(row.id) in matter.units and row.convened_at.date() > since:
            found[row.expert_id] = Exclusion.COOLDOWN
    load.update(_committee_load(uow))
    found |= {one: Exclusion.REPEAT for one, count in repeat.items() if count >= rules.repeat_max}
    found |= {one: Exclusion.LOAD for one, count in load.items() if count >= rules.load_max}
    return found


def _committee_load(uow: UnitOfWork) -> dict[uuid.UUID, int]:
    """Count the reviews of bids and of reports this year: they are duty like any other (R-EXP.load)."""
    begins = date(uow.today.year, 1, 1)
    rows = (
        select(ExpertDuty.expert_id, func.count())
        .where(ExpertDuty.kind.in_((DutyKind.COMMITTEE, DutyKind.REPORT)), ExpertDuty.held_on >= begins)
        .group_by(ExpertDuty.expert_id)
    )
    return {row[0]: row[1] for row in uow.session.execute(rows)}


def _units(uow: UnitOfWork, engagement_ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    rows = uow.session.scalars(select(Engagement).where(Engagement.id.in_(engagement_ids)))
    return {one.id: one.project.unit_id for one in rows}
