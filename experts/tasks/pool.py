"""What keeping the pool asks for next."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core.deadlines import end_of
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from experts.appraisal import Verdict
from experts.models import Expert, ExpertApplication, ExpertDuty, ParticularsChange, PaymentList
from experts.permissions import PaymentPermission
from experts.queries import appraisals
from experts.services.appointments import AHEAD
from experts.services.ratings import rating_due, unrated_reviews
from experts.states import ApplicationState, ChangeState, ExpertState, PaymentState


def pool_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield reviews whose members are to be rated, terms to renew, and people who are due to leave."""
    if not uow.actor.has(Role.QUALITY_OFFICER):
        return
    waiting = select(ExpertApplication).where(ExpertApplication.state == ApplicationState.SUBMITTED)
    for application in uow.session.scalars(waiting.order_by(ExpertApplication.submitted_at)):
        page = url_for("applications.show", application_id=application.id)
        yield Task(_l("审核入库申请"), f"{application.number} {application.name}", page, rule_id="R-EXP-01")
    reported = select(ParticularsChange).where(ParticularsChange.state == ChangeState.REPORTED)
    rows = uow.session.scalars(reported.options(selectinload(ParticularsChange.expert)))
    for change in rows.unique():
        page = url_for("expert_papers.change", change_id=change.id)
        yield Task(_l("核对专家信息变更"), change.expert.user.name, page, rule_id="R-EXP-01")
    for review in unrated_reviews(uow):
        page = url_for("ratings.rate", review_id=review.id)
        yield Task(_l("给评审专家评分"), review.number, page, rating_due(uow, review), rule_id="R-COMM-13")
    ending = select(func.count(), func.min(Expert.appointed_until)).where(
        Expert.state == ExpertState.ACTIVE, Expert.appointed_until <= uow.today + AHEAD
    )
    count, first = uow.session.execute(ending).one()
    if count:
        page = url_for("appointments.renewals")
        yield Task(_l("办理专家续聘"), str(_l("%(count)s 位", count=count)), page, end_of(first), rule_id="R-EXP.term")
    yield from _due_to_leave(uow)


def _due_to_leave(uow: UnitOfWork) -> Iterable[Task]:
    rated = select(ExpertDuty.expert_id).where(ExpertDuty.skill.is_not(None))
    query = select(Expert).where(Expert.state != ExpertState.LEFT, Expert.id.in_(rated)).order_by(Expert.id)
    experts = uow.session.scalars(query).unique().all()
    known = appraisals(uow, experts)
    for one in experts:
        if known[one.id].verdict is Verdict.EXIT:
            page = url_for("appointments.leave", expert_id=one.id)
            yield Task(_l("处理履职不合格的专家"), one.user.name, page, rule_id="R-EXP.exit")


def payment_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the lists that somebody else drew up and this person may approve (R-SEC-02)."""
    if not uow.actor.has(Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER):
        return
    rows = select(PaymentList).where(PaymentList.state == PaymentState.DRAFTED).order_by(PaymentList.prepared_at)
    for row in uow.session.scalars(rows):
        if policy.allows(uow.actor, PaymentPermission.APPROVE, row):
            page = url_for("expert_payments.show", list_id=row.id)
            yield Task(_l("审批评审费支付清单"), row.number, page, rule_id="R-SEC-02")
