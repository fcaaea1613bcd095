"""The award: in rank order, recorded so that anyone can verify it, noticed, told to each bidder (R-AWARD-01…04)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from flask_babel import force_locale
from sqlalchemy import select

from agencies.services.engagements import open_engagement
from core.documents.accept import keep_bytes
from core.errors import Refusal, Refused
from core.i18n import _l
from core.money import split
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from procurement.contracting.departure import barred_basis
from procurement.methods import committee_rule_of
from procurement.models import Award, Lot, Tender
from procurement.queries.award_procedure import procedure_of
from procurement.queries.standings import Standings, standings_of
from procurement.scoring import Award as AwardFacts
from procurement.scoring import Deduction, Member, PriceChange, SeatKind, award_record, public_award_record
from procurement.scoring.lot_limits import LotRanking, lot_winners
from procurement.services.award_papers import public_hash, result_letter_pdf
from procurement.services.concluding import LotResult, Ranked, full_scheme, offers_of, results_of
from procurement.services.scoring_sheets import sheets_of
from procurement.states import DepartureGround, SeatCategory, TenderState
from procurement.suspensions import suspensions
from procurement.workflow import TENDER

SERVICE_DAYS = 90
OVER_LIMIT = "中标包数已达到采购文件规定的上限"
SILENCE = _l("采购人逾期未确定中标人且未说明合法理由，视同确定排序第一的候选人为中标人（R-AWARD-02）")
WON = NotificationKind(
    "tender.won", _l("中标通知"), _l("恭喜：贵单位中标《%(tender)s》。请在规定期限内签订合同，并开始编制指标体系。")
)
NOT_WON = NotificationKind(
    "tender.not-won",
    _l("采购结果通知"),
    _l("《%(tender)s》已定标。可查看中标结果公告和贵单位本身的得分、排序或未通过的原因。"),
)


@dataclass(frozen=True)
class Choice:
    """The winner of one lot; a reason is needed when it is not the only first-ranked bid."""

    bid_id: uuid.UUID
    reason: str = ""
    ground: DepartureGround | None = None
    """Why a lower rank wins; empty for the first-ranked."""


def award(
    uow: UnitOfWork, tender: Tender, choices: Mapping[uuid.UUID, Choice], *, by_silence: bool = False
) -> list[Award]:
    """Award every lot that has a ranking, in rank order; `choices` by lot id, the first-ranked bid where none is made.

    Opens one engagement per project, stores the notice and every bidder's letter, and tells all of them. `by_silence`:
    the purchaser let the time pass, so the system takes the first-ranked (R-AWARD-02). Raises `Forbidden`, or `Refused`
    for a lower rank or a tie without its reason (R-AWARD-01, R-AWARD-04), while the report has not reached the
    purchaser, or while the whole purchase is suspended (R-SUSP-01).
    """
    uow.lock(tender)
    if tender.state is TenderState.EVALUATED and (held := awarding_refusals(uow, tender)):
        raise Refused(*held)
    standings = standings_of(uow, tender)
    results = [one for one in results_of(uow, tender, standings) if one.ranked]
    over = passed_over(tender, results)
    # a lot whose every bidder has won enough elsewhere stays without a winner, like one with too few valid bids
    results = [one for one in results if len(over[one.lot.id]) < len(one.ranked)]
    chosen = [_chosen(result, choices.get(result.lot.id), over[result.lot.id]) for result in results]
    refusals = [one for one in chosen if isinstance(one, Refusal)]
    if refusals:
        raise Refused(*refusals)
    TENDER.fire(uow, tender, "award", as_system=by_silence, reason=str(SILENCE) if by_silence else None)
    awards = [
        record_award(uow, tender, result, choice, standings, over[result.lot.id])
        for result, choice in zip(results, chosen, strict=True)
        if isinstance(choice, Choice)
    ]
    uow.session.flush()
    issue_papers(uow, tender, awards, standings)
    for one in awards:
        commission(uow, tender, one)
    tell_bidders(uow, tender, awards, standings)
    return awards


def awards_of(uow: UnitOfWork, tender: Tender) -> list[Award]:
    """Return the tender's standing awards in the order of its lots; replaced winners are left out."""
    return list(
        uow.session.scalars(
            select(Award)
            .join(Lot, Lot.id == Award.lot_id)
            .where(Award.tender_id == tender.id, Award.superseded_at.is_(None))
            .order_by(Lot.position)
        )
    )


