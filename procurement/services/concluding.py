"""Adding up: ranking of the valid bids from the locked sheets (R-PRICE-01, R-EVAL-05, R-EVAL-07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.scheme import scheme_of
from procurement.fault_words import refusal_of
from procurement.methods import fewest_bidders
from procurement.models import Bid, Lot, Tender
from procurement.queries.rounds import final_offer_refusals
from procurement.queries.standings import BidStanding, Standings, standings_of
from procurement.scoring import (
    BidScore,
    CriterionKind,
    Offer,
    Outlier,
    Scheme,
    Sheet,
    TieDraw,
    check_sheets,
    merits_of,
    outliers,
    score_bids,
)
from procurement.services.committee import committee_refusals
from procurement.services.re_review_report import close_re_review
from procurement.services.scoring_sheets import outlier_limit, scores_of, sheets_of
from procurement.states import SeatState, TenderState, TieMethod
from procurement.workflow import TENDER


@dataclass(frozen=True)
class Ranked:
    """A valid bid with its printed figures."""

    bid: Bid
    score: BidScore
    offer: Offer


@dataclass(frozen=True)
class LotResult:
    """A lot's ranking in order; empty where fewer are valid than the method asks for: the lot fails (R-OPEN-05)."""

    lot: Lot
    ranked: Sequence[Ranked]
    benchmark: Decimal | None
    below: Sequence[tuple[BidStanding, Decimal]] = ()
    """Valid bids whose quality points lie below the document's minimum, with those points."""
    tie: TieDraw | None = None
    """The lottery among first-ranked parallel bids, where the document asks for one (R-EVAL-07)."""

    @property
    def first(self) -> list[Ranked]:
        """The first-ranked bid, or several that are equal in total and price."""
        return [one for one in self.ranked if one.score.rank == 1]

    @property
    def drawn(self) -> list[Ranked]:
        """The parallel first-ranked bids in the order drawn; empty where none are parallel or nothing is drawn."""
        if self.tie is None:
            return []
        by_bid = {str(one.bid.id): one for one in self.first}
        return [by_bid[bid] for bid in self.tie.order(by_bid)]


def offers_of(standings: Standings, lot: Lot) -> list[Offer]:
    """Return the valid bids of a lot as offers."""
    return [
        Offer(str(one.bid.id), one.price, standings.prices.deduction_of(one.bid))
        for one in standings.valid(lot)
        if one.price is not None
    ]


def full_scheme(tender: Tender, standings: Standings) -> Scheme:
    """Return the scheme with the least quality points that the document asks for."""
    return replace(scheme_of(tender), minimum=standings.prices.terms.minimum)


def results_of(uow: UnitOfWork, tender: Tender, standings: Standings | None = None) -> list[LotResult]:
    """Return each lot's ranking, reckoned anew from what is locked. Raises `Refused` while it cannot be reckoned."""
    standings = standings or standings_of(uow, tender)
    sheets = sheets_of(uow, standings.seats, standings)
    scheme = full_scheme(tender, standings)
    fewest = fewest_bidders(uow, tender)
    results = []
    for lot in tender.lots:
        offers = offers_of(standings, lot)
        if len(offers) < fewest:
            results.append(LotResult(lot, (), None))
            continue
        own = _sheets_of_lot(sheets, offers)
        faults = check_sheets(scheme, [offer.bid for offer in offers], own)
        if faults:
            raise Refused(*(refusal_of(fault) for fault in faults))
        results.append(_result(standings, lot, offers, own))
    return results


def _result(standings: Standings, lot: Lot, offers: Sequence[Offer], sheets: Sequence[Sheet]) -> LotResult:
    tender = standings.tender
    scheme = full_scheme(tender, standings)
    by_id = {str(one.bid.id): one for one in standings.of_lot(lot)}
    by_bid = {offer.bid: offer for offer in offers}
    ranked = [Ranked(by_id[one.bid].bid, one, by_bid[one.bid]) for one in score_bids(scheme, offers, sheets)]
    merits = {} if scheme.minimum is None else merits_of(scheme, offers, sheets)
    standing = {str(one.bid.id) for one in ranked}
    parallel = sum(one.score.rank == 1 for one in ranked) > 1
    draws = parallel and standings.prices.terms.tie_method is TieMethod.DRAW
    return LotResult(
        lot,
        ranked,
        min((one.offer.evaluated for one in ranked), default=None),
        [(by_id[bid], merit) for bid, merit in merits.items() if bid not in standing],
        TieDraw(tender.record_hash or "", {bid: one.bid.sha256 for bid, one in by_id.items()}) if draws else None,
    )


