"""What a chair has to find about signs of collusion."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import func, select

from core.i18n import _l
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import CollusionFinding, CollusionSignal, CommitteeSeat, Tender
from procurement.states import SeatState, TenderState


def collusion_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield the reviews the actor chairs in which signs wait for a finding: one query."""
    judged = select(CollusionFinding.id).where(CollusionFinding.signal_id == CollusionSignal.id).exists()
    rows = uow.session.execute(
        select(CommitteeSeat.id, Tender.title, func.count())
        .join(Tender, Tender.id == CommitteeSeat.tender_id)
        .join(CollusionSignal, CollusionSignal.tender_id == Tender.id)
        .where(
            CommitteeSeat.user_id == uow.actor.user_id,
            CommitteeSeat.is_chair,
            CommitteeSeat.state.in_((SeatState.DECLARED, SeatState.LOCKED)),
            Tender.state == TenderState.UNDER_EVALUATION,
            ~judged,
        )
        .group_by(CommitteeSeat.id, Tender.id)
        .order_by(Tender.deadline)
    )
    for seat_id, title, count in rows:
        words = _l("认定串通投标提示（%(count)s 项）", count=count)
        yield Task(words, title, url_for("collusion.index", seat_id=seat_id), rule_id="R-COLL-01")
