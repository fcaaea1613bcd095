"""入围: who is admitted to a framework agreement, from a ranking, and the record that lets anybody redo it.

R-FRAME-01: of the suppliers that meet every requirement at least a share and at least so many are eliminated, from the
bottom of the ranking, so that nobody is admitted merely for qualifying (R-FRAME-02). The order of the admitted is the
order of the rotation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from core.records import Fault, NotRecordable, Record, check_seal, redact, salts_for, seal
from procurement.scoring.award_record import public_paths, recomputed
from procurement.scoring.ties import TieDraw

OF_A_RECORD = ("kind", "version", "form", "salts", "digests")
"""What a record carries for itself; the ranking inside a shortlisting's record is sealed with the whole."""


@dataclass(frozen=True)
class Cut:
    """How many are eliminated: at least this share (percent), at least this number, and at most so many admitted."""

    elimination: Decimal
    eliminated_min: int
    most_admitted: int | None = None

    def admitted(self, valid: int) -> int:
        """Return how many of so many valid suppliers are admitted; never all of them."""
        share = math.ceil(Fraction(self.elimination) * valid / 100)
        left = max(valid - max(share, self.eliminated_min), 0)
        return left if self.most_admitted is None else min(left, self.most_admitted)


def in_order(ranks: Mapping[str, int], tie: TieDraw) -> list[str]:
    """Return the bids by rank; those that share one in the order of the lottery that anybody can repeat (R-EVAL-07)."""
    places = {bid: place for place, bid in enumerate(tie.order(ranks))}
    return sorted(ranks, key=lambda bid: (ranks[bid], places[bid]))


def shortlist_record(
    *,
    ranking: Record,
    cut: Cut,
    tie: TieDraw,
    suppliers: Mapping[str, str],
    prices: Mapping[str, Decimal],
    master_salt: str,
) -> Record:
    """Return the full record of a shortlisting: the whole ranking, the cut, and who is admitted at what unit price.

    `ranking` is the full record of the lot's evaluation, `suppliers` the bidders' names and `prices` their unit prices
    by bid.
    """
    order = in_order({one["bid"]: one["rank"] for one in ranking["scores"]}, tie)
    count = cut.admitted(len(order))
    full: Record = {
        "kind": "shortlist",
        "version": 1,
        "form": "full",
        "tender": ranking["tender"],
        "cut": {
            "elimination": cut.elimination,
            "eliminated_min": cut.eliminated_min,
            "most_admitted": cut.most_admitted,
        },
        "tie": {"notice": tie.notice, "envelopes": dict(tie.envelopes)},
        "admitted": [{"bid": bid, "supplier": suppliers[bid], "price": prices[bid]} for bid in order[:count]],
        "eliminated": order[count:],
        "ranking": {name: part for name, part in ranking.items() if name not in OF_A_RECORD},
    }
    full["salts"] = salts_for(full, _hidden(full), master_salt)
    return seal(full)


def public_shortlist_record(full: Record) -> Record:
    """Return the public form: sheets and the scores of all but the first-ranked are sealed, everything else shows."""
    return seal(redact(full, _hidden(full), full["salts"]))


def _hidden(full: Record) -> list[str]:
    return [f"/ranking{path}" for path in public_paths(full["ranking"])]


def verify_shortlist(record: Record) -> list[Fault]:
    """Return every fault of a shortlisting's record: those of its ranking, the cut, the order and the admitted."""
    faults = check_seal(record)
    try:
        faults += recomputed(record["ranking"])
        faults += _faults(record)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, NotRecordable) as error:
        zh, en = f"记录缺少内容或格式不对:{error!r}。", f"The record lacks a part or is malformed: {error!r}."
        faults.append(Fault("malformed", "", zh, en))
    return faults


def _faults(record: Record) -> list[Fault]:
    cut = Cut(Decimal(record["cut"]["elimination"]), record["cut"]["eliminated_min"], record["cut"]["most_admitted"])
    ranking = record["ranking"]
    tie = TieDraw(record["tie"]["notice"], record["tie"]["envelopes"])
    order = in_order({one["bid"]: one["rank"] for one in ranking["scores"]}, tie)
    admitted: Sequence[str] = [one["bid"] for one in record["admitted"]]
    found = []
    if [*admitted, *record["eliminated"]] != order:
        zh, en = "入围次序与排序不符。", "The order of the admitted does not follow the ranking."
        found.append(Fault("R-FRAME-01", "/admitted", zh, en))
    if len(admitted) != cut.admitted(len(order)) or cut.eliminated_min < 1:
        zh, en = "入围家数与淘汰比例不符。", "The number admitted does not follow the elimination."
        found.append(Fault("R-FRAME-01", "/cut", zh, en))
    offered = {one["bid"]: Decimal(one["price"]) for one in ranking["offers"]}
    for number, one in enumerate(record["admitted"]):
        if offered.get(one["bid"]) != Decimal(one["price"]):
            zh, en = "协议价格与响应报价不符。", "The agreed price is not the one that was offered."
            found.append(Fault("R-FRAME-01", f"/admitted/{number}/price", zh, en))
    return found
