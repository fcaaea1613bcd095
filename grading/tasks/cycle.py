"""What officers have to do next with a year's grades."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from grading.models import GradeAppeal, GradingCycle
from grading.permissions import GradePermission
from grading.states import AppealState, CycleState


def grade_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the grades that wait for the actor: to publish, to decide an appeal."""
    if not uow.actor.has(Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER):
        return
    waiting = uow.session.scalars(
        select(GradingCycle).where(
            GradingCycle.state == CycleState.PREVIEW, GradingCycle.computed_by_id != uow.actor.user_id
        )
    )
    for cycle in waiting:
        page = url_for("cycles.show", cycle_id=cycle.id)
        yield Task(_l("复核并公布年度评级"), str(cycle.year), page, rule_id="R-GRADE.publish")
    for appeal in uow.session.scalars(select(GradeAppeal).where(GradeAppeal.state == AppealState.FILED)):
        if policy.allows(uow.actor, GradePermission.DECIDE_APPEAL, appeal):
            page = url_for("entries.show", entry_id=appeal.entry_id)
            yield Task(_l("处理评级申诉"), appeal.entry.record["agency"], page, rule_id="R-GRADE.publish")