def concluding_refusals(uow: UnitOfWork, tender: Tender, standings: Standings) -> list[Refusal]:
    """Return everything that keeps the results from being added up, in words that name bidders and criteria."""
    found = final_offer_refusals(uow, tender) + committee_refusals(uow, tender)
    unlocked = [seat for seat in standings.seats if seat.state is not SeatState.LOCKED]
    if unlocked:
        found.append(Refusal(_l("还有%(count)s名成员没有锁定评分", count=len(unlocked)), rule_id="R-COMM-11"))
        return found
    if standings.unreviewed:
        found.append(Refusal(_l("异常低价审查尚无结论"), rule_id="R-ALP-02"))
    if standings.unconfirmed:
        found.append(Refusal(_l("修正后的报价尚待投标人确认"), rule_id="R-PRICE-04"))
    if standings.prices.waiting:
        found.append(Refusal(_l("还有发给投标人的函件没有答复，也没有逾期"), rule_id="R-EVAL-04"))
    fewest = fewest_bidders(uow, tender)
    if all(len(standings.valid(lot)) < fewest for lot in tender.lots):
        found.append(Refusal(_l("有效投标人不足%(fewest)s家，应予废标", fewest=fewest), rule_id="R-OPEN-05"))
    return found + objective_differences(uow, tender, standings) + unexplained_outliers(uow, tender, standings)


def outliers_of(uow: UnitOfWork, tender: Tender, standings: Standings) -> list[Outlier]:
    """Return the points that lie far from those of the other members, over all locked sheets (R-EVAL-05)."""
    return outliers(scheme_of(tender), sheets_of(uow, standings.seats, standings), outlier_limit(uow))


def unexplained_outliers(uow: UnitOfWork, tender: Tender, standings: Standings) -> list[Refusal]:
    """Return the outliers whose member wrote no reason beside them: to be explained or corrected."""
    found = outliers_of(uow, tender, standings)
    if not found:
        return []
    names = {str(seat.id): seat.name for seat in standings.seats}
    bidders = {str(one.bid.id): one.bid.bidder.name for one in standings.bids}
    titles = {str(one.id): one.title for one in tender.criteria}
    explained = {
        (str(one.seat_id), str(one.bid_id), str(one.criterion_id))
        for one in scores_of(uow, standings.seats)
        if one.rationale
    }
    high, low = _l("畸高"), _l("畸低")
    return [
        Refusal(
            _l(
                "%(member)s对%(bidder)s“%(title)s”的评分与其他成员相差悬殊（%(side)s），须退回写明理由或者更正",
                member=names[one.member],
                bidder=bidders[one.bid],
                title=titles[one.criterion],
                side=high if one.is_high else low,
            ),
            rule_id="R-EVAL.outlier",
        )
        for one in found
        if (one.member, one.bid, one.criterion) not in explained
    ]


def objective_differences(uow: UnitOfWork, tender: Tender, standings: Standings) -> list[Refusal]:
    """Return where members scored an objective criterion differently; they are returned for correction (R-EVAL-05)."""
    sheets = sheets_of(uow, standings.seats, standings)
    names = {str(one.bid.id): one.bid.bidder.name for one in standings.bids}
    found = []
    for criterion in scheme_of(tender).scored:
        if criterion.kind is not CriterionKind.OBJECTIVE:
            continue
        for bid, name in names.items():
            given = {sheet.points[bid][criterion.id] for sheet in sheets if criterion.id in sheet.points.get(bid, {})}
            if len(given) > 1:
                words = _l("%(bidder)s：客观评审因素“%(title)s”各成员评分不一致", bidder=name, title=criterion.title)
                found.append(Refusal(words, rule_id="R-EVAL-05"))
    return found


def conclude(uow: UnitOfWork, tender: Tender) -> list[LotResult]:
    """Add up the sheets; from here nothing changes. Raises `Forbidden`, or `Refused` with all that is missing."""
    uow.lock(tender)
    standings = standings_of(uow, tender)
    if tender.state is TenderState.UNDER_EVALUATION and (refusals := concluding_refusals(uow, tender, standings)):
        raise Refused(*refusals)
    results = results_of(uow, tender, standings) if tender.state is TenderState.UNDER_EVALUATION else []
    TENDER.fire(uow, tender, "conclude", detail={"valid": sum(len(one.ranked) for one in results)})
    close_re_review(uow, tender, ranking_of(results))
    return results


def ranking_of(results: Sequence[LotResult]) -> dict[str, Any]:
    """Return the ranking as plain data, by which a re-review is compared with what stood before (R-EVAL-06)."""
    return {
        str(result.lot.position): [
            {
                "bid": str(one.bid.id),
                "bidder": one.bid.bidder.name,
                "total": str(one.score.total),
                "rank": one.score.rank,
            }
            for one in result.ranked
        ]
        for result in results
    }


def _sheets_of_lot(sheets: Sequence[Sheet], offers: Sequence[Offer]) -> list[Sheet]:
    wanted = {offer.bid for offer in offers}
    return [Sheet(one.member, {bid: points for bid, points in one.points.items() if bid in wanted}) for one in sheets]