def awarding_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return what keeps the purchaser from awarding now, apart from the choice itself."""
    found = []
    procedure = procedure_of(uow, tender)
    if procedure is not None and procedure.report_received_at is None:
        found.append(Refusal(_l("采购代理机构尚未送交评审报告，采购人不能定标"), rule_id="R-AWARD-01"))
    held = (one for one in suspensions(uow, tender) if one.stops_everything)
    return [*found, *(Refusal(one.reason, rule_id=one.rule_id) for one in held)]


def passed_over(tender: Tender, results: Sequence[LotResult]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Return, by lot, the bids whose bidder wins as many other lots as the document lets one bidder win."""
    in_order = {
        result.lot.id: [*result.drawn, *(one for one in result.ranked if one not in result.drawn)] for result in results
    }
    rankings = [
        LotRanking(result.lot.position, tuple(str(one.bid.bidder_id) for one in in_order[result.lot.id]))
        for result in results
    ]
    decided = {one.lot: one.passed_over for one in lot_winners(rankings, tender.lots_per_bidder)}
    return {
        result.lot.id: frozenset(
            one.bid.id for one in result.ranked if str(one.bid.bidder_id) in decided[result.lot.position]
        )
        for result in results
    }


def _chosen(result: LotResult, choice: Choice | None, over: frozenset[uuid.UUID]) -> Choice | Refusal:
    free = [one for one in result.ranked if one.bid.id not in over]
    best = min(one.score.rank for one in free)
    ranks = {one.bid.id: one.score.rank - best + 1 for one in free}
    first = [one for one in free if one.score.rank == best]
    drawn = [] if over else result.drawn
    made = choice or Choice((drawn or first)[0].bid.id)
    field = f"reason-{result.lot.id}"
    if made.bid_id not in ranks:
        limited = made.bid_id in over
        words = (
            _l("该投标人中标的包数已达到采购文件规定的上限，由排序在后的依次递补")
            if limited
            else _l("所选投标不是本包的有效投标")
        )
        rule = "R-TENDER-07" if limited else "R-AWARD-01"
        return Refusal(words, rule_id=rule, field=f"bid-{result.lot.id}")
    if (words := barred_basis(made.reason)) is not None:
        return Refusal(
            _l("不得以“%(words)s”等方式改变评审结果：检测样品、考察供应商都不是另定中标人的理由", words=words),
            rule_id="R-AWARD-04",
            field=field,
        )
    if ranks[made.bid_id] > 1 and (made.ground is None or not made.reason.strip()):
        return Refusal(
            _l("应当按排序确定中标人；确定排序在后的，须选择法定情形，并写明排序在前者放弃中标或者依法不能中标的事实"),
            rule_id="R-AWARD-01",
            field=field,
        )
    return _unsaid_tie(first, drawn, made, field) or made


def _unsaid_tie(first: Sequence[Ranked], drawn: Sequence[Ranked], made: Choice, field: str) -> Refusal | None:
    """Return why a choice among parallel bids is not founded: against the order drawn, or without its reason."""
    if made.reason.strip():
        return None
    if drawn and made.bid_id != drawn[0].bid.id:
        return Refusal(_l("并列的投标已随机抽取，应当按抽取次序确定中标人"), rule_id="R-EVAL-07", field=field)
    if len(first) > 1 and not drawn:
        words = _l("有并列第一的投标，须写明按采购文件规定的方式或者随机抽取确定的经过")
        return Refusal(words, rule_id="R-EVAL-07", field=field)
    return None


def record_award(  # noqa: PLR0917 - everything the record speaks of
    uow: UnitOfWork,
    tender: Tender,
    result: LotResult,
    choice: Choice,
    standings: Standings,
    over: frozenset[uuid.UUID] = frozenset(),
) -> Award:
    """Write the award of one lot with its full and public record; `over` are the bids that may win no more lots."""
    reason = worded_reason(choice)
    lot = result.lot
    winner = next(one for one in result.ranked if one.bid.id == choice.bid_id)
    record = award_record(facts_of(uow, tender, result, choice, standings, over), secrets.token_hex(32))
    row = uow.add(
        Award(
            tender_id=tender.id,
            lot_id=lot.id,
            bid_id=winner.bid.id,
            amount=winner.offer.price,
            decided_by_id=uow.actor.user_id,
            decided_at=uow.now,
            record=record,
            public_record=public_award_record(record),
            superseded_at=None,
        )
    )
    row.tender, row.lot, row.bid = tender, lot, winner.bid
    uow.record(
        "award.decide",
        row,
        about=(tender, winner.bid),
        after={"amount": str(row.amount), "record": public_hash(row)},
        reason=reason or None,
    )
    return row


