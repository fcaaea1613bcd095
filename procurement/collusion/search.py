"""Every search over the opened bids of one lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.collusion.alike import Measure, text_hits
from procurement.collusion.metadata import file_hits, metadata_hits
from procurement.collusion.origins import origin_hits
from procurement.collusion.papers import Folder, Hit
from procurement.collusion.people import mixed_hits, people_hits
from procurement.collusion.prices import PriceMeasure, item_hits, price_hits
from procurement.states import SignWeight

ORDER = {SignWeight.HIGH: 0, SignWeight.MEDIUM: 1, SignWeight.LOW: 2}


@dataclass(frozen=True)
class Limits:
    """From where each search counts, as the bureau's rules say (R-COLL.text, R-COLL.price)."""

    text: Measure
    price: PriceMeasure


def look(folders: Sequence[Folder], issued: str, limits: Limits) -> list[Hit]:
    """Return every sign that two or more of these bids share, the weightiest first.

    `issued` is all text the purchaser gave out: what stands there is in every bid and says nothing (R-COLL-02).
    """
    found = [
        *origin_hits(folders),
        *metadata_hits(folders),
        *people_hits(folders, issued),
        *mixed_hits(folders, issued),
        *text_hits(folders, issued, limits.text),
        *file_hits(folders),
        *item_hits(folders, limits.price),
        *price_hits(folders, limits.price),
    ]
    return sorted(found, key=lambda one: (ORDER[one.weight], one.sign.value, one.key))
