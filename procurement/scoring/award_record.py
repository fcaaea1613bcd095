"""The record of an award, full and public, and its verification from it alone (R-PRICE-01, R-EVAL-05/07, R-COMM-12).

The public form holds what is published with the result: bidders, prices, committee, ranking and the winner's scores.
Members' sheets, reasons given to failed bidders, and the losers' own scores stand as commitments: each bidder can be
shown its own (R-AWARD-03) and check it against the public record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from core.records import Fault, NotRecordable, Record, check_seal, is_sealed, redact, salts_for, seal
from procurement.scoring.committee import CommitteeRule, Member, SeatKind, check_committee
from procurement.scoring.criteria import Band, Criterion, CriterionKind, Scheme
from procurement.scoring.deductions import SmallBusiness, check_deduction
from procurement.scoring.low_bids import LowBidThresholds, low_bids
from procurement.scoring.price import price_points
from procurement.scoring.ranking import BidScore, NotScorable, Offer, merits_of, rank, score_bids
from procurement.scoring.sheets import Sheet
from procurement.scoring.ties import TieDraw


@dataclass(frozen=True)
class PriceChange:
    """A bid whose price was corrected with its bidder's confirmation: as opened, as it counts, and why (R-PRICE-04)."""

    bid: str
    stated: Decimal
    corrected: Decimal
    ground: str


@dataclass(frozen=True)
class Deduction:
    """Why a bid's price is reduced for its points (R-PRICE-05); `partner_share` in percent of the contract."""

    bid: str
    ground: SmallBusiness
    partner_share: Decimal | None = None


@dataclass(frozen=True)
class Award:
    """Everything that led to an award.

    `invalid` maps bids that did not pass to the reason; `explained` holds the bids whose abnormally low price the
    committee accepted after the review of R-ALP-02; `winner` is who was awarded and `winner_reason` why it is not the
    first-ranked, or how one of several parallel bids was chosen.
    """

    tender: str
    budget: Decimal
    ceiling: Decimal | None
    scheme: Scheme
    thresholds: LowBidThresholds
    committee_rule: CommitteeRule
    committee: Sequence[Member]
    offers: Sequence[Offer]
    prices_of_invalid: Mapping[str, Decimal]
    invalid: Mapping[str, str]
    sheets: Sequence[Sheet]
    explained: Sequence[str]
    winner: str
    winner_reason: str
    decided_at: str
    corrections: Sequence[PriceChange] = ()
    deductions: Sequence[Deduction] = ()
    tie: TieDraw | None = None
    passed_over: Mapping[str, str] = field(default_factory=dict)
    """Ranked bids that cannot win this lot, with the reason: they have won as many lots as one bidder may."""


