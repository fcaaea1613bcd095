"""What an agency's ties follow from, read in a constant number of queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from agencies.models import Agency, Engagement, LeadEvaluator
from agencies.ports import told_ties
from agencies.states import EngagementState
from agencies.ties import Account, Body, Evaluated, Tie, derive
from core.clock import SHANGHAI
from core.identity.models import Membership, Organisation, User
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from projects.models import Project

MOST = 200
"""How many agencies that share something, and engagements, are looked at."""


def ties_of(uow: UnitOfWork, agency: Agency) -> list[Tie]:
    """Return an agency's ties: from its record and others', engagements of the last years, accounts, other rooms."""
    leads = _leads(uow, [agency.organisation_id])
    centre = _body(agency, leads.get(agency.organisation_id, []))
    return derive(
        centre,
        _sharing(uow, agency, centre),
        _evaluated(uow, agency),
        _accounts(uow, agency.organisation_id),
        told_ties(uow, agency),
    )


def body_of(agency: Agency) -> Body:
    """Return an agency as an end of ties."""
    return _body(agency, [])


def _body(agency: Agency, leads: list[str]) -> Body:
    body = agency.organisation
    return Body(
        str(agency.organisation_id), body.name, agency.legal_representative, tuple(leads), body.address, body.telephone
    )


def _leads(uow: UnitOfWork, organisations: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    rows = select(LeadEvaluator.organisation_id, LeadEvaluator.name).where(
        LeadEvaluator.organisation_id.in_(organisations), LeadEvaluator.ended_on.is_(None)
    )
    for organisation_id, name in uow.session.execute(rows.order_by(LeadEvaluator.name)):
        found[organisation_id].append(name)
    return found


def _sharing(uow: UnitOfWork, agency: Agency, centre: Body) -> list[Body]:
    """Return the other agencies that may share a head, a lead evaluator, an address or a telephone number."""
    names = {one for one in (*centre.leads, centre.head) if one}
    same_lead = select(LeadEvaluator.organisation_id).where(
        LeadEvaluator.name.in_(names), LeadEvaluator.ended_on.is_(None)
    )
    conditions: list[ColumnElement[bool]] = [
        Agency.legal_representative.in_(names),
        Agency.organisation_id.in_(same_lead),
    ]
    if centre.address:
        conditions.append(Organisation.address == centre.address)
    if centre.telephone:
        conditions.append(Organisation.telephone == centre.telephone)
    rows = (
        select(Agency)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .where(Agency.id != agency.id, or_(*conditions))
        .order_by(Organisation.name)
        .limit(MOST)
    )
    others = uow.session.scalars(rows).unique().all()
    leads = _leads(uow, [one.organisation_id for one in others])
    return [_body(one, leads.get(one.organisation_id, [])) for one in others]


def _evaluated(uow: UnitOfWork, agency: Agency) -> list[Evaluated]:
    """Return the engagements that ran within the years that are looked back on (R-AGENCY-04)."""
    years = uow.house.rules.whole("R-AGENCY-04", "look_back_years", on=uow.today, overrides=overrides(uow))
    since = date(uow.today.year - years, uow.today.month, min(uow.today.day, 28))
    rows = (
        select(Engagement, Project, Organisation.name)
        .join(Project, Project.id == Engagement.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(
            Engagement.agency_id == agency.organisation_id,
            Engagement.state != EngagementState.TERMINATED,
            Engagement.due_on >= since,
        )
        .order_by(Engagement.due_on.desc(), Engagement.number)
        .limit(MOST)
    )
    return [
        Evaluated(
            str(one.id),
            one.number,
            str(project.id),
            project.name,
            str(project.unit_id),
            unit,
            one.begins_on,
            one.due_on,
        )
        for one, project, unit in uow.session.execute(rows).unique()
    ]


def _accounts(uow: UnitOfWork, organisation_id: uuid.UUID) -> list[Account]:
    """Return every account of people who have one in the organisation."""
    people = select(Membership.user_id).where(Membership.organisation_id == organisation_id)
    rows = (
        select(User.id, User.name, Organisation.id, Organisation.name, Membership.ended_at)
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id.in_(people))
    )
    return [
        Account(str(person_id), person, str(place_id), place, ended.astimezone(SHANGHAI).date() if ended else None)
        for person_id, person, place_id, place, ended in uow.session.execute(rows)
    ]
