"""What agencies owe their record, and what the bureau has to check (R-AGENCY-03)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from agencies.models import AgencyApplication, RecordChange
from agencies.queries.record import entry_of_library, latest_application, own_organisation
from agencies.services.duties import confirmation_due, ran_out_unreported, to_report
from agencies.states import AdmissionState, RecordChangeState
from agencies.updating import CONFIRM_RULE, RULE
from core.deadlines import end_of
from core.i18n import _l
from core.identity.roles import Role
from core.ports import Task
from core.unit_of_work import UnitOfWork

AHEAD = timedelta(days=60)
"""How long before its day the yearly confirmation becomes a task."""


def record_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield what waits for the actor as manager of an agency, or as the officer who checks."""
    if uow.actor.has(Role.AGENCY_MANAGER):
        yield from _of_the_agency(uow)
    if uow.actor.has(Role.QUALITY_OFFICER):
        yield from _of_the_bureau(uow)


def _of_the_agency(uow: UnitOfWork) -> Iterable[Task]:
    organisation = own_organisation(uow)
    if organisation is None:
        return
    agency = entry_of_library(uow, organisation)
    if agency is None:
        application = latest_application(uow, organisation)
        if application is not None and application.state is AdmissionState.RETURNED:
            yield Task(_l("补正入库申请"), application.number, url_for("my_agency.show"), rule_id=RULE)
        elif application is not None and application.state is AdmissionState.SUBMITTED:
            yield Task(_l("等待入库审核"), application.number, url_for("my_agency.show"), group="waiting")
        return
    for change in to_report(uow, agency):
        page = url_for("agency_records.change", change_id=change.id)
        if change.state is RecordChangeState.NOTED:
            yield Task(_l("申报登记信息的变化"), change.title, page, end_of(change.due_on), rule_id=RULE)
        else:
            yield Task(_l("说明申报的变化"), change.title, page, rule_id=RULE)
    for one in ran_out_unreported(uow, agency):
        page = url_for("my_agency.edit", item_id=one.item.id)
        yield Task(_l("更新到期的证书或者合同"), one.item.name, page, end_of(one.due_on), rule_id=RULE)
    due = confirmation_due(uow, agency)
    if due <= uow.today + AHEAD:
        yield Task(
            _l("年度确认登记信息"), organisation.name, url_for("my_agency.show"), end_of(due), rule_id=CONFIRM_RULE
        )


def _of_the_bureau(uow: UnitOfWork) -> Iterable[Task]:
    waiting = select(AgencyApplication).where(AgencyApplication.state == AdmissionState.SUBMITTED)
    for application in uow.session.scalars(waiting.order_by(AgencyApplication.submitted_at)):
        page = url_for("admissions.show", application_id=application.id)
        yield Task(_l("审核机构入库申请"), application.organisation.name, page, rule_id=RULE)
    reported = select(RecordChange).where(RecordChange.state == RecordChangeState.REPORTED)
    for change in uow.session.scalars(reported.order_by(RecordChange.reported_at)):
        page = url_for("agency_records.change", change_id=change.id)
        subject = f"{change.organisation.name}：{change.title}"
        yield Task(_l("核对机构申报的变化"), subject, page, rule_id=RULE)
