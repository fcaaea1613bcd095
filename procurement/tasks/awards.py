"""What officers and committee members have to do between opening and award."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import and_, func, select

from core.clock import SHANGHAI, shanghai
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.methods import JUDGED
from procurement.models import Bid, CommitteeSeat, DutyRecord, Examination, Tender
from procurement.permissions import TenderPermission
from procurement.queries.agents import purview
from procurement.queries.committee_papers import duty_due
from procurement.states import BidState, Method, SeatCategory, SeatState, TenderState
from procurement.wordings import task_of


def award_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield what waits for the actor: examining, seating, concluding, awarding; declaring, judging, scoring."""
    if uow.actor.user_id is None:
        return
    yield from _seat_tasks(uow)
    if uow.actor.has(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER):
        yield from _officer_tasks(uow)


def _seat_tasks(uow: UnitOfWork) -> Iterator[Task]:
    rows = uow.session.execute(
        select(CommitteeSeat, Tender)
        .join(Tender, Tender.id == CommitteeSeat.tender_id)
        .where(
            CommitteeSeat.user_id == uow.actor.user_id,
            CommitteeSeat.state.in_((SeatState.NAMED, SeatState.DECLARED, SeatState.LOCKED)),
            Tender.state == TenderState.UNDER_EVALUATION,
        )
        .order_by(Tender.deadline)
    )
    for seat, tender in rows:
        url = url_for("evaluations.show", seat_id=seat.id)
        if seat.state is SeatState.NAMED:
            yield task_of(tender, _l("作出利害关系声明，开始评标"), url, rule_id="R-COMM-06")
        elif seat.state is SeatState.DECLARED:
            yield Task(_l("独立评审并锁定评分"), tender.title, url, rule_id="R-COMM-11")
        else:
            yield Task(_l("等待其他成员锁定评分"), tender.title, url, group="waiting")


def _officer_tasks(uow: UnitOfWork) -> Iterator[Task]:
    unexamined = (
        select(func.count())
        .select_from(Bid)
        .outerjoin(Examination, Examination.bid_id == Bid.id)
        .where(Bid.tender_id == Tender.id, Bid.state == BidState.OPENED, Examination.id.is_(None))
        .scalar_subquery()
    )
    unlocked = (
        select(func.count())
        .select_from(CommitteeSeat)
        .where(
            and_(
                CommitteeSeat.tender_id == Tender.id,
                CommitteeSeat.state.in_((SeatState.NAMED, SeatState.DECLARED)),
            )
        )
        .scalar_subquery()
    )
    rows = uow.session.execute(
        select(Tender, unexamined, unlocked)
        .where(
            Tender.state.in_((TenderState.OPENED, TenderState.UNDER_EVALUATION, TenderState.EVALUATED)),
            Tender.method.in_(JUDGED),
            purview(uow.actor),
        )
        .order_by(Tender.deadline)
    )
    for tender, to_examine, to_lock in rows:
        needed = TenderPermission.AWARD if tender.state is TenderState.EVALUATED else TenderPermission.EXAMINE
        if not policy.allows(uow.actor, needed, tender):
            continue
        if tender.state is TenderState.OPENED and to_examine:
            url = url_for("examination.show", tender_id=tender.id)
            yield task_of(tender, _l("审查投标人资格"), url, rule_id="R-QUAL-01")
        elif tender.state is TenderState.OPENED:
            url = url_for("committee.show", tender_id=tender.id)
            yield task_of(tender, _l("录入评标委员会并开始评标"), url, rule_id="R-COMM-01")
        elif tender.state is TenderState.UNDER_EVALUATION:
            url = url_for("results.show", tender_id=tender.id)
            if to_lock:
                yield task_of(tender, _l("等待评标委员会"), url, group="waiting", rule_id="R-COMM-11")
            else:
                yield task_of(tender, _l("汇总评标结果"), url, rule_id="R-COMM-11")
        else:
            yield _award_task(uow, tender)


def duty_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield the committees whose experts' duty is not recorded yet (R-COMM-13)."""
    if not uow.actor.has(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER):
        return
    rows = uow.session.scalars(
        select(Tender)
        .join(CommitteeSeat, CommitteeSeat.tender_id == Tender.id)
        .outerjoin(DutyRecord, DutyRecord.seat_id == CommitteeSeat.id)
        .where(
            Tender.state.in_((TenderState.EVALUATED, TenderState.AWARDED)),
            Tender.drafted_by_id == uow.actor.user_id,
            CommitteeSeat.category == SeatCategory.EXPERT,
            DutyRecord.id.is_(None),
        )
        .distinct()
        .order_by(Tender.evaluated_at)
    )
    for tender in rows:
        due = duty_due(uow, tender)
        url = url_for("papers.duty", tender_id=tender.id)
        moment = shanghai(due, 23, 59) if due else None
        yield Task(_l("记录评审专家履职情况"), tender.title, url, due_at=moment, rule_id="R-COMM-13")


def _award_task(uow: UnitOfWork, tender: Tender) -> Task:
    """The purchaser decides within so many working days after the report (R-AWARD-01)."""
    days = uow.house.rules.whole("R-AWARD-01", "decision_days", on=uow.today)
    begun = (tender.evaluated_at or uow.now).astimezone(SHANGHAI).date()
    due = work_calendar(uow).add_working_days(begun, days).date
    is_framework = tender.method is Method.FRAMEWORK
    return task_of(
        tender,
        _l("按排序确定中标人"),
        url_for("framework_calls.admission" if is_framework else "results.decide", tender_id=tender.id),
        due_at=shanghai(due, 23, 59),
        rule_id="R-AWARD-01",
    )
