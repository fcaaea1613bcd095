"""What one member of the committee does: declare, judge, score alone, lock, dissent (R-COMM-06, R-COMM-11)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.scheme import scheme_of
from procurement.fault_words import refusal_of
from procurement.models import Bid, CommitteeSeat, ConformityVote, LowBidReview, Score, Tender
from procurement.permissions import TenderPermission
from procurement.queries.standings import Standings, seats_of, standings_of
from procurement.scoring import Criterion, Sheet, check_sheets
from procurement.states import CorrectionGround, Outcome, SeatState, TenderState
from procurement.workflow import SEAT

LONGEST = 1000
LOCKED = NotificationKind(
    "evaluation.locked", _l("评分已全部锁定"), _l("《%(tender)s》的评标委员会成员均已锁定评分，可以汇总评标结果。")
)
REOPENED = NotificationKind(
    "evaluation.reopened",
    _l("评分退回更正"),
    _l("《%(tender)s》的评分因“%(ground)s”退回更正：%(reason)s。更正后请重新锁定（R-EVAL-05）。"),
)


@dataclass(frozen=True)
class Vote:
    """A judgement on one bid's conformity."""

    bid_id: uuid.UUID
    passed: bool
    reason: str = ""


@dataclass(frozen=True)
class ScoreEntry:
    """The points for one bid under one criterion; None clears them."""

    bid_id: uuid.UUID
    criterion_id: uuid.UUID
    points: Decimal | None
    rationale: str = ""


@dataclass(frozen=True)
class PriceReview:
    """What the evaluation report says of an abnormally low price: ground, course, basis, conclusion (R-ALP-02)."""

    accepted: bool
    minutes: int
    ground: str
    course: str
    basis: str
    conclusion: str


def declare(uow: UnitOfWork, seat: CommitteeSeat) -> None:
    """Declare that no interest binds the member to any bidder; only then are bidders' names shown (R-COMM-06)."""
    _ensure_evaluating(seat.tender)
    SEAT.fire(uow, seat, "declare")


def recuse(uow: UnitOfWork, seat: CommitteeSeat, reason: str) -> None:
    """Leave the committee for an interest; the member's judgements no longer count and a substitute is drawn."""
    _ensure_evaluating(seat.tender)
    SEAT.fire(uow, seat, "recuse", reason=reason, assign={"is_chair": False})
    tender = seat.tender
    notify(uow, RECUSED, [tender.drafted_by_id], url=f"/tenders/{tender.id}/committee", params={"tender": tender.title})


RECUSED = NotificationKind(
    "evaluation.recused",
    _l("评标委员会成员回避"),
    _l("《%(tender)s》有评标委员会成员申请回避，请补抽专家（R-COMM-10）。"),
)


def vote(uow: UnitOfWork, seat: CommitteeSeat, votes: Sequence[Vote]) -> None:
    """Judge the conformity of bids against the substantive requirements; may be changed until everybody has voted.

    Raises `Forbidden` before the declaration, `Refused` for a failure without a reason or once the votes stand.
    """
    _ensure_may_judge(uow, seat)
    standings = standings_of(uow, seat.tender)
    if standings.conformity_closed:
        raise Refused(Refusal(_l("全体成员已完成符合性审查，结论不能再改"), rule_id="R-EVAL-05"))
    allowed = {one.bid.id: one.bid for one in standings.candidates}
    refusals = []
    for one in votes:
        if one.bid_id not in allowed:
            refusals.append(Refusal(_l("这份投标不在符合性审查之列"), rule_id="R-OPEN-04"))
        elif not one.passed and not one.reason.strip():
            name = allowed[one.bid_id].bidder.name
            refusals.append(
                Refusal(_l("%(bidder)s：不符合须写明原因", bidder=name), rule_id="R-AWARD-03", field=str(one.bid_id))
            )
    if refusals:
        raise Refused(*refusals)
    known = {
        row.bid_id: row for row in uow.session.scalars(select(ConformityVote).where(ConformityVote.seat_id == seat.id))
    }
    for one in votes:
        row = known.get(one.bid_id)
        reason = "" if one.passed else one.reason.strip()[:LONGEST]
        if row is None:
            uow.add(ConformityVote(seat_id=seat.id, bid_id=one.bid_id, passed=one.passed, reason=reason))
        else:
            row.passed, row.reason = one.passed, reason
    uow.session.flush()
    uow.record("committee_seat.vote", seat, detail={"bids": len(votes)})


