"""The eleven Cardinal indicators, each under its code and its own definition (R-FLAG.*).

Outliers are told by quartiles of the whole history; with fewer purchases than `processes_min` there is no history to be
an outlier of, and nothing is flagged. What lies within the quartiles is no outlier, even where all are alike or there
is only one (a bureau that alone buys would else be flagged for ever). Ratios are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procurement.red_flags.history import Contest, Flag
from procurement.red_flags.outliers import fences, quantile

COMPETITIVE = ("open", "selective")
Contests = Sequence[Contest]


@dataclass(frozen=True)
class Thresholds:
    """From where each indicator counts: values of the rules R-FLAG.*, by code and name; `days` by a method's name."""

    values: Mapping[str, Mapping[str, Fraction]]
    days: Mapping[str, int]

    def of(self, code: str, name: str) -> Fraction:
        """Return one value."""
        return self.values[code][name]


def red_flags(contests: Contests, limits: Thresholds) -> list[Flag]:
    """Return every flag of these contests, by code and process."""
    found = [flag for code in CODES for flag in INDICATORS[code](contests, limits)]
    return sorted(found, key=lambda one: (one.code, one.process, one.lot, one.role, one.organisation))


def short_period(contests: Contests, limits: Thresholds) -> Iterator[Flag]:
    """R003 (R-FLAG.R003): from notice to deadline there are fewer whole days than the method's threshold."""
    for one in contests:
        if one.opened is None or one.closes is None or one.closes < one.opened:
            continue
        if one.method not in COMPETITIVE and one.method_name not in limits.days:
            continue  # a second stage among those admitted, or no competition: its period is the document's own
        least = limits.days.get(one.method_name, int(limits.of("R003", "days")))
        days = (one.closes - one.opened).days
        if days < least:
            yield _about("R003", one, Fraction(days), days=str(days), least=str(least))


def single_bid(contests: Contests, _limits: Thresholds) -> Iterator[Flag]:
    """R018 (R-FLAG.R018): a competitive purchase received one bid."""
    for one in contests:
        names = {name for offer in one.submitted for name in offer.tenderers}
        count = one.bidders if one.bidders is not None else len(names)
        if one.method in COMPETITIVE and count == 1:
            yield _about("R018", one, Fraction(1), organisations=tuple(sorted(names)))


def close_price(contests: Contests, limits: Thresholds) -> Iterator[Flag]:
    """R024 (R-FLAG.R024): the second-lowest valid bid lies hardly above the winning one; both bidders are named."""
    gaps = _gaps(contests)
    if len(gaps) < limits.of("R024", "processes_min"):
        return
    low, first, _third, _high = fences([gap for _one, gap, _pair in gaps], limits.of("R024", "fence"))
    if first <= 0 or low <= 0:
        return
    for one, gap, pair in gaps:
        if gap <= low and gap < first:
            yield _about("R024", one, gap, organisations=pair, gap=_percent(gap), fence=_percent(low))


def unsuccessful_bidder(contests: Contests, limits: Thresholds) -> Iterator[Flag]:
    """R025 (R-FLAG.R025): who bids among the most often wins so seldom that its rate is a low outlier."""
    valid: dict[str, int] = defaultdict(int)
    won: dict[str, int] = defaultdict(int)
    where: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in contests:
        winner = one.only_winner
        if not one.final or winner is None:
            continue
        for name in {offer.tenderers[0] for offer in one.valid if len(offer.tenderers) == 1}:
            valid[name] += 1
            won[name] += name == winner
            where[name].append((one.process, one.lot))
    if not valid or len(contests) < limits.of("R025", "processes_min"):
        return
    rates = {name: Fraction(won[name], count) for name, count in valid.items()}
    often = quantile([Fraction(count) for count in valid.values()], limits.of("R025", "percentile") / 100)
    low, first, _third, _high = fences(list(rates.values()), limits.of("R025", "fence"))
    if first <= 0 or low <= 0:
        return
    for name, rate in rates.items():
        if valid[name] >= often and rate <= low and rate < first:
            facts = {"bids": str(valid[name]), "won": str(won[name]), "fence": _percent(low)}
            yield Flag("R025", rate, organisation=name, role="tenderer", facts=facts, contests=tuple(where[name]))