def award_record(award: Award, master_salt: str) -> Record:
    """Return the full record, sealed. Raises NotScorable while the sheets are not fit to be added up."""
    scores = score_bids(award.scheme, award.offers, award.sheets)
    merits = merits_of(award.scheme, award.offers, award.sheets)
    ranked = {one.bid for one in scores}
    flags = low_bids({o.bid: o.price for o in award.offers}, award.budget, award.ceiling, award.thresholds)
    full: Record = {
        "kind": "award",
        "version": 1,
        "form": "full",
        "tender": award.tender,
        "budget": award.budget,
        "ceiling": award.ceiling,
        "scheme": {
            "price_weight": award.scheme.price_weight,
            "places": award.scheme.places,
            "minimum": award.scheme.minimum,
            "criteria": [
                {
                    "id": one.id,
                    "title": one.title,
                    "kind": one.kind,
                    "maximum": one.maximum,
                    "bands": [[band.minimum, band.maximum, band.description] for band in one.bands],
                }
                for one in award.scheme.criteria
            ],
        },
        "thresholds": {
            "mean": award.thresholds.mean,
            "next_lowest": award.thresholds.next_lowest,
            "ceiling": award.thresholds.ceiling,
        },
        "committee_rule": {"fewest": award.committee_rule.fewest, "rule_id": award.committee_rule.rule_id},
        "committee": [
            {"id": one.id, "kind": one.kind, "chair": one.chair, "employer": one.employer} for one in award.committee
        ],
        "offers": [{"bid": one.bid, "price": one.price, "deduction": one.deduction} for one in award.offers],
        "corrections": [
            {"bid": one.bid, "stated": one.stated, "corrected": one.corrected, "ground": one.ground}
            for one in award.corrections
        ],
        "deductions": [
            {"bid": one.bid, "ground": one.ground, "partner_share": one.partner_share} for one in award.deductions
        ],
        "below_minimum": [{"bid": one.bid, "merit": merits[one.bid]} for one in award.offers if one.bid not in ranked],
        "tie": None
        if award.tie is None
        else {
            "notice": award.tie.notice,
            "envelopes": dict(award.tie.envelopes),
            "order": list(
                award.tie.order(one.bid for one in scores if one.rank == first_rank(scores, award.passed_over))
            ),
        },
        "passed_over": [{"bid": bid, "reason": reason} for bid, reason in sorted(award.passed_over.items())],
        "invalid": [
            {"bid": bid, "price": award.prices_of_invalid.get(bid), "reason": reason}
            for bid, reason in sorted(award.invalid.items())
        ],
        "sheets": [{"member": sheet.member, "points": sheet.points} for sheet in award.sheets],
        "low_bids": [{"bid": flag.bid, "test": flag.test, "share": flag.share} for flag in flags],
        "explained": sorted(award.explained),
        "scores": [
            {"bid": one.bid, "merit": one.merit, "price": one.price, "total": one.total, "rank": one.rank}
            for one in scores
        ],
        "award": {"bid": award.winner, "reason": award.winner_reason, "decided_at": award.decided_at},
    }
    full["salts"] = salts_for(full, public_paths(full), master_salt)
    return seal(full)


def public_paths(full: Record) -> list[str]:
    """Return what the public form hides: sheets, reasons given to failed bidders, the losers' own scores."""
    losers = [number for number, one in enumerate(full["scores"]) if one["bid"] != full["award"]["bid"]]
    return [
        "/sheets/*/member",
        "/sheets/*/points",
        "/invalid/*/reason",
        "/below_minimum/*/merit",
        *(f"/scores/{number}/{part}" for number in losers for part in ("merit", "total")),
    ]


def public_award_record(full: Record) -> Record:
    """Return the public form of a full award record, sealed."""
    return seal(redact(full, public_paths(full), full["salts"]))


def verify_award(record: Record) -> list[Fault]:
    """Return every fault of an award's record, full or public; an empty list means that all of it fits.

    Checked: digests, the committee's composition, thresholds and low-bid triggers, sheets, price points, merits,
    totals, ranks, and that the award follows the ranking or gives its reason. In the public form what is sealed is
    left out, so sheets and the losers' merits are not recomputed there.
    """
    faults = check_seal(record)
    try:
        faults += recomputed(record)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, NotRecordable) as error:
        faults.append(
            Fault(
                "malformed",
                "",
                f"记录缺少内容或格式不对:{error!r}。",
                f"The record lacks a part or is malformed: {error!r}.",
            )
        )
    return faults


def recomputed(record: Record) -> list[Fault]:
    """Return every fault that a recomputation finds; seals apart, which whoever holds the record checks."""
    rule = CommitteeRule(record["committee_rule"]["fewest"], record["committee_rule"]["rule_id"])
    members = [Member(o["id"], SeatKind(o["kind"]), o["chair"], o["employer"]) for o in record["committee"]]
    faults = [
        Fault(fault.code, f"/committee ({fault.path})", fault.zh, fault.en)
        for fault in check_committee(members, rule, one_per_employer=False)
    ]
    offers = [Offer(one["bid"], Decimal(one["price"]), Decimal(one["deduction"])) for one in record["offers"]]
    faults += _low_bid_faults(record, offers)
    faults += _price_faults(record, offers)
    faults += _score_faults(record, _scheme(record), offers)
    faults += _tie_faults(record)
    faults += _award_faults(record)
    return faults


