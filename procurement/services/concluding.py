"""Adding up: ranking of the valid bids from the locked sheets (R-PRICE-01, R-EVAL-05, R-EVAL-07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.scheme import scheme_of
from procurement.fault_words import refusal_of
from procurement.methods import fewest_bidders
from procurement.models import Bid, Lot, Tender
from procurement.queries.standings import Standings, standings_of
from procurement.scoring import BidScore, CriterionKind, Offer, Sheet, check_sheets, score_bids
from procurement.services.committee import committee_refusals
from procurement.services.scoring_sheets import sheets_of
from procurement.states import SeatState, TenderState
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

    @property
    def first(self) -> list[Ranked]:
        """The first-ranked bid, or several that are equal in total and price."""
        return [one for one in self.ranked if one.score.rank == 1]


def offers_of(standings: Standings, lot: Lot) -> list[Offer]:
    """Return the valid bids of a lot as offers."""
    return [Offer(str(one.bid.id), one.bid.price) for one in standings.valid(lot) if one.bid.price is not None]


def results_of(uow: UnitOfWork, tender: Tender, standings: Standings | None = None) -> list[LotResult]:
    """Return each lot's ranking, reckoned anew from what is locked. Raises `Refused` while it cannot be reckoned."""
    standings = standings or standings_of(uow, tender)
    sheets = sheets_of(uow, standings.seats, standings)
    scheme = scheme_of(tender)
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
        bids = {str(one.bid.id): one.bid for one in standings.of_lot(lot)}
        by_bid = {offer.bid: offer for offer in offers}
        ranked = [Ranked(bids[one.bid], one, by_bid[one.bid]) for one in score_bids(scheme, offers, own)]
        results.append(LotResult(lot, ranked, min(offer.evaluated for offer in offers)))
    return results


def concluding_refusals(uow: UnitOfWork, tender: Tender, standings: Standings) -> list[Refusal]:
    """Return everything that keeps the results from being added up, in words that name bidders and criteria."""
    found = committee_refusals(uow, tender)
    unlocked = [seat for seat in standings.seats if seat.state is not SeatState.LOCKED]
    if unlocked:
        found.append(Refusal(_l("还有%(count)s名成员没有锁定评分", count=len(unlocked)), rule_id="R-COMM-11"))
        return found
    if standings.unreviewed:
        found.append(Refusal(_l("异常低价审查尚无结论"), rule_id="R-ALP-02"))
    fewest = fewest_bidders(uow, tender)
    if all(len(standings.valid(lot)) < fewest for lot in tender.lots):
        found.append(Refusal(_l("有效投标人不足%(fewest)s家，应予废标", fewest=fewest), rule_id="R-OPEN-05"))
    return found + objective_differences(uow, tender, standings)


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
    return results


def _sheets_of_lot(sheets: Sequence[Sheet], offers: Sequence[Offer]) -> list[Sheet]:
    wanted = {offer.bid for offer in offers}
    return [Sheet(one.member, {bid: points for bid, points in one.points.items() if bid in wanted}) for one in sheets]