def save_scores(uow: UnitOfWork, seat: CommitteeSeat, entries: Sequence[ScoreEntry]) -> None:
    """Keep points as the member's draft. Raises `Refused` for points outside a criterion's bands (R-EVAL-05)."""
    _ensure_may_judge(uow, seat)
    standings = standings_of(uow, seat.tender)
    if not standings.conformity_closed:
        raise Refused(Refusal(_l("全体成员完成符合性审查后才能评分"), rule_id="R-EVAL-03"))
    open_bids = {one.bid.id for one in standings.bids if one.outcome in (Outcome.VALID, Outcome.PENDING)}
    criteria = {one.id: one for one in scheme_of(seat.tender).scored}
    refusals = [refusal for entry in entries if (refusal := _wrong_points(entry, open_bids, criteria)) is not None]
    if refusals:
        raise Refused(*refusals)
    known = {(row.bid_id, row.criterion_id): row for row in scores_of(uow, [seat])}
    for entry in entries:
        _keep(uow, seat, known.get((entry.bid_id, entry.criterion_id)), entry)
    uow.session.flush()


def lock_sheet(uow: UnitOfWork, seat: CommitteeSeat, *, dissent: str = "") -> None:
    """Lock the member's sheet: every point given, within its range, low prices reviewed; then it stays (R-EVAL-05).

    `dissent` is a differing opinion with its reason; without one the member agrees to the report (R-COMM-11).
    """
    _ensure_may_judge(uow, seat)
    standings = standings_of(uow, seat.tender)
    refusals = []
    if not standings.conformity_closed:
        refusals.append(Refusal(_l("全体成员完成符合性审查后才能锁定评分"), rule_id="R-EVAL-03"))
    if standings.unreviewed:
        refusals.append(Refusal(_l("组长尚未记录异常低价审查结论"), rule_id="R-ALP-02"))
    if not refusals:
        sheet = sheets_of(uow, [seat], standings)[0]
        bids = [str(one.bid.id) for one in standings.bids if one.outcome is Outcome.VALID]
        names = {str(one.bid.id): one.bid.bidder.name for one in standings.bids}
        refusals = [
            _at_bid(refusal_of(fault), fault.path, names, seat.tender)
            for fault in check_sheets(scheme_of(seat.tender), bids, [sheet])
        ]
    if refusals:
        raise Refused(*refusals)
    seat.dissent = dissent.strip()[:LONGEST]
    SEAT.fire(uow, seat, "lock")
    tender = seat.tender
    if all(one.state is SeatState.LOCKED for one in seats_of(uow, tender)):
        notify(
            uow, LOCKED, [tender.drafted_by_id], url=f"/tenders/{tender.id}/results", params={"tender": tender.title}
        )


