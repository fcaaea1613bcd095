"""What supervision's desk asks: draws to witness, drawn agencies to inspect, problems to be put right."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.deadlines import last_minute
from core.i18n import _l
from core.identity.roles import Role
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Inspection, InspectionTarget, SupervisionCase
from procurement.states import CaseState, CheckItem, InspectionState


def supervision_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield an observer's draws, a supervisor's inspections and open cases."""
    if uow.actor.has(Role.OBSERVER):
        prepared = select(Inspection).where(Inspection.state == InspectionState.PREPARED)
        for one in uow.session.scalars(prepared.order_by(Inspection.prepared_at)):
            url = url_for("inspections.show", inspection_id=one.id)
            yield Task(_l("见证双随机抽取"), one.title, url, rule_id="R-AGENCY-15")
    if uow.actor.has(Role.PROCUREMENT_SUPERVISOR):
        yield from _inspections(uow)
        for case in uow.session.scalars(select(SupervisionCase).where(SupervisionCase.state == CaseState.OPEN)):
            url = url_for("cases.show", case_id=case.id)
            yield Task(_l("办理案件 %(number)s", number=case.number), case.title, url)


def _inspections(uow: UnitOfWork) -> Iterator[Task]:
    rows = uow.session.scalars(
        select(InspectionTarget)
        .join(Inspection, Inspection.id == InspectionTarget.inspection_id)
        .where(Inspection.state == InspectionState.DRAWN, InspectionTarget.inspector_id == uow.actor.user_id)
        .options(selectinload(InspectionTarget.findings))
    )
    for target in rows:
        url = url_for("inspections.show", inspection_id=target.inspection_id)
        name = target.organisation.name
        if len(target.findings) < len(CheckItem):
            yield Task(_l("录入检查结果"), name, url, rule_id="R-AGENCY-15")
        elif target.rectify_by is not None and target.rectified_at is None:
            yield Task(_l("核实整改情况"), name, url, last_minute(target.rectify_by), rule_id="R-AGENCY-15")
