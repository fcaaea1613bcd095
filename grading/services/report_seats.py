"""Invitations to a report's panel: sent, answered, lapsed; the next of the same draw follows (R-EXP-02)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from core.deadlines import end_of
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership, Organisation
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.exclusions import Exclusion
from experts.models import Expert
from experts.quotas import capacities, kept
from experts.services.conflicts import Matter, declare_conflict, parties, screen_for
from experts.services.draw_steps import attempts_held, continue_draw
from experts.services.invitations import Declaration
from experts.services.inviting import send_answer_link, shown
from experts.services.links import end_links
from experts.services.undertakings import sign_undertaking
from experts.states import ExpertState
from grading.addresses import report_invitation_page, report_review_page
from grading.models import QualitySheet, ReportReview, ReportSeat
from grading.notifications import PANEL_INVITED, PANEL_MOVED_ON, PANEL_OPINION_ASKED, PANEL_SHORT
from grading.queries import standing_submission
from grading.queries.report_review import ACTIVE, report_seats_of
from grading.states import ReportReviewState, ReportSeatState, SheetState
from grading.workflow import REPORT_SEAT

LEFT = frozenset(ReportSeatState) - {ReportSeatState.RESERVE, *ACTIVE}


def invite_seat(uow: UnitOfWork, seat: ReportSeat) -> None:
    """Invite an expert by inbox, mail and text; nothing of it names anybody else."""
    review = seat.review
    until = uow.now + timedelta(hours=review.answer_hours)
    REPORT_SEAT.fire(uow, seat, "invite", as_system=True, assign={"answer_by": until})
    uow.session.flush()
    words = {
        "project": review.engagement.project.name,
        "due": review.due_on.isoformat(),
        "until": shown(until),
    }
    user = seat.expert.user
    notify(uow, PANEL_INVITED, [user.id], url=report_invitation_page(seat.id), params=words, by_mail=False)
    when = review.meets_at or end_of(review.due_on)
    send_answer_link(uow, seat, user, until=until, when=when, worded=lambda: PANEL_INVITED.worded(words))


def ask_guests(uow: UnitOfWork, review: ReportReview) -> None:
    """Tell the people of the bodies that are asked for an opinion."""
    bodies = {one.organisation_id for one in review.guests if one.organisation_id is not None}
    people = uow.session.scalars(
        select(Membership.user_id).where(Membership.organisation_id.in_(bodies), Membership.ended_at.is_(None))
    )
    words = {"project": review.engagement.project.name, "due": review.due_on.isoformat()}
    notify(uow, PANEL_OPINION_ASKED, list(people), url=report_review_page(review.id), params=words)


def accept_report_seat(uow: UnitOfWork, seat: ReportSeat, declaration: Declaration, *, by_link: bool = False) -> None:
    """Accept; a declared relation, or one found by computation, recuses instead and calls the next (R-COMM-06)."""
    _ensure_answerable(uow, seat)
    if declaration.relations:
        if not declaration.details.strip():
            raise Refused(Refusal(_l("请写明关系的具体情况"), rule_id="R-COMM-06", field="details"))
        for kind, party in declaration.relations.items():
            organisation = uow.get(Organisation, party)
            if organisation is not None:
                declare_conflict(uow, seat.expert, organisation, kind=kind, reason=declaration.details)
        _leave(uow, seat, "recuse", declaration.details, as_system=by_link)
        return
    if not declaration.is_confirmed:
        raise Refused(Refusal(_l("请确认没有应当回避的情形并遵守保密要求"), rule_id="R-COMM-06", field="confirmed"))
    found = conflict_of(uow, seat)
    if found is not None:
        _leave(uow, seat, "recuse", str(found.label), as_system=by_link)
        return
    REPORT_SEAT.fire(uow, seat, "accept", as_system=by_link)
    end_links(uow, seat)
    sign_undertaking(uow, seat, seat.expert.user)


def decline_report_seat(uow: UnitOfWork, seat: ReportSeat, reason: str, *, by_link: bool = False) -> None:
    """Decline with a reason; the next of the same draw is invited at once."""
    _ensure_answerable(uow, seat)
    _leave(uow, seat, "decline", reason, as_system=by_link)


def replace_report_seat(uow: UnitOfWork, seat: ReportSeat, reason: str) -> None:
    """Let a reserve follow for somebody who cannot take part; not once the sheet is locked."""
    if not reason.strip():
        raise Refused(Refusal(_l("请写明递补的原因"), rule_id="R-COMM-10", field="reason"))
    if sheet_is_locked(uow, seat):
        raise Refused(Refusal(_l("该专家已锁定评分表，不能递补"), rule_id="R-GRADE.panel", field="reason"))
    _leave(uow, seat, "replace", reason)


def recuse_report_seat(uow: UnitOfWork, seat: ReportSeat, reason: str) -> None:
    """Step down for a conflict after accepting, while the sheet is not locked (R-COMM-06)."""
    if sheet_is_locked(uow, seat):
        raise Refused(Refusal(_l("评分表已锁定，不能再申请回避"), rule_id="R-COMM-06", field="reason"))
    _leave(uow, seat, "recuse", reason)


def lapse_overdue_report_seats(uow: UnitOfWork) -> int:
    """Let every invitation lapse whose time has passed: silence means that one cannot take part (R-EXP-02)."""
    overdue = (
        uow.session.scalars(
            select(ReportSeat)
            .join(ReportReview, ReportReview.id == ReportSeat.review_id)
            .where(
                ReportSeat.state == ReportSeatState.INVITED,
                ReportSeat.answer_by < uow.now,
                ReportReview.state == ReportReviewState.RATING,
            )
            .order_by(ReportSeat.answer_by, ReportSeat.id)
        )
        .unique()
        .all()
    )
    for seat in overdue:
        reason = str(ReportSeatState.LAPSED.label)
        REPORT_SEAT.fire(uow, seat, "lapse", as_system=True, assign={"reason": reason})
        _vacated(uow, seat, reason)
    return len(overdue)


def conflict_of(uow: UnitOfWork, seat: ReportSeat) -> Exclusion | None:
    """Return the relation that keeps an expert from judging this report, or that they left the pool."""
    if seat.expert.state is not ExpertState.ACTIVE:
        return Exclusion.TERM
    found = screen_for(uow, Matter(parties(seat.review.engagement)), only=[seat.expert])[0].exclusion
    return found if found is not None and found.rule_id == "R-COMM-06" else None


def sheet_is_locked(uow: UnitOfWork, seat: ReportSeat) -> bool:
    """Whether this expert's rating of the report stands."""
    submission = standing_submission(uow, seat.review.engagement_id)
    return submission is not None and bool(
        uow.session.scalar(
            select(QualitySheet.id).where(
                QualitySheet.submission_id == submission.id,
                QualitySheet.rater_id == seat.expert.user_id,
                QualitySheet.state == SheetState.LOCKED,
            )
        )
    )


