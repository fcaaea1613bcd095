"""The credit record (诚信档案): what happened that whoever rates the agency should know."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from agencies.models import Agency, CreditRecord
from core.unit_of_work import UnitOfWork

NO_POINTS = Decimal(0)


def note_event(uow: UnitOfWork, organisation_id: uuid.UUID, description: str) -> CreditRecord | None:
    """Note an event of the rating year that costs no points by itself; None where the agency is not in the library."""
    agency = uow.session.scalar(select(Agency).where(Agency.organisation_id == organisation_id))
    if agency is None:
        return None
    row = uow.add(
        CreditRecord(
            agency_id=agency.id,
            happened_on=uow.today,
            description=description,
            points=NO_POINTS,
            expires_on=date(uow.today.year, 12, 31),
        )
    )
    uow.session.flush()
    uow.session.expire(agency, ["credit"])
    uow.record("agency.credit_event", agency, after={"description": description})
    return row
