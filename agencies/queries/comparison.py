"""What a comparison needs of a few agencies: a constant number of queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from agencies.comparison import Facts, Work, YearOf
from agencies.honesty import Entry, standing_points, weigh
from agencies.models import Agency, AgencyGrade, AgencyListing, CreditRecord, Engagement, Milestone
from agencies.ports import grade_lines
from agencies.queries.standing import standings_of
from agencies.states import EngagementState
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from projects.models import Project
from projects.states import Sector

ENDED = (EngagementState.CLOSED, EngagementState.TERMINATED)


def listed_agencies(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[AgencyListing]:
    """Return these agencies as lists show them, in the order asked for; those that do not exist are left out."""
    rows = {
        one.agency_id: one for one in uow.session.scalars(select(AgencyListing).where(AgencyListing.agency_id.in_(ids)))
    }
    return [rows[one] for one in dict.fromkeys(ids) if one in rows]


def facts_of(uow: UnitOfWork, rows: Sequence[AgencyListing], *, with_work: bool) -> list[Facts]:
    """Return what is compared of these agencies."""
    ids = [one.agency_id for one in rows]
    agencies = {one.id: one for one in uow.session.scalars(select(Agency).where(Agency.id.in_(ids))).unique()}
    organisations = [agencies[one].organisation_id for one in ids]
    standings = standings_of(uow, organisations)
    grades = _grades(uow, ids)
    lines = grade_lines(uow, [one.grade_id for one in rows if one.grade_id])
    works = _works(uow, agencies) if with_work else {}
    found = []
    for one in rows:
        agency = agencies[one.agency_id]
        line = lines.get(one.grade_id) if one.grade_id else None
        found.append(
            Facts(
                id=str(one.agency_id),
                name=one.name,
                kind=one.kind,
                fields=one.sectors,
                district=one.district,
                founded_on=agency.founded_on,
                staff=one.staff,
                leads=one.leads,
                admitted_on=one.admitted_on,
                standing=standings[agency.organisation_id].standing.standing,
                grades=grades[one.agency_id],
                elements={key: (title, points, full) for key, title, points, full in (line.elements if line else ())},
                work=works.get(one.agency_id),
            )
        )
    return found


def _grades(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[int, YearOf]]:
    found: dict[uuid.UUID, dict[int, YearOf]] = defaultdict(dict)
    rows = select(AgencyGrade).where(AgencyGrade.agency_id.in_(ids), AgencyGrade.published_at.is_not(None))
    for one in uow.session.scalars(rows.options(defer(AgencyGrade.record))):
        found[one.agency_id][one.year] = YearOf(one.grade, one.score)
    return found


def _works(uow: UnitOfWork, agencies: dict[uuid.UUID, Agency]) -> dict[uuid.UUID, Work]:
    """Return engagements by field, milestones and honesty losses of agencies: three queries."""
    by_organisation = {one.organisation_id: one.id for one in agencies.values()}
    fields: dict[uuid.UUID, dict[Sector, int]] = defaultdict(lambda: defaultdict(int))
    running: dict[uuid.UUID, int] = defaultdict(int)
    counted = (
        select(Engagement.agency_id, Project.sector, Engagement.state, func.count())
        .join(Project, Project.id == Engagement.project_id)
        .where(Engagement.agency_id.in_(by_organisation))
        .group_by(Engagement.agency_id, Project.sector, Engagement.state)
    )
    for organisation_id, sector, state, count in uow.session.execute(counted):
        if state is not EngagementState.TERMINATED:
            fields[by_organisation[organisation_id]][sector] += count
        if state not in ENDED:
            running[by_organisation[organisation_id]] += count
    done = {
        by_organisation[organisation_id]: (in_time, every)
        for organisation_id, in_time, every in uow.session.execute(
            select(Engagement.agency_id, func.count().filter(Milestone.done_on <= Milestone.due_on), func.count())
            .join(Milestone, Milestone.engagement_id == Engagement.id)
            .where(Engagement.agency_id.in_(by_organisation), Milestone.done_on.is_not(None))
            .group_by(Engagement.agency_id)
        )
    }
    losses = _losses(uow, list(agencies))
    factor = uow.house.rules.number("R-GRADE.year", "repeat_factor", on=uow.today, overrides=overrides(uow))
    return {
        agency_id: Work(
            engagements=dict(fields[agency_id]),
            running=running[agency_id],
            in_time=done.get(agency_id, (0, 0))[0],
            done=done.get(agency_id, (0, 0))[1],
            losses=sum(one.points > 0 and one.happened_on <= uow.today <= one.expires_on for one in losses[agency_id]),
            points=standing_points(weigh(losses[agency_id], factor, uow.today)),
        )
        for agency_id in agencies
    }


def _losses(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Entry]]:
    found: dict[uuid.UUID, list[Entry]] = defaultdict(list)
    for one in uow.session.scalars(
        select(CreditRecord).where(CreditRecord.agency_id.in_(ids), CreditRecord.points > 0)
    ):
        found[one.agency_id].append(Entry(str(one.id), one.points, one.happened_on, one.expires_on))
    return found
