"""Invitations answered: accepted, declined, recused, lapsed; a vacated seat goes to the next one at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import select

from core.errors import Refusal, Refused
from core.i18n import _, _l
from core.identity.models import Organisation
from core.notifications.send import notify, queue_mail
from core.unit_of_work import UnitOfWork
from experts.addresses import calendar_address, review_page, seat_page
from experts.models import Review, Seat, Sheet
from experts.notifications import CONFIRMED, LAPSED, NO_RESERVE, PROMOTED, REPLACED_TO_OFFICER, SCORING_OPEN
from experts.seats import panel_of
from experts.services.conflicts import declare_conflict, screen
from experts.services.followers import next_expert
from experts.services.inviting import answer_times, invite, shown
from experts.services.links import end_links, make_link
from experts.services.undertakings import sign_undertaking
from experts.states import ConflictKind, ExpertState, LinkPurpose, ReviewState, SeatState
from experts.workflow import REVIEW, SEAT

ASKING = (ReviewState.INVITING, ReviewState.SCORING)
CALENDAR_KEPT = timedelta(days=30)
"""How long after the meeting a calendar may still read its address."""


@dataclass(frozen=True)
class Declaration:
    """Answers to the questions before accepting (R-COMM-06): each relation there is, with the party."""

    relations: Mapping[ConflictKind, uuid.UUID]
    details: str = ""
    is_confirmed: bool = False


def accept_seat(uow: UnitOfWork, seat: Seat, declaration: Declaration) -> None:
    """Accept; a declared relation, or one found by computation, recuses instead and calls the next expert.

    Accepting signs the undertaking of confidentiality, whose text stands beside the answer.
    """
    ensure_answerable(uow, seat)
    if declaration.relations:
        if not declaration.details.strip():
            raise Refused(Refusal(_l("请写明关系的具体情况"), rule_id="R-COMM-06", field="details"))
        for kind, party in declaration.relations.items():
            organisation = uow.get(Organisation, party)
            if organisation is not None:
                declare_conflict(uow, seat.expert, organisation, kind=kind, reason=declaration.details)
        recuse_seat(uow, seat, declaration.details)
        return
    if not declaration.is_confirmed:
        raise Refused(Refusal(_l("请确认没有应当回避的情形并遵守保密要求"), rule_id="R-COMM-06", field="confirmed"))
    if take_seat(uow, seat):
        sign_undertaking(uow, seat, seat.expert.user)


def take_seat(uow: UnitOfWork, seat: Seat) -> bool:
    """Seat somebody who said yes and declared nothing; False where a relation was found, which recuses instead."""
    found = screen(uow, seat.review.engagement, only=[seat.expert])[0].exclusion
    if found is not None:
        recuse_seat(uow, seat, str(found.label))
        return False
    SEAT.fire(uow, seat, "accept", as_system=True, assign={"declared_at": uow.now})
    uow.record("seat.accepted", seat.review, about=(seat,))
    end_links(uow, seat, LinkPurpose.ANSWER)
    review = seat.review
    calendar = make_link(uow, seat, LinkPurpose.CALENDAR, until=review.meets_at + CALENDAR_KEPT)
    notify(
        uow,
        CONFIRMED,
        [seat.expert.user_id],
        url=seat_page(seat.id),
        params={"number": review.number, "when": shown(review.meets_at), "place": review.place},
        by_mail=False,
    )
    mail_confirmation(uow, seat, uow.house.settings.public_address + calendar_address(calendar))
    uow.session.flush()
    start_when_complete(uow, review)
    return True


def decline_seat(uow: UnitOfWork, seat: Seat, reason: str, *, at: datetime | None = None) -> None:
    """Decline with a reason (`at` an earlier moment, by telephone); the next expert is invited at once."""
    ensure_answerable(uow, seat, at=at)
    SEAT.fire(uow, seat, "decline", as_system=True, reason=reason, assign={"reason": reason.strip()})
    uow.record("seat.declined", seat.review, about=(seat,))
    vacate(uow, seat, reason)


def recuse_seat(uow: UnitOfWork, seat: Seat, reason: str) -> None:
    """Step down for a conflict, before or after accepting, while the sheet is not locked (R-COMM-06)."""
    if seat.review.state not in ASKING:
        raise Refused(Refusal(_l("评审已结束，不能再申请回避")))
    SEAT.fire(uow, seat, "recuse", as_system=True, reason=reason, assign={"reason": reason.strip()})
    sheet = uow.session.scalar(select(Sheet).where(Sheet.seat_id == seat.id))
    if sheet is not None:
        uow.session.delete(sheet)
    uow.record("seat.recused", seat.review, about=(seat,))
    vacate(uow, seat, reason)


def lapse_seat(uow: UnitOfWork, seat: Seat) -> None:
    """Silence until the limit means that the expert cannot come (R-EXP-02); the next one is invited."""
    if seat.state is SeatState.INVITED and seat.answer_by is not None and uow.now <= seat.answer_by:
        raise Refused(Refusal(_l("答复期限未到，不能视为不能参加"), rule_id="R-EXP-02"))
    reason = str(SeatState.LAPSED.label)
    SEAT.fire(uow, seat, "lapse", assign={"reason": reason})
    uow.record("seat.lapsed", seat.review, about=(seat,))
    notify(uow, LAPSED, [seat.expert.user_id], url=seat_page(seat.id), params={"number": seat.review.number})
    vacate(uow, seat, reason)


def lapse_overdue(uow: UnitOfWork) -> int:
    """Let every invitation lapse whose limit has passed; return how many."""
    rows = uow.session.scalars(
        select(Seat)
        .join(Review, Review.id == Seat.review_id)
        .where(Seat.state == SeatState.INVITED, Seat.answer_by < uow.now, Review.state.in_(ASKING))
        .order_by(Seat.answer_by)
    ).unique()
    overdue = list(rows)
    for seat in overdue:
        lapse_seat(uow, seat)
    return len(overdue)


def pass_over_new_conflicts(uow: UnitOfWork, review: Review) -> int:
    """Unseat whoever became conflicted or left the pool since the snapshot, call the next ones; return how many."""
    unseated = 0
    waiting = [seat for seat in panel_of(uow, review) if seat.state is not SeatState.SUBMITTED]
    found = {one.expert.id: one.exclusion for one in screen(uow, review.engagement, only=[s.expert for s in waiting])}
    for seat in waiting:
        exclusion = found.get(seat.expert_id)
        if exclusion is not None and exclusion.rule_id == "R-COMM-06":
            recuse_seat(uow, seat, str(exclusion.label))
        elif seat.expert.state is ExpertState.LEFT:
            recuse_seat(uow, seat, str(_l("已退出专家库")))
        else:
            continue
        unseated += 1
    return unseated


def ensure_answerable(uow: UnitOfWork, seat: Seat, *, at: datetime | None = None) -> None:
    """Refuse an answer to what is answered, withdrawn or (at the moment it was given) too late; locks the seat."""
    uow.lock(seat)
    if seat.state is not SeatState.INVITED or seat.review.state not in ASKING:
        raise Refused(Refusal(_l("这份邀请已经答复或已失效，不能重复答复")))
    if seat.answer_by is not None and (at or uow.now) > seat.answer_by:
        raise Refused(Refusal(_l("答复期限已过，视为不能参加"), rule_id="R-EXP-02"))


def mail_confirmation(uow: UnitOfWork, seat: Seat, calendar: str) -> None:
    """Confirm an acceptance by mail, with the address at which a calendar reads it."""
    review, user = seat.review, seat.expert.user
    with force_locale("en" if user.language == "en" else "zh"):
        title, body = CONFIRMED.worded({"number": review.number, "when": shown(review.meets_at), "place": review.place})
        hint = _("加入日历：")
    queue_mail(
        uow, to=user.email, user_id=user.id, subject=title, body=f"{user.name}：\n\n{body}\n\n{hint}\n{calendar}\n"
    )


def vacate(uow: UnitOfWork, seat: Seat, reason: str) -> None:
    """End the links of a seat whose expert does not come, and let the next one follow at once.

    A reserve who was asked beside the panel leaves nothing vacant. Whoever follows and has already accepted takes the
    seat; an open invitation becomes one to the panel.
    """
    end_links(uow, seat)
    uow.session.flush()
    if seat.is_spare:
        return
    review = seat.review
    follower = next_expert(uow, review, seat, reason)
    words, page = {"number": review.number}, review_page(review.id)
    if follower is None:
        uow.record("review.no_reserve", review)
        notify(uow, NO_RESERVE, [review.convened_by_id], url=page, params=words)
        return
    notify(uow, REPLACED_TO_OFFICER, [review.convened_by_id], url=page, params=words, by_mail=False)
    if follower.state is SeatState.RESERVE:
        usual = uow.now + timedelta(hours=answer_times(uow).hours)
        invite(uow, follower, answer_by=max(review.answer_by, usual))
        return
    follower.is_spare = False
    uow.session.flush()
    uow.record("seat.promoted", review, about=(follower,))
    start_when_complete(uow, review)
    told = {"number": review.number, "when": shown(review.meets_at), "place": review.place}
    notify(uow, PROMOTED, [follower.expert.user_id], url=seat_page(follower.id), params=told)


def start_when_complete(uow: UnitOfWork, review: Review) -> None:
    """Open the scoring once every seat of the panel has accepted and nobody of it is found tied."""
    panel = panel_of(uow, review)
    ready = [seat for seat in panel if seat.state is not SeatState.INVITED]
    if review.state is ReviewState.INVITING and len(ready) == review.size:
        if pass_over_new_conflicts(uow, review):
            return  # checked once more before scoring: who follows answers first (R-COMM-06)
        REVIEW.fire(uow, review, "score", as_system=True)
        notify(
            uow,
            SCORING_OPEN,
            [seat.expert.user_id for seat in ready] + [review.convened_by_id],
            url="/my-reviews",
            params={"number": review.number},
        )
