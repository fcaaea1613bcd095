"""Agencies of the library and engagements for tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from agencies.models import Agency, Engagement, LeadEvaluator, RecordItem
from agencies.record_parts import PARTS, REQUIRED_SYSTEMS, name_of
from agencies.services.engagements import open_engagement
from agencies.services.leads import keep_lead
from agencies.states import AgencyKind, RecordPart
from core.documents.accept import keep_bytes
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
    item = make_item(uow, organisation, RecordPart.LEADS, entries, verified_at=uow.now)
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


def basics_entries(organisation: Organisation, **changes) -> dict:
    """The first part of a record, complete."""
    return {
        "name": organisation.name,
        "uscc": organisation.uscc or "91310199HP000025X9",
        "kind": "consulting",
        "legal_representative": "沈嘉禾",
        "founded_on": "2012-03-01",
        "address": "澄湖区景明路107号",
        "premises": "澄湖区景明路107号",
        "premises_kind": "rented",
        "premises_area": 300,
        "staff": 30,
        "evaluators": 12,
        "equipment": "统计分析软件",
        "fields": [Sector.EDUCATION.value],
        "telephone": "021-55551037",
        "contact": "沈嘉禾",
        "contact_telephone": "13900002031",
        "introduction": "",
        **changes,
    }


def make_item(
    uow: UnitOfWork, organisation: Organisation, part: RecordPart, entries: dict, *, papers: bool = True, **values
) -> RecordItem:
    """An entry of a record with the papers it must have; `verified_at` where it is in force."""
    item = uow.add(
        RecordItem(
            **{
                "organisation_id": organisation.id,
                "organisation": organisation,
                "part": part,
                "name": name_of(part, entries),
                "entries": entries,
                "is_public": PARTS[part].may_be_public,
                "added_at": uow.now,
                **values,
            }
        )
    )
    uow.session.flush()
    for one in PARTS[part].evidence if papers else ():
        keep_bytes(uow, b"proof", owner=item, purpose=one.purpose, name="证明.pdf", media_type="application/pdf")
    if part is RecordPart.LEADS:
        keep_lead(uow, item)
    return item


def make_record(uow: UnitOfWork, organisation: Organisation, **values) -> dict[RecordPart, list[RecordItem]]:
    """A record with which an agency may enter the library: basics, a lead evaluator, the six internal rules."""
    year = uow.today.year
    found = {
        RecordPart.BASICS: [make_item(uow, organisation, RecordPart.BASICS, basics_entries(organisation), **values)],
        RecordPart.LEADS: [make_item(uow, organisation, RecordPart.LEADS, lead_entries(uow), **values)],
        RecordPart.SYSTEMS: [
            make_item(
                uow,
                organisation,
                RecordPart.SYSTEMS,
                {"kind": one.value, "name": str(one.label), "in_force_on": f"{year - 1}-01-01"},
                **values,
            )
            for one in REQUIRED_SYSTEMS
        ],
    }
    uow.session.flush()
    return found


def make_library_agency(uow: UnitOfWork, **values) -> Agency:
    """An agency of the library whose record is in force."""
    agency = make_agency(uow, **values)
    make_record(uow, agency.organisation, verified_at=uow.now)
    return agency
