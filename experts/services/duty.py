"""Duty on committees as the pool keeps it, and who may sit on one (R-COMM-13, R-COMM-14, R-EXP.fee)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.i18n import Text
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from experts.appraisal import PARTS
from experts.models import Expert, ExpertDuty
from experts.qualification import RULE, Conditions, Standing, shortcoming
from experts.states import DutyKind, DutyRating


@dataclass(frozen=True)
class Duty:
    """A review of bids that somebody took part in; `source` names it once for all.

    `points` are the parts of its rating where the purchaser gave them (R-EXP.score): all of them or none.
    """

    source: str
    number: str
    title: str
    held_on: date
    rating: DutyRating
    remark: str
    fee: Decimal
    points: Mapping[str, Decimal] | None = None
    kind: DutyKind = DutyKind.COMMITTEE


def keep_duty(uow: UnitOfWork, user_id: uuid.UUID, duty: Duty) -> ExpertDuty | None:
    """Keep a duty in the pool, replacing what it said before; None for people who are not in the pool."""
    expert = uow.session.scalar(select(Expert).where(Expert.user_id == user_id))
    if expert is None:
        return None
    row = uow.session.scalar(select(ExpertDuty).where(ExpertDuty.source == duty.source))
    values = {
        "kind": duty.kind,
        "number": duty.number,
        "title": duty.title,
        "held_on": duty.held_on,
        "rating": duty.rating,
        "remark": duty.remark,
        "fee": duty.fee,
        "recorded_at": uow.now,
        "recorded_by_id": uow.actor.user_id,
        **(duty.points or dict.fromkeys(PARTS)),
    }
    if row is None:
        row = uow.add(ExpertDuty(expert_id=expert.id, source=duty.source, **values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
    uow.session.flush()
    uow.record("expert.duty", expert, after={"number": duty.number, "rating": duty.rating.value, "fee": duty.fee})
    return row


def duties_of(uow: UnitOfWork, expert: Expert) -> Sequence[ExpertDuty]:
    """Return an expert's duties on committees, newest first."""
    rows = select(ExpertDuty).where(ExpertDuty.expert_id == expert.id)
    return uow.session.scalars(rows.order_by(ExpertDuty.held_on.desc(), ExpertDuty.number)).all()


def conditions(uow: UnitOfWork) -> Conditions:
    """Return the rule's numbers in force today (R-COMM-14)."""
    book, on, local = uow.house.rules, uow.today, overrides(uow)
    return Conditions(
        *(book.whole(RULE, name, on=on, overrides=local) for name in ("field_years", "age_max", "look_back_years"))
    )


def shortcomings(uow: UnitOfWork, experts: Sequence[Expert]) -> dict[uuid.UUID, Text]:
    """Return who of these experts may not judge bids, each with the reason (R-COMM-14); two queries."""
    found: dict[uuid.UUID, Text] = {}
    breaches: dict[uuid.UUID, list[date]] = {}
    rows = select(ExpertDuty.expert_id, ExpertDuty.held_on).where(
        ExpertDuty.expert_id.in_([one.id for one in experts]), ExpertDuty.rating == DutyRating.BREACH
    )
    for expert_id, day in uow.session.execute(rows):
        breaches.setdefault(expert_id, []).append(day)
    numbers = conditions(uow)
    for one in experts:
        known = Standing(one.professional_title, one.birth_year, one.field_since, breaches.get(one.id, ()))
        reason = shortcoming(known, numbers, uow.today)
        if reason is not None:
            found[one.id] = reason
    return found


def usual_fee(uow: UnitOfWork) -> Decimal:
    """Return the year's fee of one review in yuan, 0 where the bureau has set none (R-EXP.fee)."""
    return uow.house.rules.number("R-EXP.fee", "fee", on=uow.today, overrides=overrides(uow))