def facts_of(  # noqa: PLR0917 - everything the record speaks of
    uow: UnitOfWork,
    tender: Tender,
    result: LotResult,
    choice: Choice,
    standings: Standings,
    over: frozenset[uuid.UUID] = frozenset(),
) -> AwardFacts:
    """Return everything that led to the ranking of one lot and to the choice from it."""
    lot = result.lot
    offers = offers_of(standings, lot)
    wanted = {offer.bid for offer in offers}
    fallen = [one for one in standings.of_lot(lot) if str(one.bid.id) not in wanted]
    sheets = [
        type(sheet)(sheet.member, {bid: points for bid, points in sheet.points.items() if bid in wanted})
        for sheet in sheets_of(uow, standings.seats, standings)
    ]
    with force_locale("zh"):
        invalid = {str(one.bid.id): str(one.reason) or str(one.outcome.label) for one in fallen}
    return AwardFacts(
        tender=f"{tender.number}/{lot.position}",
        budget=lot.budget,
        ceiling=tender.ceiling,
        scheme=full_scheme(tender, standings),
        thresholds=standings.prices.terms.thresholds,
        committee_rule=committee_rule_of(uow, tender),
        committee=[
            Member(
                str(seat.id),
                SeatKind.EXPERT if seat.category is SeatCategory.EXPERT else SeatKind.PURCHASER,
                seat.is_chair,
                seat.employer,
            )
            for seat in standings.seats
        ],
        offers=offers,
        prices_of_invalid={str(one.bid.id): one.price for one in fallen if one.price is not None},
        invalid=invalid,
        sheets=sheets,
        explained=[
            str(bid_id) for bid_id, review in standings.reviews.items() if review.accepted and str(bid_id) in wanted
        ],
        winner=str(choice.bid_id),
        winner_reason=worded_reason(choice),
        decided_at=uow.now.isoformat(),
        corrections=[
            PriceChange(str(bid_id), one.stated, one.corrected, one.ground.value)
            for bid_id, one in standings.prices.corrections.items()
            if one.confirmed and str(bid_id) in wanted
        ],
        deductions=[
            Deduction(str(bid_id), one.ground, one.partner_share)
            for bid_id, one in standings.prices.deductions.items()
            if str(bid_id) in wanted
        ],
        tie=None if over else result.tie,
        passed_over={str(bid_id): OVER_LIMIT for bid_id in over},
    )


def worded_reason(choice: Choice) -> str:
    """Return why this bid won as records and notices say it: the ground of law before the facts, in Chinese."""
    if choice.ground is None:
        return choice.reason.strip()
    with force_locale("zh"):
        return f"{choice.ground.label}：{choice.reason.strip()}"


def issue_papers(uow: UnitOfWork, tender: Tender, awards: Sequence[Award], standings: Standings) -> None:
    """Store each bidder's letter; official papers are Chinese whatever the reader's language."""
    with force_locale("zh"):
        for standing in standings.bids:
            keep_bytes(
                uow,
                result_letter_pdf(uow, tender, awards, standing),
                owner=standing.bid,
                purpose="result-letter",
                name=f"采购结果通知书-{tender.number}.pdf",
                media_type="application/pdf",
            )


def commission(uow: UnitOfWork, tender: Tender, won: Award) -> None:
    """Open an engagement for each project of the lot; the price is shared by what was set aside for each."""
    projects = won.lot.projects
    weights = [project.evaluation_fee or Decimal(0) for project in projects]
    if sum(weights) == 0:
        weights = [Decimal(1) for _project in projects]
    due = tender.service_until
    if due is None or due < uow.today:
        due = uow.today + timedelta(days=SERVICE_DAYS)
    for project, amount in zip(projects, split(won.amount, weights), strict=True):
        open_engagement(
            uow,
            project=project,
            agency_id=won.bid.bidder_id,
            source=f"tender:{tender.id}",
            amount=amount,
            begins_on=uow.today,
            due_on=due,
        )


def tell_bidders(uow: UnitOfWork, tender: Tender, awards: Sequence[Award], standings: Standings) -> None:
    """Tell every bidder: the winners that they won, the others where their own result stands."""
    winners = {one.bid_id for one in awards}
    for standing in standings.bids:
        notify(
            uow,
            WON if standing.bid.id in winners else NOT_WON,
            [standing.bid.submitted_by_id],
            url=f"/bids/{standing.bid.id}/result",
            params={"tender": tender.title},
        )