def identical_prices(contests: Contests, _limits: Thresholds) -> Iterator[Flag]:
    """R028 (R-FLAG.R028): different bidders offered the very same price."""
    for one in contests:
        by_price: dict[Decimal, set[frozenset[str]]] = defaultdict(set)
        for offer in one.submitted:
            if offer.price is not None and offer.tenderers:
                by_price[offer.price].add(frozenset(offer.tenderers))
        same = {price: names for price, names in by_price.items() if len(names) > 1}
        if same:
            names = tuple(sorted({name for group in same.values() for bidder in group for name in bidder}))
            shown = "、".join(f"{price:,.2f}" for price in same)
            yield _about("R028", one, Fraction(1), organisations=names, price=shown)


def late_winner(contests: Contests, _limits: Thresholds) -> Iterator[Flag]:
    """R030 (R-FLAG.R030): the winning bid was received after the deadline."""
    for one in contests:
        winners = {name for award in one.winners for name in award}
        late = {
            name
            for offer in one.valid
            if one.closes is not None and offer.received is not None and offer.received > one.closes
            for name in offer.tenderers
            if name in winners
        }
        if late:
            yield _about("R030", one, Fraction(1), organisations=tuple(sorted(late)))


def all_others_disqualified(contests: Contests, limits: Thresholds) -> Iterator[Flag]:
    """R035 (R-FLAG.R035): only the winner's bids were valid, and others' were disqualified."""
    for one in contests:
        if not one.final or not one.winners:
            continue
        valid = {name for offer in one.valid for name in offer.tenderers}
        winners = {name for award in one.winners for name in award}
        fallen = {name for offer in one.offers if offer.status == "disqualified" for name in offer.tenderers} - valid
        if len(valid) == 1 and valid == winners and len(fallen) >= limits.of("R035", "disqualified_min"):
            yield _about(
                "R035", one, Fraction(len(fallen)), organisations=tuple(sorted(valid)), disqualified=str(len(fallen))
            )


def lowest_disqualified(contests: Contests, _limits: Thresholds) -> Iterator[Flag]:
    """R036 (R-FLAG.R036): the lowest bid was disqualified; of little weight where price is not the only criterion."""
    for one in contests:
        priced = [offer for offer in one.submitted if offer.price is not None]
        if not one.winners or not any(offer.status == "valid" for offer in priced):
            continue
        lowest = min(priced, key=lambda offer: (offer.price or 0, offer.status == "disqualified"))
        if lowest.status == "disqualified":
            price = f"{lowest.price:,.2f}"
            alone = "1" if one.price_only else "0"
            yield _about("R036", one, Fraction(1), organisations=lowest.tenderers, price=price, price_only=alone)


def often_disqualified(contests: Contests, limits: Thresholds) -> Iterator[Flag]:
    """R038 (R-FLAG.R038): the share of disqualified bids of a buyer, procuring entity or bidder is a high outlier."""
    fewest_bids, fewest_processes = limits.of("R038", "bids_min"), limits.of("R038", "processes_min")
    of_tenderer: dict[str, list[tuple[Contest, bool]]] = defaultdict(list)
    of_buyer: dict[str, list[tuple[Contest, bool]]] = defaultdict(list)
    of_entity: dict[str, list[tuple[Contest, bool]]] = defaultdict(list)
    for one in contests:
        for offer in one.submitted:
            fell = offer.status == "disqualified"
            for name in offer.tenderers:
                of_tenderer[name].append((one, fell))
            if one.buyer:
                of_buyer[one.buyer].append((one, fell))
            if one.entity:
                of_entity[one.entity].append((one, fell))
    bidders = {name: rows for name, rows in of_tenderer.items() if len(rows) >= fewest_bids}
    yield from _shares("tenderer", bidders, limits)
    for role, groups in (("buyer", of_buyer), ("entity", of_entity)):
        many = {
            name: rows
            for name, rows in groups.items()
            if len({contest.process for contest, _fell in rows}) >= fewest_processes
        }
        yield from _shares(role, many, limits)


