"""Regular prices: equal steps, equal ratios, proportional items; each with how likely it is by chance.

A pattern counts only where chance hardly makes it: prices rounded to ten thousands fall into equal steps by
themselves, prices to the cent do not (R-COLL-02). With `grain` the unit the prices of a row are rounded to and `span`
the distance between the lowest and highest of all in such grains, another price falls on a wanted place with chance
slack ÷ span, and the expected number of such rows among all bids must stay below the limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from math import gcd

from procurement.collusion.papers import Folder, Hit, Passage, Place
from procurement.states import Sign, SignWeight

CENT = Decimal("0.01")
FEWEST = 3
SLACK = {"steps": 1, "ratio": 5}
"""On how many places a further price counts: the very next step, or the next ratio within its rounding."""
AMOUNT = re.compile(r"^(?:¥|￥|人民币)?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,4}))?\s*(?:元|万元)?$")
NO_ITEM = re.compile(r"合计|总计|小计|总价|总报价|投标报价|税率|比例|序号|预算|限价")
Row = tuple[int, ...]


@dataclass(frozen=True)
class PriceMeasure:
    """`chance` is the expected number of patterns by chance below which one counts; `items` the fewest items."""

    chance: float
    items: int
    ratio: float
    """How far (as a share) the ratios of items may lie apart and still be one ratio."""


@dataclass(frozen=True)
class Pattern:
    """Prices in a row, ascending: `kind` is equal, steps or ratio; `step` is the step in yuan or the ratio."""

    kind: str
    prices: tuple[Decimal, ...]
    step: Decimal
    chance: float


def price_hits(folders: Sequence[Folder], measure: PriceMeasure) -> Iterator[Hit]:
    """Yield the most telling row of regular prices among these bids, and bids with the very same price."""
    priced = {folder.bid: folder.price for folder in folders if folder.price is not None}
    same: dict[Decimal, list[str]] = {}
    for bid, price in priced.items():
        same.setdefault(price, []).append(bid)
    for price, bids in sorted(same.items()):
        if len(bids) > 1:
            both = tuple(sorted(bids))
            chance = _equal_chance(price, sorted(priced.values()))
            weight = SignWeight.MEDIUM if chance <= measure.chance else SignWeight.LOW
            places = tuple(Place(bid, f"{price:,.2f}") for bid in both)
            facts = {"kind": "equal", "step": "0", "chance": f"{chance:.2g}"}
            yield Hit(Sign.PRICES, weight, both, f"equal:{price}", f"{price:,.2f}", (places,), facts)
    best = regular(list(priced.values()), measure.chance)
    if best is not None:
        holders = [bid for one in best.prices for bid in sorted(same[one])]
        places = tuple(Place(bid, f"{priced[bid]:,.2f}") for bid in holders)
        weight = SignWeight.HIGH if best.chance <= measure.chance / 100 else SignWeight.MEDIUM
        step = f"{best.step:,.2f}" if best.kind == "steps" else f"{best.step:.6f}"
        facts = {"kind": best.kind, "step": step, "chance": f"{best.chance:.2g}"}
        yield Hit(Sign.PRICES, weight, tuple(sorted(holders)), best.kind, step, (places,), facts)


def regular(prices: Sequence[Decimal], limit: float) -> Pattern | None:
    """Return the row of at least three different prices least likely by chance, None where none is below the limit."""
    values = sorted({int(price / CENT) for price in prices})
    if len(values) < FEWEST:
        return None
    rivals, best = len(values) - 2, None
    for kind, row in _rows(values):
        span = (values[-1] - values[0]) // _grain(row)
        chance = _pairs(len(values)) * (rivals * SLACK[kind] / max(1, span)) ** (len(row) - 2)
        if chance <= limit and (best is None or chance < best.chance):
            prices_of = tuple(Decimal(one) * CENT for one in row)
            step = prices_of[1] - prices_of[0] if kind == "steps" else Decimal(row[1]) / Decimal(row[0])
            best = Pattern(kind, prices_of, step, chance)
    return best


def item_hits(folders: Sequence[Folder], measure: PriceMeasure) -> Iterator[Hit]:
    """Yield pairs of bids whose item prices are all the same or all in one ratio, over enough items (form 4)."""
    tables = {folder.bid: items_of(folder) for folder in folders}
    for left, right in combinations(folders, 2):
        shared = [name for name in tables[left.bid] if name in tables[right.bid]]
        if len(shared) < measure.items:
            continue
        first = {name: tables[left.bid][name][0] for name in shared}
        second = {name: tables[right.bid][name][0] for name in shared}
        if len(set(first.values())) < measure.items:
            continue  # the same figure over and over is a list of something else
        ratios = sorted(second[name] / first[name] for name in shared)
        if float(ratios[-1] / ratios[0]) > 1 + measure.ratio:
            continue
        equal = ratios[0] == ratios[-1] == 1
        groups = tuple((tables[left.bid][name][1], tables[right.bid][name][1]) for name in shared)
        both = tuple(sorted((left.bid, right.bid)))
        facts = {"kind": "same" if equal else "ratio", "items": str(len(shared)), "ratio": f"{ratios[0]:.4f}"}
        yield Hit(Sign.ITEMS, SignWeight.HIGH, both, ">".join(both), facts["ratio"], groups, facts)


def items_of(folder: Folder) -> dict[str, tuple[Decimal, Place]]:
    """Return the items of a folder's price tables: what each row is called, its last amount, and the place.

    An item is a table row (cells divided by tabs) with words and an amount; sums are none.
    """
    found: dict[str, tuple[Decimal, Place]] = {}
    for paper in folder.papers:
        for passage in paper.passages:
            read = _item(passage)
            if read is not None and read[0] not in found:
                place = Place(
                    folder.bid,
                    passage.text.replace("\t", "　"),
                    paper.document,
                    paper.name,
                    passage.page,
                    passage.number,
                )
                found[read[0]] = (read[1], place)
    return found


def _item(passage: Passage) -> tuple[str, Decimal] | None:
    cells = [one.strip() for one in passage.text.split("\t")]
    if len(cells) < 2 or NO_ITEM.search(passage.text):
        return None
    amounts = [found for one in cells if (found := AMOUNT.match(one))]
    words = "".join(re.findall(r"[\u4e00-\u9fffA-Za-z]+", "".join(one for one in cells if not AMOUNT.match(one))))
    if not amounts or len(words) < 2:
        return None
    value = Decimal(amounts[-1][1].replace(",", "") + "." + (amounts[-1][2] or "0"))
    return (words, value) if value >= 10 else None


def _rows(values: Sequence[int]) -> Iterator[tuple[str, Row]]:
    """Yield every row of equal steps, and every row of equal ratios that is none of equal steps."""
    known = set(values)
    for first, second in combinations(values, 2):
        step = second - first
        row = [first, second]
        while row[-1] + step in known:
            row.append(row[-1] + step)
        if len(row) >= FEWEST and first - step not in known:
            yield "steps", tuple(row)
        ratio = _geometric(first, second, values)
        if len(ratio) >= FEWEST and len(set(_gaps(ratio))) > 1:
            yield "ratio", ratio


def _geometric(first: int, second: int, values: Sequence[int]) -> Row:
    grain = _grain((first, second))
    row = [first, second]
    while True:
        wanted = row[0] * (second / first) ** len(row)
        near = min(values, key=lambda one: abs(one - wanted))
        if near <= row[-1] or abs(near - wanted) > grain * len(row):
            return tuple(row)
        row.append(near)


def _gaps(row: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(row)]


def _grain(values: Sequence[int]) -> int:
    """Return the largest power of ten that divides all prices: to what they were rounded."""
    shared, grain = gcd(*values), 1
    while shared and shared % (grain * 10) == 0:
        grain *= 10
    return grain


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _equal_chance(price: Decimal, prices: Sequence[Decimal]) -> float:
    span = int((prices[-1] - prices[0]) / CENT) // _grain((int(price / CENT),)) + 1
    return 1.0 if span <= len(prices) else _pairs(len(prices)) / span
