"""Committees drawn from the bureau's own pool: one planned, one with invitations out, one that has sat."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from sqlalchemy import func, select

from core.identity.models import User
from core.unit_of_work import UnitOfWork
from experts.models import Expert
from experts.services.draw_steps import promise_entropy, reveal_entropy
from experts.states import Category
from procurement.drafting.requirement import is_statutory
from procurement.models import CommitteeCall, CommitteeInvitee, Tender
from procurement.queries.pool_draw import FIELD, calls_of, invitees_of
from procurement.queries.standings import seats_of
from procurement.services.committee import name_chair
from procurement.services.committee_papers import write_duty
from procurement.services.pool_draw import CallEntry, lock_call, plan_call
from procurement.services.pool_invitations import PoolAnswer, accept, decline
from procurement.services.pool_screening import draws_of_call
from procurement.states import DutyRating, InviteeState, Method, TenderState

PHRASES = ("采购经办人掷骰 2 6 1 4 4 5", "列席代表掷骰 6 1 3 5 2 2")
OBSERVER = "wei.shan"
FEE = Decimal(800)
FEWEST = 20


class Acting(Protocol):
    """Let a person act at a moment."""

    def __call__(self, who: User | str, moment: datetime) -> AbstractContextManager[UnitOfWork]:
        """Return the unit of work in which they act."""


def pool_is_filled(uow: UnitOfWork) -> bool:
    """Whether there are experts to draw from; a test may build purchases without them."""
    return (uow.session.scalar(select(func.count()).select_from(Expert)) or 0) > FEWEST


def wanted(starts_at: datetime, size: int) -> CallEntry:
    """What an officer usually wants: an expert in performance, one in finance, one who knows the trade."""
    minimums = {Category.PERFORMANCE.value: 1, Category.FINANCE.value: 1, FIELD: 1}
    return CallEntry(size, 5, minimums, starts_at, "区行政中心三楼评标室", FEE, 24)


def draw(acting: Acting, officer: str, call: CommitteeCall, moment: datetime) -> None:
    """Lock the plan, and let the officer and an observer promise and reveal."""
    with acting(officer, moment) as uow:
        lock_call(uow, call)
    people = list(zip((officer, OBSERVER), PHRASES, strict=True))
    for place, (who, phrase) in enumerate(people):
        with acting(who, moment + timedelta(minutes=5 + place)) as uow:
            promise_entropy(uow, draws_of_call(uow, call)[-1], phrase=phrase)
    for place, (who, phrase) in enumerate(people):
        with acting(who, moment + timedelta(minutes=10 + place)) as uow:
            reveal_entropy(uow, draws_of_call(uow, call)[-1], phrase)


def invited(acting: Acting, call: CommitteeCall, moment: datetime) -> Sequence[CommitteeInvitee]:
    """Return those whose answer is awaited."""
    with acting("admin", moment) as uow:
        return [one for one in invitees_of(uow, call) if one.state is InviteeState.INVITED]


def seat_from_pool(acting: Acting, officer: str, tender: Tender, moment: datetime, size: int = 5) -> None:
    """Draw a whole committee, each of whom accepts but one, who is followed by a reserve."""
    with acting(officer, moment) as uow:
        call = plan_call(uow, tender, wanted(moment + timedelta(hours=4), size))
    draw(acting, officer, call, moment)
    answered = moment + timedelta(minutes=30)
    first = invited(acting, call, answered)[0]
    with acting(first.expert.user, answered) as uow:
        decline(uow, first, "当日承担教学任务，无法到场")
    for invitee in invited(acting, call, answered):
        with acting(invitee.expert.user, answered) as uow:
            accept(uow, invitee, PoolAnswer(is_confirmed=True))
    with acting(officer, answered) as uow:
        name_chair(uow, seats_of(uow, tender)[0])


def record_duty(acting: Acting, officer: str, tender: Tender, moment: datetime) -> None:
    """Record duty and fee of every member drawn here, which then stand in the experts' files."""
    with acting(officer, moment) as uow:
        for place, seat in enumerate(seats_of(uow, tender) if calls_of(uow, tender) else ()):
            late = place == 1
            rating = DutyRating.ORDINARY if late else DutyRating.GOOD
            write_duty(uow, seat, rating, "迟到二十分钟，未影响评审" if late else "", FEE)


def populate_pool_draws(acting: Acting, uow: UnitOfWork, officer: str, now: datetime) -> None:
    """Plan a draw for an open tender that is due, and invite for a negotiation."""
    if not pool_is_filled(uow):
        return
    rows = select(Tender).where(Tender.state == TenderState.PUBLISHED).order_by(Tender.deadline, Tender.id)
    for method in (Method.NEGOTIATION, Method.OPEN_TENDER):
        due = [one for one in uow.session.scalars(rows) if one.method is method and (one.deadline or now) > now]
        if not due or due[0].deadline is None or is_statutory(uow, due[0]):
            continue
        tender = due[0]
        size = 3 if method is Method.NEGOTIATION else 5
        with acting(officer, now - timedelta(hours=5)) as own:
            call = plan_call(own, tender, wanted(due[0].deadline + timedelta(hours=4), size))
        if method is Method.NEGOTIATION:
            _invite(acting, officer, call, now)


def _invite(acting: Acting, officer: str, call: CommitteeCall, now: datetime) -> None:
    draw(acting, officer, call, now - timedelta(hours=4))
    first, second = invited(acting, call, now - timedelta(hours=3))[:2]
    with acting(first.expert.user, now - timedelta(hours=3)) as uow:
        accept(uow, first, PoolAnswer(is_confirmed=True))
    with acting(second.expert.user, now - timedelta(hours=2)) as uow:
        decline(uow, second, "已受聘其他项目现场评价，时间冲突")
