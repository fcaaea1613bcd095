"""From where a bid was handed in, kept for the comparison after the opening (R-COLL-01, form 2).

Only what that comparison needs: the address of the line, and a keyed hash of a random mark that our own page put into
the browser. Neither is shown to anybody before the opening, nor written to logs or the audit chain.
"""

from __future__ import annotations

import hashlib
import hmac

from core.unit_of_work import UnitOfWork
from procurement.models import Bid, BidOrigin

LONGEST = 64


def keep_origin(uow: UnitOfWork, bid: Bid, *, address: str, device: str) -> BidOrigin:
    """Keep from where a bid came, once for each bid."""
    return uow.add(BidOrigin(bid_id=bid.id, address=address[:LONGEST], device=_keyed(uow, device)))


def _keyed(uow: UnitOfWork, mark: str) -> str:
    if not mark:
        return ""
    key = uow.house.settings.secret_key.encode() or b"unset"
    return hmac.new(key, b"device:" + mark.encode(), hashlib.sha256).hexdigest()
