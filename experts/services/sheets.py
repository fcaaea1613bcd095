"""The panel's sheets: drafted, locked, secret until the scoring is closed (R-IND.sheet, R-IND.quorum)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from core.errors import Refusal, Refused
from core.i18n import _l
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.addresses import review_page
from experts.models import Attendee, IndicatorComment, Review, Seat, Sheet, SheetLine
from experts.notifications import SCORED
from experts.outcome import Mark, Verdict, judge
from experts.seats import panel_of
from experts.services.conflicts import screen
from experts.services.invitations import recuse_seat
from experts.services.sign_in import ensure_signed_in
from experts.states import ReviewState, SeatState
from experts.terms import terms_of
from experts.workflow import REVIEW, SEAT

STEP = Decimal("0.5")


@dataclass(frozen=True)
class Remark:
    """A comment on one indicator (its third-level name), or on the whole when `indicator` is empty."""

    indicator: str
    body: str
    is_major: bool = False


@dataclass(frozen=True)
class Judgement:
    """What a member typed: points by line (missing ones not yet given), opinion, veto, remarks.

    `settled` says of the member's own comments of the round before, by id, whether the revision settles them.
    """

    points: Mapping[str, Decimal]
    opinion: str
    is_veto: bool
    remarks: tuple[Remark, ...] = ()
    settled: Mapping[uuid.UUID, bool] = field(default_factory=dict)


def sheet_of(uow: UnitOfWork, seat: Seat) -> Sheet | None:
    """Return the seat's sheet with its lines."""
    return uow.session.scalar(select(Sheet).where(Sheet.seat_id == seat.id).options(selectinload(Sheet.lines)))


