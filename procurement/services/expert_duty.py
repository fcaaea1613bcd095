"""Handing the committee's duty records over to the expert pool (R-COMM-13).

The names of a committee are secret until its result is out (R-COMM-12), and the pool is read by people outside the
purchase: so the records are handed over with the result, and at once when they are written or changed after it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from core.clock import SHANGHAI
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from experts.services.duty import Duty, keep_duty
from procurement.models import CommitteeSeat, DutyRecord, Tender
from procurement.states import TenderState

RESULT_IS_OUT = frozenset({TenderState.AWARDED, TenderState.FAILED})


def hand_over(uow: UnitOfWork, tender: Tender, records: Iterable[DutyRecord]) -> None:
    """Give these records to the pool, unless the result is still to come; people outside the pool are left out."""
    if tender.state not in RESULT_IS_OUT:
        return
    for row in records:
        seat = row.seat
        held = (seat.locked_at or tender.evaluated_at or row.recorded_at).astimezone(SHANGHAI).date()
        source = f"committee-seat:{seat.id}"
        keep_duty(uow, seat.user_id, Duty(source, tender.number, tender.title, held, row.rating, row.remark, row.fee))


def hand_over_with_result(uow: UnitOfWork, event: TransitionFired) -> None:
    """Event: a purchase was awarded or failed; what was recorded of its experts goes to the pool."""
    if not isinstance(event.subject, Tender) or event.target not in RESULT_IS_OUT:
        return
    rows = select(DutyRecord).join(CommitteeSeat, CommitteeSeat.id == DutyRecord.seat_id)
    found = uow.session.scalars(rows.where(CommitteeSeat.tender_id == event.subject.id)).all()
    hand_over(uow, event.subject, found)
