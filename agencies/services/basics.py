"""The first part of a record and the columns of organisation and library that repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from agencies.models import Agency, RecordItem
from agencies.states import AgencyKind
from core.errors import Refusal
from core.i18n import _l
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork


def code_refusals(uow: UnitOfWork, organisation: Organisation, entries: Mapping[str, Any]) -> list[Refusal]:
    """Return a refusal where another organisation has this credit code already."""
    query = select(Organisation.id).where(Organisation.uscc == entries["uscc"], Organisation.id != organisation.id)
    if uow.session.scalar(query) is None:
        return []
    return [Refusal(_l("另一家单位已经登记了这个统一社会信用代码"), rule_id="R-AGENCY-03", field="uscc")]


def enter_library(uow: UnitOfWork, item: RecordItem) -> Agency:
    """Make the library's entry from a checked first part."""
    agency = uow.add(
        Agency(
            organisation_id=item.organisation_id,
            organisation=item.organisation,
            kind=AgencyKind(item.entries["kind"]),
            legal_representative=item.entries["legal_representative"],
            fields=list(item.entries["fields"]),
            admitted_on=uow.today,
        )
    )
    take_over_basics(uow, agency, item)
    return agency


def take_over_basics(uow: UnitOfWork, agency: Agency, item: RecordItem) -> None:
    """Bring the library's entry and the organisation up to a checked first part."""
    entries, organisation = item.entries, item.organisation
    agency.kind = AgencyKind(entries["kind"])
    agency.legal_representative = entries["legal_representative"]
    agency.founded_on = date.fromisoformat(entries["founded_on"]) if entries["founded_on"] else None
    agency.staff = entries["staff"]
    agency.fields = list(entries["fields"])
    agency.introduction = entries["introduction"] or ""
    organisation.name, organisation.uscc = entries["name"], entries["uscc"]
    organisation.address, organisation.telephone = entries["address"], entries["telephone"]
    uow.session.flush()


def proposed_basics(organisation: Organisation) -> dict[str, Any]:
    """Return what is known of an organisation before it has filled in anything."""
    return {
        "name": organisation.name,
        "uscc": organisation.uscc or "",
        "address": organisation.address,
        "premises": organisation.address,
        "telephone": organisation.telephone,
    }