def review_price(uow: UnitOfWork, seat: CommitteeSeat, bid: Bid, review: PriceReview) -> LowBidReview:
    """Record, as chair, how the committee reviewed an abnormally low price (R-ALP-02).

    Raises `Forbidden` for anybody but the chair, `Refused` for a text left out, for a bid ruled invalid after less than
    the minimum time to explain, or where nothing sets the review off.
    """
    _ensure_may_judge(uow, seat, TenderPermission.LEAD)
    refusals = [
        Refusal(_l("请填写：评审报告须记录异常低价审查的原因、过程、依据和结论"), rule_id="R-ALP-02", field=name)
        for name in ("ground", "course", "basis", "conclusion")
        if not getattr(review, name).strip()
    ]
    least = uow.house.rules.whole("R-ALP-02", "minutes_min", on=uow.today)
    if not review.accepted and review.minutes < least:
        refusals.append(
            Refusal(
                _l("给投标人的说明时间一般不少于%(least)s分钟，不足时不能认定无效", least=least),
                rule_id="R-ALP-02",
                field="minutes",
            )
        )
    if bid.id not in {one.bid.id for one in standings_of(uow, seat.tender).unreviewed}:
        refusals.append(Refusal(_l("这份投标没有待办的异常低价审查"), rule_id="R-ALP-01"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        LowBidReview(
            bid_id=bid.id,
            accepted=review.accepted,
            minutes=review.minutes,
            ground=review.ground.strip(),
            course=review.course.strip(),
            basis=review.basis.strip(),
            conclusion=review.conclusion.strip(),
            seat_id=seat.id,
            reviewed_at=uow.now,
        )
    )
    uow.session.flush()
    uow.record("tender.review_price", bid, about=(seat.tender,), after={"accepted": review.accepted})
    return row


def reopen_sheets(uow: UnitOfWork, tender: Tender, ground: CorrectionGround, reason: str) -> None:
    """Return every locked sheet for correction on one of the four lawful grounds, before the award (R-EVAL-05).

    Raises `Forbidden` without the permission to conclude, `Refused` without a reason or outside the evaluation.
    """
    decision = policy.decide(uow.actor, TenderPermission.CONCLUDE, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    locked = [seat for seat in seats_of(uow, tender) if seat.state is SeatState.LOCKED]
    if tender.state is not TenderState.UNDER_EVALUATION or not locked:
        raise Refused(Refusal(_l("评标期间且有已锁定的评分时才能退回更正"), rule_id="R-EVAL-05"))
    for seat in locked:
        SEAT.fire(uow, seat, "reopen", reason=reason, as_system=True, detail={"ground": str(ground)})
    uow.record("tender.reopen_sheets", tender, detail={"ground": str(ground), "sheets": len(locked)}, reason=reason)
    params = {"tender": tender.title, "ground": str(ground.label), "reason": reason}
    for seat in locked:
        notify(uow, REOPENED, [seat.user_id], url=f"/evaluations/{seat.id}", params=params)


def scores_of(uow: UnitOfWork, seats: Sequence[CommitteeSeat]) -> list[Score]:
    """Return the scores that these members have given."""
    return list(uow.session.scalars(select(Score).where(Score.seat_id.in_([seat.id for seat in seats]))))


def sheets_of(uow: UnitOfWork, seats: Sequence[CommitteeSeat], standings: Standings) -> list[Sheet]:
    """Return the members' sheets over the valid bids, in the order of the seats' ids (which say nothing of names)."""
    valid = {one.bid.id for one in standings.bids if one.outcome is Outcome.VALID}
    points: dict[uuid.UUID, dict[str, dict[str, Decimal]]] = {seat.id: {} for seat in seats}
    for row in scores_of(uow, seats):
        if row.bid_id in valid:
            points[row.seat_id].setdefault(str(row.bid_id), {})[str(row.criterion_id)] = row.points
    return [Sheet(str(seat_id), points[seat_id]) for seat_id in sorted(points)]


def _ensure_evaluating(tender: Tender) -> None:
    if tender.state is not TenderState.UNDER_EVALUATION:
        raise Refused(Refusal(_l("评标尚未开始或者已经结束"), rule_id="R-COMM-11"))


def _ensure_may_judge(
    uow: UnitOfWork, seat: CommitteeSeat, permission: TenderPermission = TenderPermission.SCORE
) -> None:
    decision = policy.decide(uow.actor, permission, seat)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(seat)
    _ensure_evaluating(seat.tender)
    if seat.state is not SeatState.DECLARED:
        raise Refused(Refusal(_l("评分已锁定，不能再改"), rule_id="R-EVAL-05"))


def _wrong_points(entry: ScoreEntry, open_bids: set[uuid.UUID], criteria: Mapping[str, Criterion]) -> Refusal | None:
    field = f"{entry.bid_id}/{entry.criterion_id}"
    criterion = criteria.get(str(entry.criterion_id))
    if criterion is None or entry.bid_id not in open_bids:
        return Refusal(_l("此项不在评分范围内"), rule_id="R-EVAL-05", field=field)
    if entry.points is not None and not criterion.allows(entry.points):
        words = _l(
            "%(title)s：分值不在评分标准的范围内（满分%(maximum)s）", title=criterion.title, maximum=criterion.maximum
        )
        return Refusal(words, rule_id="R-EVAL-05", field=field)
    return None


def _keep(uow: UnitOfWork, seat: CommitteeSeat, row: Score | None, entry: ScoreEntry) -> None:
    if entry.points is None:
        if row is not None:
            uow.session.delete(row)
        return
    if row is None:
        row = uow.add(Score(seat_id=seat.id, bid_id=entry.bid_id, criterion_id=entry.criterion_id, points=entry.points))
    row.points, row.rationale = entry.points, entry.rationale.strip()[:LONGEST]


def _at_bid(refusal: Refusal, path: str, names: Mapping[str, str], tender: Tender) -> Refusal:
    """Say at which bid and criterion a sheet's fault lies, in names."""
    titles = {str(one.id): one.title for one in tender.criteria}
    steps = path.split("/")
    words = [names.get(step) or titles.get(step) for step in steps]
    place = " · ".join(word for word in words if word)
    field = "/".join(steps[-2:])
    return Refusal(_l("%(place)s：%(reason)s", place=place, reason=refusal.reason), refusal.rule_id, field)
