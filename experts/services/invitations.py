"""Invitations: sent, answered, lapsed; a vacated seat goes to the next of the same draw at once."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import select, update

from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.i18n import _, _l
from core.identity.models import Organisation
from core.identity.sessions import hashed
from core.notifications.send import notify, queue_mail
from core.unit_of_work import UnitOfWork
from experts.addresses import invitation_page, review_page, seat_page
from experts.exclusions import Exclusion
from experts.models import Draw, Expert, InvitationToken, Review, Seat, Sheet
from experts.notifications import INVITED, NO_RESERVE, REPLACED_TO_OFFICER, SCORING_OPEN
from experts.quotas import capacities, kept
from experts.seats import panel_of, seats_of
from experts.services.conflicts import declare_conflict, screen
from experts.services.draw_steps import continue_draw
from experts.states import ConflictKind, DrawState, ReviewState, SeatState
from experts.workflow import REVIEW, SEAT

TIME_FOR_RESERVES = timedelta(hours=24)
ASKING = (ReviewState.INVITING, ReviewState.SCORING)


@dataclass(frozen=True)
class Declaration:
    """Answers to the questions before accepting (R-COMM-06): each relation there is, with the party."""

    relations: Mapping[ConflictKind, uuid.UUID]
    details: str = ""
    is_confirmed: bool = False


def invite(uow: UnitOfWork, seat: Seat, *, answer_by: datetime) -> str:
    """Invite a drawn expert by inbox and by a mail with a single-purpose link; return the link's token."""
    uow.session.flush()
    until = min(answer_by, seat.review.meets_at)
    SEAT.fire(uow, seat, "invite", as_system=True, assign={"answer_by": until})
    token = secrets.token_urlsafe(32)
    uow.add(InvitationToken(seat_id=seat.id, token_hash=hashed(token), expires_at=until, used_at=None))
    review, user = seat.review, seat.expert.user
    words = {
        "number": review.number,
        "when": f"{review.meets_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "place": review.place,
        "until": f"{until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    }
    notify(uow, INVITED, [user.id], url=seat_page(seat.id), params=words, by_mail=False)
    with force_locale("en" if user.language == "en" else "zh"):
        subject, body = INVITED.worded(words)
        answer = _("不用登录就能接受或谢绝（链接只对本次邀请有效，请勿转发）：")
    link = uow.house.settings.public_address + invitation_page(token)
    queue_mail(
        uow, to=user.email, user_id=user.id, subject=subject, body=f"{user.name}：\n\n{body}\n\n{answer}\n{link}\n"
    )
    uow.record("seat.invited", review, about=(seat,))
    return token


def seat_by_token(uow: UnitOfWork, token: str) -> InvitationToken | None:
    """Return the token's row while it is good: unused, unexpired, and its seat still waits for an answer."""
    row = uow.session.scalar(
        select(InvitationToken)
        .where(
            InvitationToken.token_hash == hashed(token),
            InvitationToken.used_at.is_(None),
            InvitationToken.expires_at > uow.now,
        )
        .with_for_update(of=InvitationToken)
    )
    if row is None or row.seat.state is not SeatState.INVITED or row.seat.review.state not in ASKING:
        return None
    return row


def accept_seat(uow: UnitOfWork, seat: Seat, declaration: Declaration) -> None:
    """Accept; a declared relation, or one found by computation, recuses instead and calls the next expert."""
    _check_answerable(uow, seat)
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
    found = screen(uow, seat.review.engagement, only=[seat.expert])[0].exclusion
    if found is not None:
        recuse_seat(uow, seat, str(found.label))
        return
    SEAT.fire(uow, seat, "accept", as_system=True, assign={"declared_at": uow.now})
    uow.record("seat.accepted", seat.review, about=(seat,))
    _spend_tokens(uow, seat)
    uow.session.flush()
    _start_when_complete(uow, seat.review)


def decline_seat(uow: UnitOfWork, seat: Seat, reason: str) -> None:
    """Decline with a reason; the next expert of the same draw is invited at once."""
    _check_answerable(uow, seat)
    SEAT.fire(uow, seat, "decline", as_system=True, reason=reason, assign={"reason": reason.strip()})
    uow.record("seat.declined", seat.review, about=(seat,))
    _vacated(uow, seat, reason)


def recuse_seat(uow: UnitOfWork, seat: Seat, reason: str) -> None:
    """Step down for a conflict, before or after accepting, while the sheet is not locked (R-COMM-06)."""
    if seat.review.state not in ASKING:
        raise Refused(Refusal(_l("评审已结束，不能再申请回避")))
    SEAT.fire(uow, seat, "recuse", as_system=True, reason=reason, assign={"reason": reason.strip()})
    sheet = uow.session.scalar(select(Sheet).where(Sheet.seat_id == seat.id))
    if sheet is not None:
        uow.session.delete(sheet)
    uow.record("seat.recused", seat.review, about=(seat,))
    _vacated(uow, seat, reason)


def lapse_seat(uow: UnitOfWork, seat: Seat) -> None:
    """Silence until the limit means that the expert cannot come (R-EXP-02); the next one is invited."""
    if seat.state is SeatState.INVITED and seat.answer_by is not None and uow.now <= seat.answer_by:
        raise Refused(Refusal(_l("答复期限未到，不能视为不能参加"), rule_id="R-EXP-02"))
    reason = str(SeatState.LAPSED.label)
    SEAT.fire(uow, seat, "lapse", assign={"reason": reason})
    uow.record("seat.lapsed", seat.review, about=(seat,))
    _vacated(uow, seat, reason)


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
    """Unseat whoever has become conflicted since the snapshot (late conflict), call the next ones; return how many."""
    unseated = 0
    waiting = [seat for seat in panel_of(uow, review) if seat.state is not SeatState.SUBMITTED]
    found = {one.expert.id: one.exclusion for one in screen(uow, review.engagement, only=[s.expert for s in waiting])}
    for seat in waiting:
        exclusion = found.get(seat.expert_id)
        if exclusion is not None and exclusion.rule_id == "R-COMM-06":
            recuse_seat(uow, seat, str(exclusion.label))
            unseated += 1
    return unseated


def _check_answerable(uow: UnitOfWork, seat: Seat) -> None:
    uow.lock(seat)
    if seat.state is not SeatState.INVITED or seat.review.state not in ASKING:
        raise Refused(Refusal(_l("这份邀请已经答复或已失效，不能重复答复")))
    if seat.answer_by is not None and uow.now > seat.answer_by:
        raise Refused(Refusal(_l("答复期限已过，视为不能参加"), rule_id="R-EXP-02"))


def _spend_tokens(uow: UnitOfWork, seat: Seat) -> None:
    uow.session.execute(
        update(InvitationToken)
        .where(InvitationToken.seat_id == seat.id, InvitationToken.used_at.is_(None))
        .values(used_at=uow.now)
    )


def _vacated(uow: UnitOfWork, seat: Seat, reason: str) -> None:
    _spend_tokens(uow, seat)
    uow.session.flush()
    review = seat.review
    follower = _next_expert(uow, review, seat, reason)
    words = {"number": review.number}
    if follower is None:
        uow.record("review.no_reserve", review)
        notify(uow, NO_RESERVE, [review.convened_by_id], url=review_page(review.id), params=words)
        return
    notify(uow, REPLACED_TO_OFFICER, [review.convened_by_id], url=review_page(review.id), params=words, by_mail=False)
    until = review.answer_by
    until = max(until, uow.now + TIME_FOR_RESERVES)
    invite(uow, follower, answer_by=until)


def draws_behind(uow: UnitOfWork, review: Review) -> list[Draw]:
    """Return the attempts of the draw that this review's panel comes from: its own, or that of an earlier round."""
    done = uow.session.scalar(
        select(Draw)
        .join(Review, Review.id == Draw.review_id)
        .where(Review.system_id == review.system_id, Draw.state == DrawState.DONE, Review.round <= review.round)
        .order_by(Review.round.desc(), Review.attempt.desc())
        .limit(1)
    )
    if done is None:
        return []
    return list(uow.session.scalars(select(Draw).where(Draw.review_id == done.review_id).order_by(Draw.attempt)))


def _next_expert(uow: UnitOfWork, review: Review, seat: Seat, reason: str) -> Seat | None:
    """Continue the draw: find who follows, keep the replacement in its record, give the follower a seat."""
    draws = draws_behind(uow, review)
    if not draws or draws[-1].record is None:
        return None
    follower_id = continue_draw(uow, draws, seat.expert_id, reason, _unavailable(uow, review))
    if follower_id is None:
        return None
    known = {one.expert_id: one for one in seats_of(uow, review)}
    if follower_id in known:
        return known[follower_id]
    expert = uow.get(Expert, follower_id)
    if expert is None:
        return None
    category = capacities([expert], kept(review.quotas), review.engagement.project.industry)[0]
    follower = uow.add(
        Seat(
            review_id=review.id,
            review=review,
            expert_id=expert.id,
            expert=expert,
            category=category,
            position=max(one.position for one in known.values()) + 1,
            state=SeatState.RESERVE,
            invited_at=None,
            answer_by=None,
            answered_at=None,
            declared_at=None,
        )
    )
    uow.session.flush()
    return follower


def _unavailable(uow: UnitOfWork, review: Review) -> dict[str, str]:
    """Return who of the pool may no longer follow, with the reason: conflict, suspension or a no."""
    screened = screen(uow, review.engagement)
    found = {str(one.expert.id): one.exclusion.value for one in screened if one.exclusion is not None}
    active = {str(one.expert.id) for one in screened}
    for seat in seats_of(uow, review):
        if seat.state in (SeatState.DECLINED, SeatState.RECUSED, SeatState.LAPSED):
            found[str(seat.expert_id)] = seat.state.value
    draws = draws_behind(uow, review)
    names = {one["id"] for one in draws[-1].plan["candidates"]} if draws else set()
    return found | {name: Exclusion.TERM.value for name in names - active if name not in found}


def _start_when_complete(uow: UnitOfWork, review: Review) -> None:
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
