"""Reads for the pool's pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from core.identity.actor import Actor
from core.identity.models import Organisation, User
from core.identity.roles import OrganisationKind
from core.unit_of_work import UnitOfWork
from experts.models import Expert
from experts.models.expert import expert_department
from experts.states import BudgetFunction, Category, Division, ExpertState
from projects.states import Industry

CATEGORIES = {one.value for one in Category}
SECTIONS = {one.value for one in Industry}
DIVISIONS = {one.value for one in Division}
FUNCTIONS = {one.value for one in BudgetFunction}
STATES = {one.value for one in ExpertState}


@dataclass(frozen=True)
class Wanted:
    """What is looked for; a word may be part of a name, employer, title, speciality, trade, function or department."""

    text: str = ""
    category: str = ""
    industry: str = ""
    function: str = ""
    department: str = ""
    state: str = ""


def experts_wanted(wanted: Wanted) -> Select[Expert]:
    """Select experts by all that is asked for; several words must all be found, each anywhere."""
    query = select(Expert).join(User, User.id == Expert.user_id)
    for word in wanted.text.split():
        query = query.where(_holds(word))
    if wanted.category in CATEGORIES:
        query = query.where(Expert.categories.contains([wanted.category]))
    if wanted.industry in SECTIONS:
        query = query.where(Expert.industries.contains([wanted.industry]))
    elif wanted.industry in DIVISIONS:
        query = query.where(Expert.divisions.contains([wanted.industry]))
    if wanted.function in FUNCTIONS:
        query = query.where(Expert.functions.contains([wanted.function]))
    if (department := _id(wanted.department)) is not None:
        query = query.where(_knows(expert_department.c.organisation_id == department))
    if wanted.state in STATES:
        query = query.where(Expert.state == ExpertState(wanted.state))
    return query


def experts_matching(*, text: str = "") -> Select[Expert]:
    """Select experts by words, those whose name holds the first one before others."""
    word = text.split(maxsplit=1)[0] if text.split() else ""
    by_name = case((User.name.icontains(word, autoescape=True), 0), else_=1)
    return experts_wanted(Wanted(text)).order_by(by_name, User.name)


def _holds(word: str) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [
        column.icontains(word, autoescape=True)
        for column in (
            User.name,
            User.email,
            User.telephone,
            Expert.employer,
            Expert.position,
            Expert.speciality,
            Expert.professional_title,
            Expert.district,
        )
    ]
    for column, members in (
        (Expert.categories, Category),
        (Expert.industries, Industry),
        (Expert.divisions, Division),
        (Expert.functions, BudgetFunction),
    ):
        found += [
            column.contains([one.value])
            for one in members
            if word.lower() in str(one.label).lower() or word == one.value
        ]
    found.append(
        _knows(
            and_(
                expert_department.c.organisation_id == Organisation.id,
                or_(
                    Organisation.name.icontains(word, autoescape=True),
                    Organisation.name_en.icontains(word, autoescape=True),
                ),
            )
        )
    )
    return or_(*found)


def _knows(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(expert_department.c.expert_id).where(expert_department.c.expert_id == Expert.id, condition).exists()


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def units(uow: UnitOfWork) -> Sequence[Organisation]:
    """Return the departments, by name."""
    rows = select(Organisation).where(Organisation.kind == OrganisationKind.BUDGET_UNIT, Organisation.is_active)
    return uow.session.scalars(rows.order_by(Organisation.name)).all()


def agencies_to_choose(uow: UnitOfWork) -> Sequence[Organisation]:
    """Return the agencies, by name."""
    rows = select(Organisation).where(Organisation.kind == OrganisationKind.AGENCY, Organisation.is_active)
    return uow.session.scalars(rows.order_by(Organisation.name)).all()


def load_expert(uow: UnitOfWork, expert_id: uuid.UUID) -> Expert | None:
    """Return the expert with this id."""
    return uow.get(Expert, expert_id)


def expert_of(uow: UnitOfWork, actor: Actor) -> Expert | None:
    """Return the actor's own entry of the pool."""
    return uow.session.scalar(select(Expert).where(Expert.user_id == actor.user_id)) if actor.user_id else None
