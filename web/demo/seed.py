"""Building the demonstration district: people and libraries first, then each package's own history."""

from __future__ import annotations

import importlib
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from agencies.demonstration.record import add_record
from agencies.models import Agency, CreditRecord
from core.clock import SeededIds
from core.database import db
from core.house import current_house
from core.identity.models import Membership, Organisation, User
from core.identity.roles import OrganisationKind, Role
from core.unit_of_work import UnitOfWork
from projects.models import CommonIndicator, Project
from web.demo.agencies import AGENCIES
from web.demo.indicators import COMMON_INDICATORS
from web.demo.organisations import ORGANISATIONS, PEOPLE
from web.demo.projects import PROJECTS
from web.demo.uscc import credit_code
from web.demo.world import DOMAIN, World, new_world

PACKAGES = ("experts", "procurement", "grading", "agencies")
"""Packages with a `demonstration` module, in the order in which their histories build on one another."""


def is_empty() -> bool:
    """Whether the database holds no organisation yet."""
    return not db.session.scalar(select(func.count()).select_from(Organisation))


def seed_district(seed: int) -> World:
    """Build the whole district. The same seed on the same day makes the same district."""
    world = seed_libraries(seed)
    for name in PACKAGES:
        module = importlib.import_module(f"{name}.demonstration")
        with world.acting(None) as uow:
            module.populate(uow, world)
    return world


def seed_libraries(seed: int) -> World:
    """Build what a district starts from: people, projects, agencies and common indicators, without any history."""
    world = new_world(db.session(), current_house(), SeededIds(seed), seed)
    with world.acting(None, days=-400) as uow:
        add_organisations(uow, world)
        add_people(uow, world)
        add_projects(uow, world)
        add_agencies(uow, world)
        add_common_indicators(uow)
    return world


def add_organisations(uow: UnitOfWork, world: World) -> None:
    """Add the bureau, its departments, supervision and the agencies' organisations."""
    for seed in ORGANISATIONS:
        world.organisations[seed.key] = uow.add(
            Organisation(
                name=seed.name,
                name_en=seed.name_en,
                kind=seed.kind,
                uscc=seed.uscc,
                address="澄湖区政务路1号区行政中心" if seed.kind is OrganisationKind.BUREAU else "",
            )
        )
    for number, one in enumerate(AGENCIES, start=1):
        world.organisations[f"agency-{number}"] = uow.add(
            Organisation(
                name=one.name,
                name_en=one.name_en,
                kind=OrganisationKind.AGENCY,
                uscc=credit_code(number),
                address=f"澄湖区{_road(number)}{100 + 7 * number}号",
                telephone=f"021-5555{1000 + 37 * number}",
            )
        )
    uow.session.flush()


def _road(number: int) -> str:
    return ("澄湖大道", "景明路", "文澜路", "安和路", "春和街", "望江路")[number % 6]


def add_people(uow: UnitOfWork, world: World) -> None:
    """Add everyone of the bureau, departments and supervision, and two people of each agency."""
    for one in PEOPLE:
        world.users[one.key] = add_user(
            uow, one.key, one.name, one.name_en, world.organisations[one.organisation], *one.roles
        )
    for number, agency in enumerate(AGENCIES, start=1):
        organisation = world.organisations[f"agency-{number}"]
        head, staff = agency.head, agency.leads[-1]
        manager = add_user(uow, f"agency{number}", head, "", organisation, Role.AGENCY_MANAGER)
        world.users[f"agency{number}"] = manager
        world.managers.append(manager)
        if staff != head:
            key = f"agency{number}.staff"
            world.users[key] = add_user(uow, key, staff, "", organisation, Role.AGENCY_STAFF)


def add_user(uow: UnitOfWork, key: str, name: str, name_en: str, organisation: Organisation, *roles: Role) -> User:
    """Add a demonstration user; without a password, since one click signs in."""
    user = uow.add(
        User(
            email=f"{key}@{DOMAIN}",
            name=name,
            name_en=name_en,
            password_hash=None,
            totp_secret=None,
            totp_last_step=None,
            created_at=uow.now,
        )
    )
    uow.session.flush()
    for position, role in enumerate(roles):
        uow.add(
            Membership(user_id=user.id, organisation_id=organisation.id, role=role, position=position, ended_at=None)
        )
    uow.session.flush()
    return user


def add_projects(uow: UnitOfWork, world: World) -> None:
    """Add the forty projects, eight to a sector."""
    letters = {"education": "JY", "employment": "LD", "social-security": "SB", "farmers-income": "NY"}
    for number, one in enumerate(PROJECTS, start=1):
        budget = Decimal(one.wan) * 10000
        project = uow.add(
            Project(
                code=f"{uow.today.year}-{letters.get(one.sector.value, 'AQ')}-{number:03d}",
                name=one.name,
                name_en=one.name_en,
                unit_id=world.organisations[one.unit].id,
                year=world.now.year - 1,
                sector=one.sector,
                industry=one.industry,
                budget=budget,
                evaluation_fee=min(max(budget * Decimal("0.006"), Decimal(120000)), Decimal(360000)).quantize(
                    Decimal(1000)
                ),
                objective=one.objective,
                content=f"由{world.organisations[one.unit].name}组织实施，资金来源为区级财政预算。",
                created_at=uow.now,
            )
        )
        world.projects.append(project)
        uow.session.flush()
        uow.record("project.create", project, after={"code": project.code, "name": project.name})


def add_agencies(uow: UnitOfWork, world: World) -> None:
    """Add the library's entries with their whole record; a few have a credit record."""
    for number, one in enumerate(AGENCIES, start=1):
        agency = uow.add(
            Agency(
                organisation_id=world.organisations[f"agency-{number}"].id,
                kind=one.kind,
                legal_representative=one.head,
                founded_on=date(one.founded, 3 + number % 9, 1 + number),
                staff=one.staff,
                fields=[sector.value for sector in one.sectors],
                introduction=(
                    f"成立于 {one.founded} 年，现有从业人员 {one.staff} 人，主要从事财政支出绩效评价与政策评估。"
                ),
                admitted_on=date(max(one.founded + 2, 2018), 5, 1 + number),
            )
        )
        uow.session.flush()
        if number in (7, 16, 23):
            uow.add(
                CreditRecord(
                    agency_id=agency.id,
                    happened_on=date(world.now.year - 1, 9, number),
                    description="报告中引用的问卷数据与底稿不符，经约谈后更正。",
                    points=Decimal(10),
                    expires_on=date(world.now.year + 1, 9, number),
                )
            )
        add_record(uow, agency, number, one.leads)
        world.agencies.append(agency)
        uow.record("agency.admit", agency, after={"name": one.name})
    uow.session.flush()


def add_common_indicators(uow: UnitOfWork) -> None:
    """Add the common indicators of the national framework (R-PERF-04), in our own words."""
    for position, one in enumerate(COMMON_INDICATORS, start=1):
        dimension, second, third, explanation, scoring, formula = one
        uow.add(
            CommonIndicator(
                dimension=dimension,
                second=second,
                third=third,
                explanation=explanation,
                scoring=scoring,
                formula=formula,
                position=position,
            )
        )
