"""What quality management hands to procurement supervision, and what supervision has recorded of an agency.

Leads are signals of supervision's desk: it looks into them and decides; nothing follows from a lead (R-AGENCY-16).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from agencies.addresses import measure_page, standing_page
from agencies.models import ConductMeasure, OutsideSanction
from agencies.ports import OtherRecord
from agencies.states import MeasureKind, MeasureState, SanctionKind, SanctionState
from core.clock import SHANGHAI
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.models import ConductRecord, Inspection, InspectionTarget
from procurement.states import Finding, InspectionState, Sanction
from procurement.supervision_signals import Signal

HANDED = (MeasureState.ISSUED, MeasureState.FULFILLED)


def agency_leads(uow: UnitOfWork) -> Iterator[Signal]:
    """Yield every signed transfer, and every checked procurement sanction of others that may have to be recorded."""
    transfers = select(ConductMeasure).where(
        ConductMeasure.kind == MeasureKind.TRANSFER, ConductMeasure.state.in_(HANDED)
    )
    for one in uow.session.scalars(transfers).unique():
        agency = one.case.agency
        yield Signal(
            "agency-transfer",
            None,
            agency.organisation.name,
            _l("质量管理移送的违规线索"),
            one.case.code.label,
            "high",
            one.issued_at or one.proposed_at,
            measure_page(one.id),
            "R-AGENCY-16",
            agency.organisation_id,
        )
    sanctions = select(OutsideSanction).where(
        OutsideSanction.kind == SanctionKind.PROCUREMENT, OutsideSanction.state == SanctionState.CONFIRMED
    )
    for row in uow.session.scalars(sanctions).unique():
        yield Signal(
            "outside-sanction",
            None,
            row.agency.organisation.name,
            _l("其他地区的政府采购处罚，请核实是否登记"),
            row.authority,
            "medium",
            row.checked_at or row.recorded_at,
            standing_page(row.agency_id),
            "R-COLL-03",
            row.agency.organisation_id,
        )


def recorded_inspections(uow: UnitOfWork, organisation_id: uuid.UUID) -> Iterator[OtherRecord]:
    """Yield what closed inspections found wrong with an agency, and until when it was to put it right (R-AGENCY-15)."""
    rows = (
        select(InspectionTarget)
        .join(Inspection, Inspection.id == InspectionTarget.inspection_id)
        .where(InspectionTarget.organisation_id == organisation_id, Inspection.state == InspectionState.CLOSED)
        .options(selectinload(InspectionTarget.findings), joinedload(InspectionTarget.inspection))
    )
    for target in uow.session.scalars(rows).unique():
        wrong = [one for one in target.findings if one.finding is not Finding.GOOD]
        drawn_at = target.inspection.drawn_at
        if not wrong or drawn_at is None:
            continue
        yield OtherRecord(
            _l("监督检查 %(number)s", number=target.inspection.number),
            "；".join(f"{one.item.label}：{one.words}" for one in wrong),
            drawn_at.astimezone(SHANGHAI).date(),
            target.rectify_by,
            [one.finding.label for one in wrong],
        )


def recorded_sanctions(uow: UnitOfWork, organisation_id: uuid.UUID) -> Iterator[OtherRecord]:
    """Yield what supervision has recorded of an organisation, for the agency's page (R-COLL-03)."""
    for row in uow.session.scalars(select(ConductRecord).where(ConductRecord.organisation_id == organisation_id)):
        measures = [Sanction(one).label for one in row.sanctions]
        yield OtherRecord(row.code.label, row.facts, row.decided_on, row.banned_until, measures)
