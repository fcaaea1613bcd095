"""Reads of signs of collusion: of a tender for its committee, across tenders for supervision's desk."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, CollusionFinding, CollusionSearch, CollusionSignal, CollusionSignalBid, Tender
from procurement.states import SignVerdict, SignWeight
from procurement.supervision_signals import Signal, Weight

HEAVIEST = case({SignWeight.HIGH: 0, SignWeight.MEDIUM: 1}, value=CollusionSignal.weight, else_=2)
DESK_WEIGHT: dict[SignWeight, Weight] = {
    SignWeight.HIGH: "high",
    SignWeight.MEDIUM: "medium",
    SignWeight.LOW: "low",
}
UNREAD: dict[str, Text] = {
    "kind": _l("不是能读取的文件类型"),
    "encrypted": _l("设有密码"),
    "corrupt": _l("已损坏"),
    "limits": _l("过大或者读取超时"),
    "no-text": _l("没有可读的文字和属性（可能是扫描件）"),
}


@dataclass(frozen=True)
class CollusionView:
    """What was searched in a tender's bids, and what was found; `search` is None while it still runs."""

    search: CollusionSearch | None
    signals: Sequence[CollusionSignal]

    @property
    def unjudged(self) -> list[CollusionSignal]:
        """The signs about which the committee has found nothing yet."""
        return [one for one in self.signals if one.finding is None]


def collusion_of(uow: UnitOfWork, tender: Tender) -> CollusionView:
    """Return what was found in a tender's bids, the weightiest first: three queries."""
    signals = uow.session.scalars(
        select(CollusionSignal)
        .where(CollusionSignal.tender_id == tender.id)
        .order_by(HEAVIEST, CollusionSignal.sign, CollusionSignal.key)
        .options(selectinload(CollusionSignal.bids), joinedload(CollusionSignal.finding))
    ).all()
    search = uow.session.scalar(select(CollusionSearch).where(CollusionSearch.tender_id == tender.id))
    return CollusionView(search, signals)


def rigged_bids(uow: UnitOfWork, tender: Tender) -> Mapping[uuid.UUID, str]:
    """Return the bids the committee found rigged, each with the reason (R-COLL-01): one query."""
    rows = uow.session.execute(
        select(CollusionSignalBid.bid_id, CollusionFinding.reason)
        .join(CollusionSignal, CollusionSignal.id == CollusionSignalBid.signal_id)
        .join(CollusionFinding, CollusionFinding.signal_id == CollusionSignal.id)
        .where(CollusionSignal.tender_id == tender.id, CollusionFinding.verdict == SignVerdict.RIGGED)
        .order_by(CollusionFinding.found_at)
    )
    found: dict[uuid.UUID, str] = {}
    for bid_id, reason in rows:
        found.setdefault(bid_id, reason)
    return found


def signal_of(uow: UnitOfWork, tender: Tender, signal_id: uuid.UUID) -> CollusionSignal | None:
    """Return one of a tender's signs."""
    row = uow.get(CollusionSignal, signal_id)
    return row if row is not None and row.tender_id == tender.id else None


def companions(uow: UnitOfWork, signal: CollusionSignal) -> list[CollusionSignal]:
    """Return the other signs of the very same bids about which nothing was found yet."""
    bids = {bid.id for bid in signal.bids}
    return [
        one
        for one in collusion_of(uow, signal.tender).unjudged
        if one.id != signal.id and {bid.id for bid in one.bids} == bids
    ]


def load_signal(uow: UnitOfWork, signal_id: uuid.UUID) -> CollusionSignal | None:
    """Return the sign with this id."""
    return uow.get(CollusionSignal, signal_id)


def collusion_signals(uow: UnitOfWork) -> Iterator[Signal]:
    """Yield the signs of opened tenders for supervision's desk; what the committee explained weighs little."""
    rows = uow.session.scalars(
        select(CollusionSignal)
        .join(CollusionSignal.tender)
        .where(Tender.opened_at.is_not(None))
        .options(
            contains_eager(CollusionSignal.tender),
            selectinload(CollusionSignal.bids).joinedload(Bid.bidder),
            joinedload(CollusionSignal.finding),
        )
    ).unique()
    for row in rows:
        verdict = row.finding.verdict if row.finding else None
        weight = DESK_WEIGHT[row.weight]
        if verdict is not None:
            weight = "high" if verdict is SignVerdict.RIGGED else "low"
        names = "、".join(one.bidder.name for one in row.bids)
        detail = _l("%(names)s（%(verdict)s）", names=names, verdict=verdict.label) if verdict else names
        yield Signal(
            f"collusion:{row.id}",
            row.tender_id,
            row.tender.title,
            row.sign.label,
            detail,
            weight,
            row.found_at,
            f"/supervision/collusion/{row.id}",
            "R-COLL-01",
        )
