"""Bids: only their number when they were opened, names and prices with the result notice (R-OPEN-02, R-SEC-03)."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.ocds.moments import Body, Moment, instant, reference, value_of, without_empty
from procurement.ocds.tender import lot_id
from procurement.public_process import Process, PublicBid, Result


def put_off(process: Process) -> Iterator[Moment]:
    """Yield each time the opening was put off as a `tenderUpdate`."""
    for one in process.put_off:
        yield Moment(
            f"put-off-{one.key}",
            one.at,
            "tenderUpdate",
            {"tender": {"id": process.number, "bidOpening": {"date": instant(one.until)}}},
            step=35,
        )


def opening(process: Process) -> Iterator[Moment]:
    """Yield the opening as a `tenderUpdate`: when it was and how many bids were opened for each lot."""
    if process.opened_at is None:
        return
    total = sum(one.bids for one in process.opening)
    yield Moment(
        "opening",
        process.opened_at,
        "tenderUpdate",
        {
            "tender": {"id": process.number, "status": "active", "bidOpening": {"date": instant(process.opened_at)}},
            "bids": {
                "statistics": [
                    {"id": "bids", "measure": "bids", "date": instant(process.opened_at), "value": total},
                    *(
                        {
                            "id": f"bids-{lot_id(one.lot)}",
                            "measure": "bids",
                            "date": instant(process.opened_at),
                            "value": one.bids,
                            "relatedLot": lot_id(one.lot),
                        }
                        for one in process.opening
                    ),
                ]
            },
        },
        step=40,
    )


def bids_with_result(result: Result) -> Body:
    """Return the bids as the result notice lets them be known, with how many of each lot fell."""
    lots = dict.fromkeys([*(one.lot for one in result.bids), *result.failed_lots])
    statistics = [
        {
            "id": f"validBids-{lot_id(lot)}",
            "measure": "validBids",
            "date": instant(result.at),
            "value": sum(one.valid for one in result.bids if one.lot == lot),
            "relatedLot": lot_id(lot),
        }
        for lot in lots
    ]
    return without_empty({"statistics": statistics, "details": [_bid(one) for one in result.bids]})


def _bid(one: PublicBid) -> Body:
    return without_empty(
        {
            "id": one.key,
            "date": instant(one.arrived_at),
            "status": "valid" if one.valid else "disqualified",
            "tenderers": [reference(one.bidder)],
            "value": value_of(one.price) if one.price is not None else None,
            "relatedLots": [lot_id(one.lot)],
        }
    )
