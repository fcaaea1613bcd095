"""Reads of cases, measures, others' sanctions and the honesty archive."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, select

from agencies.honesty import Entry, Weighed, weigh
from agencies.models import Agency, ConductCase, ConductMeasure, CreditRecord, Engagement, OutsideSanction
from agencies.states import ConductCode, ConductState, SanctionState
from core.identity.models import Organisation
from core.parameters import overrides
from core.unit_of_work import UnitOfWork


def load_case(uow: UnitOfWork, case_id: uuid.UUID) -> ConductCase | None:
    """Return the case with this id."""
    return uow.get(ConductCase, case_id)


def load_measure(uow: UnitOfWork, measure_id: uuid.UUID) -> ConductMeasure | None:
    """Return the measure with this id."""
    return uow.get(ConductMeasure, measure_id)


def load_sanction(uow: UnitOfWork, sanction_id: uuid.UUID) -> OutsideSanction | None:
    """Return the outside sanction with this id."""
    return uow.get(OutsideSanction, sanction_id)


def cases_matching(*, text: str = "", code: str = "", state: str = "") -> Select[ConductCase]:
    """Select cases by agency or number, by what was done and by state."""
    query = (
        select(ConductCase)
        .join(Agency, Agency.id == ConductCase.agency_id)
        .join(Organisation, Organisation.id == Agency.organisation_id)
    )
    if text:
        query = query.where(Organisation.name.ilike(f"%{text}%") | ConductCase.number.ilike(f"%{text}%"))
    if code in {one.value for one in ConductCode}:
        query = query.where(ConductCase.code == ConductCode(code))
    if state in {one.value for one in ConductState}:
        query = query.where(ConductCase.state == ConductState(state))
    return query


def cases_of(uow: UnitOfWork, agency: Agency) -> list[ConductCase]:
    """Return an agency's cases, the newest first."""
    rows = select(ConductCase).where(ConductCase.agency_id == agency.id)
    return list(uow.session.scalars(rows.order_by(ConductCase.opened_at.desc())).unique())


def sanctions_of(uow: UnitOfWork, agency: Agency) -> list[OutsideSanction]:
    """Return what others imposed on an agency, the newest first."""
    rows = select(OutsideSanction).where(OutsideSanction.agency_id == agency.id)
    return list(uow.session.scalars(rows.order_by(OutsideSanction.decided_on.desc())).unique())


def confirmed_sanctions(sanctions: Sequence[OutsideSanction]) -> list[OutsideSanction]:
    """Return those that a second person has checked."""
    return [one for one in sanctions if one.state is SanctionState.CONFIRMED]


def credit_of(uow: UnitOfWork, agency: Agency) -> list[CreditRecord]:
    """Return an agency's archive, the newest first."""
    rows = select(CreditRecord).where(CreditRecord.agency_id == agency.id)
    return list(uow.session.scalars(rows.order_by(CreditRecord.happened_on.desc(), CreditRecord.id)))


def weighed_credit(uow: UnitOfWork, entries: Sequence[CreditRecord]) -> dict[uuid.UUID, Weighed]:
    """Return what each entry that costs points costs today, doubled where it was repeated (R-GRADE.year)."""
    factor = uow.house.rules.number("R-GRADE.year", "repeat_factor", on=uow.today, overrides=overrides(uow))
    known = [Entry(str(one.id), one.points, one.happened_on, one.expires_on) for one in entries if one.points > 0]
    return {uuid.UUID(one.entry.id): one for one in weigh(known, factor, uow.today)}


def veto_codes(uow: UnitOfWork) -> frozenset[str]:
    """Return which acts veto a task's score (R-GRADE.veto), as the rule book lists them."""
    listed = uow.house.rules.value("R-GRADE.veto", "codes", on=uow.today, overrides=overrides(uow))
    return frozenset(one.strip() for one in str(listed).split(","))


def vetoing_case(uow: UnitOfWork, engagement: Engagement) -> ConductCase | None:
    """Return the recorded case of an engagement whose act vetoes its score (R-GRADE.veto), or None."""
    rows = uow.session.scalars(
        select(ConductCase)
        .where(ConductCase.engagement_id == engagement.id, ConductCase.state == ConductState.RECORDED)
        .order_by(ConductCase.decided_at)
    ).unique()
    codes = veto_codes(uow)
    return next((one for one in rows if one.code.value in codes), None)


def engagements_of(uow: UnitOfWork, agency: Agency) -> list[Engagement]:
    """Return an agency's engagements to choose from, the newest first."""
    rows = select(Engagement).where(Engagement.agency_id == agency.organisation_id)
    return list(uow.session.scalars(rows.order_by(Engagement.opened_at.desc()).limit(50)).unique())
