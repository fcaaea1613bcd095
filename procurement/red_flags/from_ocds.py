"""Contests from compiled OCDS releases: what anybody can see of a purchase in our open data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from procurement.red_flags.history import Contest, Offer

Json = Mapping[str, Any]
FINAL = frozenset({"active", "cancelled", "unsuccessful"})
LEVEL = 2
"""How many digits the first level of a classification has."""


def contests_of(release: Json, sectors: Mapping[str, Sequence[str]] | None = None) -> list[Contest]:
    """Return the contests of one compiled release, one for each lot; `sectors` classify lots by their OCDS id.

    A release without lots is one contest whose lot is "". Nothing in it is required: what is missing is unknown. A
    purchase that was called off is none.
    """
    tender: Json = release.get("tender") or {}
    if tender.get("status") == "cancelled":
        return []
    lots = [str(one["id"]) for one in tender.get("lots") or () if "id" in one] or [""]
    period: Json = tender.get("tenderPeriod") or {}
    bids: Json = release.get("bids") or {}
    found = []
    for lot in lots:
        awards = list(_of_lot(release.get("awards") or (), lot, lots))
        states = [str(one.get("status", "")) for one in awards]
        found.append(
            Contest(
                process=str(release.get("ocid", "")),
                lot=lot,
                method=str(tender.get("procurementMethod", "")),
                method_name=str(tender.get("procurementMethodDetails", "")),
                buyer=str((release.get("buyer") or {}).get("id", "")),
                entity=str((tender.get("procuringEntity") or {}).get("id", "")),
                price_only=tender.get("awardCriteria") == "priceOnly",
                opened=_instant(period.get("startDate")),
                closes=_instant(period.get("endDate")),
                bidders=_bidders(tender, bids, lot),
                offers=tuple(_offer(one) for one in _of_lot(bids.get("details") or (), lot, lots)),
                winners=tuple(
                    tuple(str(one["id"]) for one in award.get("suppliers") or () if "id" in one)
                    for award in awards
                    if award.get("status") == "active"
                ),
                final=all(state in FINAL for state in states),
                decided=bool(awards),
                sectors=tuple((sectors or {}).get(lot) or _classes(awards)),
            )
        )
    return found


def _of_lot(rows: Iterable[Json], lot: str, lots: Sequence[str]) -> Iterator[Json]:
    for one in rows:
        related = one.get("relatedLots")
        if related is None or lot in related or lots == [""]:
            yield one


def _offer(one: Json) -> Offer:
    value: Json = one.get("value") or {}
    amount = value.get("amount")
    return Offer(
        tuple(str(party["id"]) for party in one.get("tenderers") or () if "id" in party),
        str(one.get("status", "")),
        None if amount is None else Decimal(str(amount)),
        _instant(one.get("date")),
        str(one.get("id", "")),
    )


def _bidders(tender: Json, bids: Json, lot: str) -> int | None:
    for one in bids.get("statistics") or ():
        if one.get("measure") == "bids" and one.get("relatedLot", "") == lot:
            return int(one["value"])
    count = tender.get("numberOfTenderers")
    return None if count is None else int(count)


def _classes(awards: Iterable[Json]) -> list[str]:
    """Return the first level of what was awarded, as hierarchies such as UNSPSC code it."""
    items = [item for one in awards if one.get("status") == "active" for item in one.get("items") or ()]
    return [str(one["classification"]["id"])[:LEVEL] for one in items if (one.get("classification") or {}).get("id")]


def _instant(text: Any) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None