def many_sectors(contests: Contests, limits: Thresholds) -> Iterator[Flag]:
    """R048 (R-FLAG.R048): a supplier wins in so many sectors that their number is a high outlier."""
    sectors: dict[str, set[str]] = defaultdict(set)
    where: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in contests:
        for award in one.winners:
            if len(award) == 1 and one.sectors:
                sectors[award[0]] |= set(one.sectors)
                where[award[0]].append((one.process, one.lot))
    fewest = limits.of("R048", "processes_min")
    counted = {
        name: Fraction(len(kinds))
        for name, kinds in sectors.items()
        if len({process for process, _lot in where[name]}) >= fewest
    }
    if not counted:
        return
    _low, _first, third, high = fences(list(counted.values()), limits.of("R048", "fence"))
    for name, count in counted.items():
        if count >= high and count > third:
            facts = {"sectors": str(count), "fence": f"{float(high):g}"}
            yield Flag("R048", count, organisation=name, role="tenderer", facts=facts, contests=tuple(where[name]))


def heavy_discount(contests: Contests, limits: Thresholds) -> Iterator[Flag]:
    """R058 (R-FLAG.R058): the second-lowest valid bid lies so far above the winning one that it is a high outlier."""
    gaps = _gaps(contests)
    if len(gaps) < limits.of("R058", "processes_min"):
        return
    _low, _first, third, high = fences([gap for _one, gap, _pair in gaps], limits.of("R058", "fence"))
    if high <= 0:
        return
    for one, gap, pair in gaps:
        if gap >= high and gap > third:
            yield _about("R058", one, gap, organisations=pair[:1], gap=_percent(gap), fence=_percent(high))


INDICATORS: Mapping[str, Callable[[Contests, Thresholds], Iterator[Flag]]] = {
    "R003": short_period,
    "R018": single_bid,
    "R024": close_price,
    "R025": unsuccessful_bidder,
    "R028": identical_prices,
    "R030": late_winner,
    "R035": all_others_disqualified,
    "R036": lowest_disqualified,
    "R038": often_disqualified,
    "R048": many_sectors,
    "R058": heavy_discount,
}
CODES = tuple(INDICATORS)


def _gaps(contests: Contests) -> list[tuple[Contest, Fraction, tuple[str, str]]]:
    """Return for each contest with one winner who was lowest: how far the next valid bid lay above, and both names."""
    found = []
    for one in contests:
        winner = one.only_winner
        if not one.final or winner is None:
            continue
        priced = [offer for offer in one.valid if offer.price is not None and len(offer.tenderers) == 1]
        own = [Fraction(offer.price) for offer in priced if offer.price and offer.tenderers[0] == winner]
        others = [(Fraction(offer.price), offer.tenderers[0]) for offer in priced if offer.price]
        others = [(price, name) for price, name in others if name != winner]
        if own and others and min(others)[0] >= min(own):
            price, name = min(others)
            found.append((one, (price - min(own)) / min(own), (winner, name)))
    return found


def _shares(role: str, groups: Mapping[str, Sequence[tuple[Contest, bool]]], limits: Thresholds) -> Iterator[Flag]:
    shares = {name: Fraction(sum(fell for _one, fell in rows), len(rows)) for name, rows in groups.items()}
    if not shares:
        return
    _low, _first, third, high = fences(list(shares.values()), limits.of("R038", "fence"))
    if high <= 0:
        return
    for name, share in shares.items():
        if share >= high and share > third:
            rows = groups[name]
            where = tuple(dict.fromkeys((one.process, one.lot) for one, fell in rows if fell))
            fallen = sum(fell for _one, fell in rows)
            facts = {"bids": str(len(rows)), "disqualified": str(fallen), "fence": _percent(high)}
            yield Flag("R038", share, organisation=name, role=role, facts=facts, contests=where)


def _about(code: str, one: Contest, value: Fraction, *, organisations: tuple[str, ...] = (), **facts: str) -> Flag:
    where = ((one.process, one.lot),)
    return Flag(code, value, one.process, one.lot, organisations=organisations, facts=facts, contests=where)


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.2f}%"
