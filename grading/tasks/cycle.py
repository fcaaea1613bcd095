"""What officers and agencies have to do next with a year's grades; deadlines stand in calendars by themselves."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from agencies.models import Agency
from core.deadlines import end_of
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from grading.models import CycleEntry, EntryConsent, GradeAppeal, GradingCycle
from grading.permissions import GradePermission
from grading.queries import waiting_appeals
from grading.queries.corrections import waiting_corrections
from grading.states import AppealState, CycleState

RULE = "R-GRADE.publish"


def grade_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the grades that wait for the actor: to send out, to check, to decide an appeal, to publish."""
    if uow.actor.has(Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER):
        yield from _of_cycles(uow)
        yield from _of_appeals(uow)
        for row in waiting_corrections(uow):
            if policy.allows(uow.actor, GradePermission.CONFIRM_CORRECTION, row):
                page = url_for("corrections.show", correction_id=row.id)
                yield Task(_l("复核评级更正"), row.entry.name, page, rule_id=RULE)
    if own := uow.actor.organisations_as(Role.AGENCY_MANAGER):
        yield from _of_sheets(uow, own)


def _of_cycles(uow: UnitOfWork) -> Iterable[Task]:
    running = uow.session.scalars(
        select(GradingCycle)
        .where(GradingCycle.state.in_((CycleState.PREVIEW, CycleState.ANNOUNCED)))
        .order_by(GradingCycle.year)
    )
    for cycle in running:
        page, year = url_for("cycles.show", cycle_id=cycle.id), str(cycle.year)
        if cycle.state is CycleState.PREVIEW:
            yield Task(_l("核对年度评级，送机构征求意见"), year, page, rule_id=RULE)
            continue
        due = end_of(cycle.appeals_due_on) if cycle.appeals_due_on else None
        if due is not None and uow.now < due:
            yield Task(_l("等待机构核对年度评级表"), year, page, due, group="waiting", rule_id=RULE)
        elif policy.allows(uow.actor, GradePermission.PUBLISH, cycle):
            yield Task(_l("复核并公布年度评级"), year, page, rule_id=RULE)
        else:
            yield Task(_l("等待他人公布年度评级"), year, page, group="waiting", rule_id=RULE)


def _of_appeals(uow: UnitOfWork) -> Iterable[Task]:
    for appeal in waiting_appeals(uow):
        page, agency = url_for("appeals.show", appeal_id=appeal.id), appeal.entry.name
        if policy.allows(uow.actor, GradePermission.DECIDE_APPEAL, appeal):
            yield Task(_l("处理评级申诉"), agency, page, rule_id=RULE)
        elif policy.allows(uow.actor, GradePermission.STATE_ON_APPEAL, appeal) and not appeal.statement:
            yield Task(_l("就评级申诉说明情况"), agency, page, rule_id=RULE)


def _of_sheets(uow: UnitOfWork, own: Iterable[object]) -> Iterable[Task]:
    answered = select(EntryConsent.entry_id).union(
        select(GradeAppeal.entry_id).where(GradeAppeal.state != AppealState.LAPSED)
    )
    sheets = uow.session.scalars(
        select(CycleEntry)
        .join(GradingCycle, GradingCycle.id == CycleEntry.cycle_id)
        .join(Agency, Agency.id == CycleEntry.agency_id)
        .where(
            GradingCycle.state == CycleState.ANNOUNCED,
            Agency.organisation_id.in_(own),
            CycleEntry.id.not_in(answered),
        )
        .options(joinedload(CycleEntry.cycle))
    )
    for entry in sheets:
        due = end_of(entry.cycle.appeals_due_on) if entry.cycle.appeals_due_on else None
        if due is not None and uow.now < due:
            page, title = url_for("entries.show", entry_id=entry.id), str(entry.cycle.year)
            yield Task(_l("核对年度评级表，确认或者申诉"), title, page, due, rule_id=RULE)
    filed = uow.session.scalars(
        select(GradeAppeal)
        .join(CycleEntry, CycleEntry.id == GradeAppeal.entry_id)
        .join(Agency, Agency.id == CycleEntry.agency_id)
        .where(GradeAppeal.state == AppealState.FILED, Agency.organisation_id.in_(own))
        .options(joinedload(GradeAppeal.entry).joinedload(CycleEntry.cycle))
    )
    for appeal in filed:
        page, title = url_for("appeals.show", appeal_id=appeal.id), str(appeal.entry.cycle.year)
        yield Task(_l("等待评级申诉的处理"), title, page, group="waiting", rule_id=RULE)
