"""Plans of a year for tests, made through the services by different people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.identity.models import User
from core.identity.roles import OrganisationKind, Role
from core.unit_of_work import UnitOfWork
from procurement.models import Plan
from procurement.services.planning import PlanItemEntry, add_item, approve_plan, open_plan, submit_plan
from procurement.states import Category
from tests.factories.bids import acting
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project


@dataclass
class Planning:
    """A plan with the officer who drew it up and an approver."""

    plan: Plan
    officer: User
    approver: User


def entry(uow: UnitOfWork, **values) -> PlanItemEntry:
    """A planned evaluation of one project, below the procurement limit."""
    return PlanItemEntry(
        **{
            "title": "社区卫生服务绩效评价",
            "category": Category.EVALUATION,
            "amount": Decimal("180000.00"),
            "starts_on": date(uow.today.year, 6, 1),
            "need": "评价社区卫生服务能力提升项目的产出和效益",
            "projects": [make_project(uow)],
            **values,
        }
    )


def draft_plan(uow: UnitOfWork, *entries: PlanItemEntry) -> Planning:
    """This year's plan in draft, with one usual item unless others are given."""
    bureau = make_organisation(uow, OrganisationKind.BUREAU)
    officer = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=bureau)
    approver = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=bureau)
    clerk = acting(uow, officer)
    plan = open_plan(clerk, uow.today.year)
    for one in entries or (entry(uow),):
        add_item(clerk, plan, one)
    return Planning(plan, officer, approver)


def approved_plan(uow: UnitOfWork, *entries: PlanItemEntry) -> Planning:
    """This year's plan, approved."""
    made = draft_plan(uow, *entries)
    submit_plan(acting(uow, made.officer), made.plan)
    approve_plan(acting(uow, made.approver), made.plan)
    return made