def _ensure_answerable(uow: UnitOfWork, seat: ReportSeat) -> None:
    uow.lock(seat)
    if seat.state is not ReportSeatState.INVITED or seat.review.state is not ReportReviewState.RATING:
        raise Refused(Refusal(_l("这份邀请已经答复或已失效，不能重复答复"), rule_id="R-EXP-02"))
    if seat.answer_by is not None and uow.now > seat.answer_by:
        raise Refused(Refusal(_l("答复期限已过，视为不能参加"), rule_id="R-EXP-02"))


def _leave(uow: UnitOfWork, seat: ReportSeat, how: str, reason: str, *, as_system: bool = False) -> None:
    REPORT_SEAT.fire(uow, seat, how, reason=reason, as_system=as_system, assign={"reason": reason.strip()[:500]})
    _drop_draft(uow, seat)
    _vacated(uow, seat, reason)


def _drop_draft(uow: UnitOfWork, seat: ReportSeat) -> None:
    """A sheet that somebody left behind unlocked is no rating."""
    submission = standing_submission(uow, seat.review.engagement_id)
    if submission is None:
        return
    draft = uow.session.scalar(
        select(QualitySheet).where(
            QualitySheet.submission_id == submission.id,
            QualitySheet.rater_id == seat.expert.user_id,
            QualitySheet.state == SheetState.DRAFT,
        )
    )
    if draft is not None:
        uow.session.delete(draft)
        uow.session.flush()


def _vacated(uow: UnitOfWork, seat: ReportSeat, reason: str) -> None:
    """Ask the next of the same draw, or tell the convener that nobody is left."""
    end_links(uow, seat)
    uow.session.flush()
    review = seat.review
    if review.state is not ReportReviewState.RATING:
        return
    words, page = {"number": review.number}, report_review_page(review.id)
    draws = attempts_held(uow, f"report_review:{review.id}")
    found = continue_draw(uow, draws, seat.expert_id, reason, lambda names: _unavailable(uow, review, names))
    if found is None:
        notify(uow, PANEL_SHORT, [review.convened_by_id], url=page, params=words)
        return
    known = {one.expert_id: one for one in report_seats_of(uow, review)}
    follower = known.get(found)
    if follower is None:
        follower = seat_experts(uow, review, [uow.session.get_one(Expert, found)])[0]
    notify(uow, PANEL_MOVED_ON, [review.convened_by_id], url=page, params=words, by_mail=False)
    invite_seat(uow, follower)


def _unavailable(uow: UnitOfWork, review: ReportReview, names: Sequence[str]) -> dict[str, str]:
    """Return who of these may no longer follow, with the reason: out of the pool, a conflict, a no."""
    ids = [uuid.UUID(one) for one in names]
    rows = select(Expert).where(Expert.state == ExpertState.ACTIVE, Expert.id.in_(ids))
    found = dict.fromkeys(names, Exclusion.TERM.value)
    matter = Matter(parties(review.engagement), system_id=review.engagement.system_id)
    for one in screen_for(uow, matter, only=uow.session.scalars(rows).unique().all()):
        found[str(one.expert.id)] = one.exclusion.value if one.exclusion is not None else ""
    for seat in report_seats_of(uow, review):
        if seat.state in LEFT:
            found[str(seat.expert_id)] = seat.state.value
    return {name: reason for name, reason in found.items() if reason}


def seat_experts(uow: UnitOfWork, review: ReportReview, experts: Sequence[Expert]) -> list[ReportSeat]:
    """Give a row to everybody, in order, as reserves."""
    first = len(report_seats_of(uow, review)) + 1
    categories = capacities(experts, kept(review.quotas), review.engagement.project.industry)
    seats = [
        uow.add(
            ReportSeat(
                review_id=review.id,
                review=review,
                expert_id=expert.id,
                expert=expert,
                category=category,
                position=position,
                state=ReportSeatState.RESERVE,
                invited_at=None,
                answer_by=None,
                answered_at=None,
            )
        )
        for position, (expert, category) in enumerate(zip(experts, categories, strict=True), start=first)
    ]
    uow.session.flush()
    return seats
