"""Leaving the pool, and what is suspended by rule (R-EXP.exit, R-EXP.suspension, R-EXP-01, R-EXP-02, R-EXP-09)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.addresses import expert_page, my_file_page
from experts.appraisal import Verdict
from experts.models import Expert, Seat
from experts.notifications import LEFT_POOL, SUSPENDED_BY_RULE, SUSPENDED_TO_OFFICER
from experts.pool_rules import pool_rules
from experts.queries.appraisals import appraisals
from experts.services.invitations import ASKING, recuse_seat
from experts.states import ExitKind, ExpertState, SeatState
from experts.workflow import EXPERT


def leave_pool(uow: UnitOfWork, expert: Expert, kind: ExitKind, reason: str) -> None:
    """Let an expert leave: open seats go to the next, the role ends. Raises `Refused` at its field.

    A dismissal for bad ratings needs what the rule asks for: so many rated services with an average below its mark.
    """
    if not reason.strip():
        raise Refused(Refusal(_l("请写明事实和依据"), rule_id="R-EXP-09", field="reason"))
    if kind is ExitKind.SCORE and appraisals(uow, [expert])[expert.id].verdict is not Verdict.EXIT:
        limits = pool_rules(uow).thresholds
        words = _l(
            "须有%(count)s次以上评分且平均不足%(points)s分", count=limits.reviews_min, points=limits.dismiss_below
        )
        raise Refused(Refusal(words, rule_id="R-EXP.exit", field="kind"))
    EXPERT.fire(uow, expert, "leave", reason=reason, assign={"exit_kind": kind})
    _give_up_seats(uow, expert)
    for one in expert.user.memberships:
        if one.role is Role.EXPERT and one.ended_at is None:
            one.ended_at = uow.now
    notify(uow, LEFT_POOL, [expert.user_id], url="/home", params={"kind": str(kind.label)})


def _give_up_seats(uow: UnitOfWork, expert: Expert) -> None:
    rows = select(Seat).where(Seat.expert_id == expert.id, Seat.state.in_((SeatState.INVITED, SeatState.ACCEPTED)))
    for seat in uow.session.scalars(rows.options(selectinload(Seat.review))).unique().all():
        if seat.review.state in ASKING:
            recuse_seat(uow, seat, str(_l("已退出专家库")))


def suspend_by_rule(uow: UnitOfWork) -> int:
    """Suspend whoever came too seldom after accepting, or too often gave no answer; return how many.

    The expert and the quality officers are told; an officer may restore, and what led to it does not count again.
    """
    active = uow.session.scalars(select(Expert).where(Expert.state == ExpertState.ACTIVE).order_by(Expert.id))
    experts = active.unique().all()
    found = appraisals(uow, experts)
    officers = user_ids_with(uow, Role.QUALITY_OFFICER)
    count = 0
    for one in experts:
        known = found[one.id]
        if known.verdict is not Verdict.SUSPEND:
            continue
        facts = {"absences": str(known.absences), "silences": str(known.silences)}
        reason = str(_l("应邀后缺席 %(absences)s 次、未答复邀请 %(silences)s 次", **facts))
        EXPERT.fire(uow, one, "suspend", reason=reason, as_system=True)
        notify(uow, SUSPENDED_BY_RULE, [one.user_id], url=my_file_page(), params=facts)
        words = {**facts, "name": one.user.name}
        notify(uow, SUSPENDED_TO_OFFICER, officers, url=expert_page(one.id), params=words, by_mail=False)
        count += 1
    return count
