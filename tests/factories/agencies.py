"""Agencies of the library and engagements for tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from agencies.models import Agency, Engagement
from agencies.services.engagements import open_engagement
from agencies.states import AgencyKind
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind
from core.unit_of_work import UnitOfWork
from projects.models import Project
from projects.states import Sector
from tests.factories.identity import make_organisation
from tests.factories.projects import make_project


def make_agency(uow: UnitOfWork, organisation: Organisation | None = None, **values) -> Agency:
    """An agency of the library."""
    organisation = organisation or make_organisation(uow, OrganisationKind.AGENCY)
    agency = uow.add(
        Agency(
            **{
                "organisation_id": organisation.id,
                "kind": AgencyKind.CONSULTING,
                "legal_representative": "沈嘉禾",
                "fields": [Sector.EDUCATION.value],
                "admitted_on": uow.today,
                **values,
            }
        )
    )
    uow.session.flush()
    return agency


def make_engagement(
    uow: UnitOfWork, *, project: Project | None = None, agency: Agency | None = None, **values
) -> Engagement:
    """An engagement in preparation, its indicator system still empty."""
    agency = agency or make_agency(uow)
    return open_engagement(
        uow,
        **{
            "project": project or make_project(uow),
            "agency_id": agency.organisation_id,
            "source": f"direct:{uow.ids.new()}",
            "amount": Decimal("168000.00"),
            "begins_on": uow.today,
            "due_on": uow.today + timedelta(days=90),
            **values,
        },
    )