def earlier_comments(uow: UnitOfWork, seat: Seat) -> list[IndicatorComment]:
    """Return what this expert said in the round before, to be closed one by one at the second review (R-IND.rework)."""
    before = (
        select(Review.id)
        .where(
            Review.system_id == seat.review.system_id,
            Review.state == ReviewState.RETURNED,
            Review.round < seat.review.round,
        )
        .order_by(Review.round.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = uow.session.scalars(
        select(IndicatorComment)
        .where(IndicatorComment.review_id == before, IndicatorComment.author_id == seat.expert.user_id)
        .order_by(IndicatorComment.written_at, IndicatorComment.id)
    )
    return list(rows)


def save_sheet(uow: UnitOfWork, seat: Seat, judgement: Judgement) -> Sheet:
    """Save a draft; lines may still be empty. Raises `Refused` for points outside a line or at the wrong time."""
    _check_open(uow, seat)
    _check_points(uow, seat.review, judgement)
    sheet = sheet_of(uow, seat)
    if sheet is None:
        sheet = uow.add(Sheet(seat_id=seat.id, locked_at=None))
        sheet.lines = []
    if judgement.is_veto and not judgement.opinion.strip():
        raise Refused(Refusal(_l("否决须写明理由"), rule_id="R-IND.pass", field="opinion"))
    sheet.opinion, sheet.is_veto = judgement.opinion.strip(), judgement.is_veto
    known = {line.key: line for line in sheet.lines}
    for key, points in judgement.points.items():
        if key in known:
            known[key].points = points
        else:
            sheet.lines.append(SheetLine(id=uow.ids.new(), key=key, points=points))
    for key in set(known) - set(judgement.points):
        sheet.lines.remove(known[key])
    _keep_remarks(uow, seat, judgement)
    for comment in earlier_comments(uow, seat):
        if comment.id in judgement.settled:
            comment.is_settled, comment.settled_at = judgement.settled[comment.id], uow.now
    uow.session.flush()
    uow.record("sheet.save", seat, detail={"lines": len(sheet.lines)})
    return sheet


def lock_sheet(uow: UnitOfWork, seat: Seat, judgement: Judgement) -> None:
    """Lock the sheet; every line must have points. The last one closes the scoring.

    Conflicts are checked a last time: somebody newly tied to a party steps down instead (R-COMM-06).
    """
    _check_open(uow, seat)
    ensure_signed_in(uow, seat)
    keys = terms_of(uow, seat.review).sheet
    missing = [Refusal(_l("请打分"), "R-IND.sheet", key) for key in keys if key not in judgement.points]
    open_still = [one for one in earlier_comments(uow, seat) if one.id not in judgement.settled]
    if open_still:
        count = len(open_still)
        missing.append(Refusal(_l("上轮意见尚有 %(count)s 条未销号，请逐条注明是否落实", count=count), "R-IND.rework"))
    if missing:
        raise Refused(*missing)
    found = screen(uow, seat.review.engagement, only=[seat.expert])[0].exclusion
    if found is not None and found.rule_id == "R-COMM-06":
        recuse_seat(uow, seat, str(found.label))
        return
    save_sheet(uow, seat, judgement).locked_at = uow.now
    SEAT.fire(uow, seat, "submit")
    uow.record("sheet.lock", seat.review, about=(seat,))
    uow.session.flush()
    panel = panel_of(uow, seat.review)
    if len(panel) == seat.review.size and all(one.state is SeatState.SUBMITTED for one in panel):
        close_scoring(uow, seat.review, as_system=True)


def close_scoring(uow: UnitOfWork, review: Review, *, as_system: bool = False) -> Verdict:
    """Close the scoring once two thirds have locked; the outcome follows from the sheets (R-IND.pass)."""
    verdict = verdict_of(uow, review)
    assign = {"average": verdict.average, "outcome": verdict.outcome} if verdict else {}
    REVIEW.fire(uow, review, "close_scoring", as_system=as_system, assign=assign)
    if verdict is None:
        raise Refused(Refusal(_l("还没有人提交评审表"), rule_id="R-IND.quorum"))
    notify(
        uow,
        SCORED,
        [review.convened_by_id],
        url=review_page(review.id),
        params={"number": review.number},
        by_mail=False,
    )
    return verdict


def verdict_of(uow: UnitOfWork, review: Review) -> Verdict | None:
    """Return what the locked sheets add up to, or None while there is none."""
    sheets = locked_sheets(uow, review)
    majors = set(
        uow.session.scalars(
            select(IndicatorComment.author_id).where(IndicatorComment.review_id == review.id, IndicatorComment.is_major)
        )
    )
    marks = [Mark(one.total, one.is_veto, one.seat.expert.user_id in majors) for one in sheets]
    return judge(marks, terms_of(uow, review)) if marks else None


def locked_sheets(uow: UnitOfWork, review: Review) -> list[Sheet]:
    """Return the locked sheets in the order of the seats; for the services, whoever looks."""
    rows = uow.session.scalars(
        select(Sheet)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(Seat.review_id == review.id, Sheet.locked_at.is_not(None), Seat.state == SeatState.SUBMITTED)
        .options(selectinload(Sheet.lines), selectinload(Sheet.seat))
        .order_by(Seat.position)
    )
    return list(rows.unique())


def comment_as_observer(
    uow: UnitOfWork, review: Review, remark: Remark, *, said_by: Attendee | None = None
) -> IndicatorComment:
    """Note a remark of somebody who does not score; it counts in no score (R-IND.observers).

    `said_by` is for the secretary, who writes down what somebody without an account says at the meeting.
    """
    if review.state not in (ReviewState.INVITING, ReviewState.SCORING, ReviewState.SCORED):
        raise Refused(Refusal(_l("现在不能发表意见：评审尚未开始或已有结果"), rule_id="R-IND.observers"))
    if not remark.body.strip():
        raise Refused(Refusal(_l("请填写意见"), field="body"))
    comment = uow.add(
        IndicatorComment(
            review_id=review.id,
            author_id=uow.actor.user_id,
            indicator_name=_known_indicator(review, remark.indicator),
            body=remark.body.strip(),
            is_major=False,
            written_at=uow.now,
            answered_at=None,
            adoption=None,
            attendee_id=said_by.id if said_by is not None else None,
            is_settled=None,
            settled_at=None,
        )
    )
    uow.session.flush()
    uow.record("review.comment", review)
    return comment


def _known_indicator(review: Review, name: str) -> str:
    names = {one.third for one in review.system.indicators}  # nobody edits them while they are under review
    if name and name not in names:
        raise Refused(Refusal(_l("指标体系中没有这个指标"), field="indicator"))
    return name


def _check_open(uow: UnitOfWork, seat: Seat) -> None:
    uow.lock(seat)
    if seat.review.state is not ReviewState.SCORING:
        raise Refused(Refusal(_l("现在不能评分：专家尚未到齐，或评分已结束"), rule_id="R-IND.quorum"))
    if seat.state is not SeatState.ACCEPTED:
        raise Refused(Refusal(_l("评审表已提交，不能修改")))


def _check_points(uow: UnitOfWork, review: Review, judgement: Judgement) -> None:
    most = terms_of(uow, review).sheet
    found = [
        Refusal(_l("须在 0 至 %(most)s 之间，以 0.5 分为单位", most=most.get(key, Decimal(0))), "R-IND.sheet", key)
        for key, points in judgement.points.items()
        if key not in most or not 0 <= points <= most[key] or points % STEP
    ]
    if found:
        raise Refused(*found)


def _keep_remarks(uow: UnitOfWork, seat: Seat, judgement: Judgement) -> None:
    author = seat.expert.user_id
    uow.session.execute(
        delete(IndicatorComment).where(
            IndicatorComment.review_id == seat.review_id, IndicatorComment.author_id == author
        )
    )
    for remark in judgement.remarks:
        if remark.body.strip():
            uow.add(
                IndicatorComment(
                    review_id=seat.review_id,
                    author_id=author,
                    indicator_name=_known_indicator(seat.review, remark.indicator),
                    body=remark.body.strip(),
                    is_major=remark.is_major,
                    written_at=uow.now,
                    answered_at=None,
                    adoption=None,
                    attendee_id=None,
                    is_settled=None,
                    settled_at=None,
                )
            )
