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
from procurement.models import CommitteeSeat, Score, Tender
from procurement.permissions import TenderPermission
from procurement.queries.rounds import final_offer_refusals
from procurement.queries.standings import Standings, seats_of, standings_of
from procurement.scoring import Criterion, Sheet, check_sheets, outliers
from procurement.states import Outcome, SeatState, TenderState
from procurement.workflow import SEAT

LONGEST = 1000
LOCKED = NotificationKind(
    "evaluation.locked", _l("评分已全部锁定"), _l("《%(tender)s》的评标委员会成员均已锁定评分，可以汇总评标结果。")
)


@dataclass(frozen=True)
class ScoreEntry:
    """The points for one bid under one criterion; None clears them."""

    bid_id: uuid.UUID
    criterion_id: uuid.UUID
    points: Decimal | None
    rationale: str = ""


def declare(uow: UnitOfWork, seat: CommitteeSeat) -> None:
    """Declare that no interest binds the member to any bidder; only then are bidders' names shown (R-COMM-06)."""
    ensure_evaluating(seat.tender)
    SEAT.fire(uow, seat, "declare")


def recuse(uow: UnitOfWork, seat: CommitteeSeat, reason: str) -> None:
    """Leave the committee for an interest; the member's judgements no longer count and a substitute is drawn."""
    ensure_evaluating(seat.tender)
    SEAT.fire(uow, seat, "recuse", reason=reason, assign={"is_chair": False})
    tender = seat.tender
    notify(uow, RECUSED, [tender.drafted_by_id], url=f"/tenders/{tender.id}/committee", params={"tender": tender.title})


RECUSED = NotificationKind(
    "evaluation.recused",
    _l("评标委员会成员回避"),
    _l("《%(tender)s》有评标委员会成员申请回避，请补抽专家（R-COMM-10）。"),
)


def save_scores(uow: UnitOfWork, seat: CommitteeSeat, entries: Sequence[ScoreEntry]) -> None:
    """Keep points as the member's draft. Raises `Refused` for points outside a criterion's bands (R-EVAL-05)."""
    ensure_may_judge(uow, seat)
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
    ensure_may_judge(uow, seat)
    standings = standings_of(uow, seat.tender)
    refusals = final_offer_refusals(uow, seat.tender)
    if not standings.conformity_closed:
        refusals.append(Refusal(_l("全体成员完成符合性审查后才能锁定评分"), rule_id="R-EVAL-03"))
    if standings.unreviewed:
        refusals.append(Refusal(_l("组长尚未记录异常低价审查结论"), rule_id="R-ALP-02"))
    if standings.unconfirmed:
        refusals.append(Refusal(_l("修正后的报价尚待投标人确认"), rule_id="R-PRICE-04"))
    if not refusals:
        refusals = _sheet_refusals(uow, seat, standings)
    if refusals:
        raise Refused(*refusals)
    seat.dissent = dissent.strip()[:LONGEST]
    SEAT.fire(uow, seat, "lock")
    tender = seat.tender
    if all(one.state is SeatState.LOCKED for one in seats_of(uow, tender)):
        notify(
            uow, LOCKED, [tender.drafted_by_id], url=f"/tenders/{tender.id}/results", params={"tender": tender.title}
        )


def _sheet_refusals(uow: UnitOfWork, seat: CommitteeSeat, standings: Standings) -> list[Refusal]:
    """Return what is wrong with a sheet: alone, and beside the sheets that are locked, whose points it does not tell.

    Objective points must equal the locked ones; points far from theirs need a reason beside them (R-EVAL-05).
    """
    tender = seat.tender
    scheme = scheme_of(tender)
    bids = [str(one.bid.id) for one in standings.bids if one.outcome is Outcome.VALID]
    names = {str(one.bid.id): one.bid.bidder.name for one in standings.bids}
    own = sheets_of(uow, [seat], standings)[0]
    faults = check_sheets(scheme, bids, [own])
    if faults:
        return [_at_bid(refusal_of(fault), fault.path, names, tender) for fault in faults]
    locked = [one for one in standings.seats if one.state is SeatState.LOCKED]
    others = sheets_of(uow, locked, standings)
    found = []
    for fault in check_sheets(scheme, bids, [*others, own]):
        bid, _slash, criterion = fault.path.partition("/")
        titles = {one.id: one.title for one in scheme.scored}
        words = _l(
            "%(bidder)s · %(title)s：客观分与已锁定的评分不一致，请共同核对投标文件；"
            "已锁定的有误的，请采购人依法退回更正",
            bidder=names[bid],
            title=titles[criterion],
        )
        found.append(Refusal(words, rule_id="R-EVAL-05", field=fault.path))
    explained = {(str(one.bid_id), str(one.criterion_id)) for one in scores_of(uow, [seat]) if one.rationale}
    found += [
        _at_bid(
            Refusal(_l("评分与已锁定的评分相差悬殊，请核对；确认无误的写明评分理由"), rule_id="R-EVAL.outlier"),
            f"{one.bid}/{one.criterion}",
            names,
            tender,
        )
        for one in outliers(scheme, [*others, own], outlier_limit(uow))
        if one.member == own.member and (one.bid, one.criterion) not in explained
    ]
    return found


def outlier_limit(uow: UnitOfWork) -> Decimal:
    """Return how far from the others' mean points may lie, in percent of the full points: the bureau's own number."""
    return uow.house.rules.number("R-EVAL.outlier", "outlier_percent", on=uow.today)


def sign_report(uow: UnitOfWork, seat: CommitteeSeat, *, dissent: str = "") -> None:
    """Sign the evaluation report, with a differing opinion and its reason where there is one (R-COMM-11).

    Whoever neither signs nor dissents is taken to agree. Raises `Forbidden`, or `Refused` before the totals are made.
    """
    decision = policy.decide(uow.actor, TenderPermission.SCORE, seat)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(seat)
    if seat.tender.state is not TenderState.EVALUATED or seat.state is not SeatState.LOCKED:
        raise Refused(Refusal(_l("评标结果汇总之后、定标之前签署评标报告"), rule_id="R-COMM-11"))
    seat.signed_at = uow.now
    seat.dissent = dissent.strip()[:LONGEST] or seat.dissent
    uow.record("committee_seat.sign", seat, about=(seat.tender,), after={"dissents": bool(seat.dissent)})
    uow.session.flush()


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


def ensure_evaluating(tender: Tender) -> None:
    """Raise `Refused` outside the evaluation; a stopped one says so (R-COMM-10)."""
    if tender.state is TenderState.REVIEW_SUSPENDED:
        raise Refused(Refusal(_l("评标已中止，资料封存；恢复之后才能继续"), rule_id="R-COMM-10"))
    if tender.state is not TenderState.UNDER_EVALUATION:
        raise Refused(Refusal(_l("评标尚未开始或者已经结束"), rule_id="R-COMM-11"))


def ensure_may_judge(
    uow: UnitOfWork, seat: CommitteeSeat, permission: TenderPermission = TenderPermission.SCORE
) -> None:
    """Raise `Forbidden` or `Refused` unless the actor may judge in this seat now."""
    decision = policy.decide(uow.actor, permission, seat)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(seat)
    ensure_evaluating(seat.tender)
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