def _scheme(record: Record) -> Scheme:
    scheme = record["scheme"]
    criteria = tuple(
        Criterion(
            one["id"],
            one["title"],
            CriterionKind(one["kind"]),
            Decimal(one["maximum"]),
            tuple(Band(Decimal(low), Decimal(high), text) for low, high, text in one["bands"]),
        )
        for one in scheme["criteria"]
    )
    minimum = scheme.get("minimum")
    return Scheme(
        criteria, Decimal(scheme["price_weight"]), scheme["places"], None if minimum is None else Decimal(minimum)
    )


def _low_bid_faults(record: Record, offers: Sequence[Offer]) -> list[Fault]:
    limits = record["thresholds"]
    thresholds = LowBidThresholds(*(Decimal(limits[name]) for name in ("mean", "next_lowest", "ceiling")))
    faults = [Fault(fault.code, f"/thresholds/{fault.path}", fault.zh, fault.en) for fault in thresholds.check()]
    ceiling = None if record["ceiling"] is None else Decimal(record["ceiling"])
    flags = low_bids({one.bid: one.price for one in offers}, Decimal(record["budget"]), ceiling, thresholds)
    expected = [
        {"bid": flag.bid, "test": flag.test.value, "share": f"{flag.share.numerator}/{flag.share.denominator}"}
        for flag in flags
    ]
    if record["low_bids"] != expected:
        faults.append(_differs("low-bids", "/low_bids", "异常低价提示", "The low-bid triggers"))
    unexplained = sorted({flag.bid for flag in flags} - set(record["explained"]))
    faults += [
        Fault(
            "R-ALP-02",
            "/explained",
            f"投标 {bid} 触发异常低价审查，但没有审查结论。",
            f"Bid {bid} set off the low-price review, of which no outcome is recorded.",
        )
        for bid in unexplained
    ]
    return faults


def _differs(code: str, path: str, zh: str, en: str) -> Fault:
    return Fault(code, path, f"{zh}与重新计算的结果不符。", f"{en} do not match the recomputation.")


def _score_faults(record: Record, scheme: Scheme, offers: Sequence[Offer]) -> list[Fault]:
    written = {one["bid"]: one for one in record["scores"]}
    below = [one["bid"] for one in record.get("below_minimum", ())]
    if sorted([*written, *below]) != sorted(one.bid for one in offers) or len(written) != len(record["scores"]):
        return [_differs("bids", "/scores", "计分的投标", "The bids scored")]
    if any(is_sealed(sheet["points"]) for sheet in record["sheets"]):
        return _public_score_faults(record, scheme, offers, written)
    sheets = [
        Sheet(
            sheet["member"],
            {bid: {name: Decimal(points) for name, points in given.items()} for bid, given in sheet["points"].items()},
        )
        for sheet in record["sheets"]
    ]
    faults = []
    if sorted(sheet.member for sheet in sheets) != sorted(one["id"] for one in record["committee"]):
        faults.append(_differs("members", "/sheets", "评分表与评委名单", "The sheets and the committee"))
    try:
        scores = score_bids(scheme, offers, sheets)
    except NotScorable as error:
        inner = [fault for fault in error.faults if isinstance(fault, Fault)]
        return faults + [Fault(fault.code, f"/sheets ({fault.path})", fault.zh, fault.en) for fault in inner]
    expected = [
        {"bid": o.bid, "merit": str(o.merit), "price": str(o.price), "total": str(o.total), "rank": o.rank}
        for o in scores
    ]
    merits = merits_of(scheme, offers, sheets)
    stated = {one["bid"]: one["merit"] for one in record.get("below_minimum", ())}
    if stated != {bid: str(merits[bid]) for bid in merits if bid not in {one.bid for one in scores}}:
        return [*faults, _differs("minimum", "/below_minimum", "低于最低分的投标", "The bids below the minimum")]
    for number, (one, other) in enumerate(zip(expected, record["scores"], strict=True)):
        faults += [
            _differs(name, f"/scores/{number}/{name}", "得分", "The scores")
            for name in one
            if one[name] != other.get(name)
        ]
    return faults


