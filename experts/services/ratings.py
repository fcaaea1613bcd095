"""Rating those who served in a review, with attendance and fee (R-EXP.score, R-COMM-13, R-COMM-15, R-COMM-16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import selectinload

from core.clock import SHANGHAI
from core.deadlines import derive
from core.errors import Refusal, Refused
from core.i18n import _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from experts.appraisal import PARTS
from experts.models import ExpertDuty, PaymentItem, Review, Seat
from experts.pool_rules import pool_rules
from experts.states import Attendance, DutyKind, DutyRating, ReviewState, SeatState

RATED_IN = (ReviewState.SCORED, ReviewState.PASSED, ReviewState.RETURNED)
SERVED = (SeatState.ACCEPTED, SeatState.SUBMITTED)


@dataclass(frozen=True)
class Rating:
    """How one member served: the points of each part (none for somebody absent), and the fee in yuan."""

    attendance: Attendance
    points: Mapping[str, Decimal]
    fee: Decimal
    remark: str = ""
    is_breach: bool = False


def rated_seats(uow: UnitOfWork, review: Review) -> Sequence[Seat]:
    """Return the seats that accepted, in the order of the panel: those who are rated."""
    rows = select(Seat).where(Seat.review_id == review.id, Seat.state.in_(SERVED)).order_by(Seat.position)
    return uow.session.scalars(rows).unique().all()


def duties_of_review(uow: UnitOfWork, review: Review) -> dict[str, ExpertDuty]:
    """Return what has been recorded of a review's members, by the id of their seat."""
    sources = {f"seat:{one.id}": str(one.id) for one in rated_seats(uow, review)}
    rows = uow.session.scalars(select(ExpertDuty).where(ExpertDuty.source.in_(sources)))
    return {sources[one.source]: one for one in rows}


def rating_due(uow: UnitOfWork, review: Review) -> datetime:
    """Return until when the members of a review must be rated (R-COMM-13)."""
    held = review.meets_at.astimezone(SHANGHAI).date()
    calendar, rules = work_calendar(uow), uow.house.rules
    return derive("R-COMM-13", held, calendar, rules, overrides=overrides(uow)).ends_at


def rate_panel(uow: UnitOfWork, review: Review, ratings: Mapping[Seat, Rating]) -> None:
    """Record how everybody served; a later record replaces the first until the fee is on a list.

    Raises `Refused` with everything that is wrong, each at its field `<part>-<seat>`.
    """
    if review.state not in RATED_IN:
        raise Refused(Refusal(_l("评审结束后才能记录履职情况"), rule_id="R-COMM-13"))
    uow.lock(review)
    parts = pool_rules(uow).parts
    known = duties_of_review(uow, review)
    paid = set(
        uow.session.scalars(
            select(PaymentItem.duty_id).where(PaymentItem.duty_id.in_([one.id for one in known.values()]))
        )
    )
    dismiss_below = pool_rules(uow).thresholds.dismiss_below
    refusals: list[Refusal] = []
    for seat, rating in ratings.items():
        refusals += _refusals(seat, rating, parts, dismiss_below)
        before = known.get(str(seat.id))
        if before is not None and before.id in paid and before.fee != rating.fee:
            words = _l("%(name)s的评审费已列入支付清单，不能再改", name=seat.expert.user.name)
            refusals.append(Refusal(words, rule_id="R-EXP.fee", field=f"fee-{seat.id}"))
    if refusals:
        raise Refused(*refusals)
    for seat, rating in ratings.items():
        values = _values(uow, review, rating)
        values["rating"] = rating_word(rating, dismiss_below)
        row = known.get(str(seat.id))
        if row is None:
            uow.add(ExpertDuty(expert_id=seat.expert_id, source=f"seat:{seat.id}", **values))
        else:
            for name, value in values.items():
                setattr(row, name, value)
    uow.session.flush()
    uow.record("review.rate", review, after={"members": len(ratings)})


def _refusals(seat: Seat, rating: Rating, parts: Mapping[str, Decimal], dismiss_below: Decimal) -> list[Refusal]:
    name, found = seat.expert.user.name, []
    if rating.attendance is not Attendance.ABSENT:
        for key in PARTS:
            points = rating.points.get(key)
            if points is None or not 0 <= points <= parts[key]:
                words = _l("%(name)s的这一项须在 0 至 %(most)s 分之间", name=name, most=parts[key])
                found.append(Refusal(words, rule_id="R-EXP.score", field=f"{key}-{seat.id}"))
    low = rating.attendance is not Attendance.ABSENT and sum(rating.points.values(), Decimal(0)) < dismiss_below
    if (low or rating.is_breach or rating.attendance is Attendance.ABSENT) and not rating.remark.strip():
        words = _l("%(name)s：不合格、缺席或者违纪的须写明事实", name=name)
        found.append(Refusal(words, rule_id="R-COMM-13", field=f"remark-{seat.id}"))
    if rating.fee < 0:
        found.append(Refusal(_l("%(name)s的评审费不能为负", name=name), rule_id="R-EXP.fee", field=f"fee-{seat.id}"))
    if rating.fee > 0 and (rule := _earns_nothing(seat, rating)):
        words = _l("%(name)s缺席、违纪或者没有完成评审，不支付评审费", name=name)
        found.append(Refusal(words, rule_id=rule, field=f"fee-{seat.id}"))
    return found


def _earns_nothing(seat: Seat, rating: Rating) -> str | None:
    """Return the rule by which no fee is due, or None."""
    if rating.is_breach:
        return "R-COMM-16"
    if rating.attendance is Attendance.ABSENT or seat.state is not SeatState.SUBMITTED:
        return "R-COMM-15"
    return None


def rating_word(rating: Rating, dismiss_below: Decimal) -> DutyRating:
    """Return the rating in a word: by the points, unless discipline was broken."""
    if rating.is_breach:
        return DutyRating.BREACH
    if rating.attendance is Attendance.ABSENT or sum(rating.points.values(), Decimal(0)) < dismiss_below:
        return DutyRating.POOR
    return DutyRating.GOOD if rating.attendance is Attendance.ATTENDED else DutyRating.ORDINARY


def _values(uow: UnitOfWork, review: Review, rating: Rating) -> dict[str, Any]:
    came = rating.attendance is not Attendance.ABSENT
    return {
        "kind": DutyKind.REVIEW,
        "number": review.number,
        "title": review.engagement.project.name,
        "held_on": review.meets_at.astimezone(SHANGHAI).date(),
        "attendance": rating.attendance,
        "remark": rating.remark.strip(),
        "fee": rating.fee,
        "recorded_at": uow.now,
        "recorded_by_id": uow.actor.user_id,
        **{key: rating.points[key] if came else None for key in PARTS},
    }


def unrated_reviews(uow: UnitOfWork) -> Sequence[Review]:
    """Return the finished reviews in which somebody who accepted has not been rated, oldest first."""
    recorded = select(ExpertDuty.id).where(ExpertDuty.source == func.concat("seat:", cast(Seat.id, Text))).exists()
    rows = (
        select(Review)
        .join(Seat, Seat.review_id == Review.id)
        .where(Review.state.in_(RATED_IN), Seat.state.in_(SERVED), ~recorded)
        .options(selectinload(Review.engagement))
        .order_by(Review.meets_at)
        .distinct()
    )
    return uow.session.scalars(rows).unique().all()
