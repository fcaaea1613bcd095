"""Agencies of the library and engagements for tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from agencies.models import Agency, Engagement, LeadEvaluator, RecordItem
from agencies.services.engagements import open_engagement
from agencies.services.leads import keep_lead
from agencies.states import AgencyKind, RecordPart
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


def lead_entries(uow: UnitOfWork, **changes) -> dict:
    """The record of a lead evaluator who qualifies (R-LEAD-01)."""
    year = uow.today.year
    return {
        "name": "吴佳宁",
        "rank": "senior",
        "title": "高级会计师",
        "degree": "master",
        "certificates": [{"licence": "accountant", "number": "310000123456", "issued_on": f"{year - 9}-06-01"}],
        "work": [{"employer": "上海衡信绩效评价咨询有限公司", "begins_on": f"{year - 10}-07-01"}],
        "evaluation": [{"employer": "财政项目支出评价", "begins_on": f"{year - 6}-01-01"}],
        "contract_from": f"{year - 3}-01-01",
        "offence": "none",
        **changes,
    }


def make_lead(uow: UnitOfWork, organisation: Organisation, *, qualifies: bool = True, **changes) -> LeadEvaluator:
    """A lead evaluator of an organisation with their record entry; one who does not qualify has no title or licence."""
    if not qualifies:
        changes = {"rank": "none", "title": "", "certificates": [], **changes}
    entries = lead_entries(uow, **changes)
    item = uow.add(
        RecordItem(
            organisation_id=organisation.id,
            part=RecordPart.LEADS,
            name=entries["name"],
            entries=entries,
            is_public=True,
            added_at=uow.now,
            verified_at=uow.now,
        )
    )
    uow.session.flush()
    return keep_lead(uow, item)


def make_engagement(
    uow: UnitOfWork, *, project: Project | None = None, agency: Agency | None = None, **values
) -> Engagement:
    """An engagement in preparation; its plan and comments are on paper unless `taken_over` is false."""
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
            "taken_over": True,
            **values,
        },
    )