def _public_score_faults(
    record: Record, scheme: Scheme, offers: Sequence[Offer], written: Mapping[str, Mapping[str, Any]]
) -> list[Fault]:
    offers = [one for one in offers if one.bid in written]
    if not offers:
        return []
    prices = price_points({one.bid: one.evaluated for one in offers}, scheme.price_weight, places=scheme.places)
    faults = []
    totals: dict[str, Decimal] = {}
    for number, one in enumerate(record["scores"]):
        if one["price"] != str(prices[one["bid"]]):
            faults.append(_differs("price", f"/scores/{number}/price", "价格分", "The price points"))
        if not is_sealed(one["total"]):
            totals[one["bid"]] = Decimal(one["total"])
            if not is_sealed(one["merit"]) and Decimal(one["merit"]) + prices[one["bid"]] != totals[one["bid"]]:
                faults.append(_differs("total", f"/scores/{number}/total", "总分", "The totals"))
    if len(totals) == len(offers):
        for offer, place in rank(offers, totals):
            if written[offer.bid]["rank"] != place:
                faults.append(_differs("rank", "/scores", "排名", "The ranks"))
    return faults


def _price_faults(record: Record, offers: Sequence[Offer]) -> list[Fault]:
    """Corrected prices are those that count (R-PRICE-04), and every deduction has its lawful ground (R-PRICE-05)."""
    faults = []
    by_bid = {one.bid: one for one in offers}
    for number, one in enumerate(record.get("corrections", ())):
        offer = by_bid.get(one["bid"])
        if offer is not None and offer.price != Decimal(one["corrected"]):
            faults.append(_differs("R-PRICE-04", f"/corrections/{number}", "修正后的报价", "The corrected price"))
    if "deductions" not in record:
        return faults
    grounds = {one["bid"]: one for one in record["deductions"]}
    for offer in offers:
        one = grounds.get(offer.bid)
        if one is None and not offer.deduction:
            continue
        share = None if one is None or one["partner_share"] is None else Decimal(one["partner_share"])
        ground = SmallBusiness.NONE if one is None else SmallBusiness(one["ground"])
        faults += [
            Fault(fault.code, f"/deductions ({offer.bid} {fault.path})", fault.zh, fault.en)
            for fault in check_deduction(ground, offer.deduction, partner_share=share)
        ]
    return faults


def _tie_faults(record: Record) -> list[Fault]:
    """The lottery among parallel bids is drawn again (R-EVAL-07)."""
    tie = record.get("tie")
    if tie is None:
        return []
    order = TieDraw(tie["notice"], tie["envelopes"]).order(_first(record))
    return [] if list(order) == tie["order"] else [_differs("R-EVAL-07", "/tie", "随机抽取的次序", "The order drawn")]


def first_rank(scores: Sequence[BidScore], passed_over: Mapping[str, str]) -> int:
    """Return the best rank among the bids that may win."""
    return min((one.rank for one in scores if one.bid not in passed_over), default=0)


def _first(record: Record) -> list[str]:
    """Return the first-ranked bids among those that may win."""
    over = {one["bid"] for one in record.get("passed_over", ())}
    ranks = {one["bid"]: one["rank"] for one in record["scores"] if one["bid"] not in over}
    return [bid for bid, place in ranks.items() if place == min(ranks.values())]


def _award_faults(record: Record) -> list[Fault]:
    award = record["award"]
    if award["bid"] not in {one["bid"] for one in record["scores"]}:
        return [
            Fault(
                "award", "/award/bid", "中标人不在有效投标之列。", "The winner is not among the bids that were scored."
            )
        ]
    first = _first(record)
    tie = record.get("tie")
    drawn = tie is not None and tie["order"] and tie["order"][0] == award["bid"]
    if (award["bid"] not in first or (len(first) > 1 and not drawn)) and not award["reason"]:
        return [
            Fault(
                "R-AWARD-01",
                "/award/reason",
                "中标人不是唯一的第一名，但没有说明理由。",
                "The winner is not the only first-ranked bid, and no reason is given.",
            )
        ]
    return []
