"""Awards with the result notice: winners, the bids behind them, the committee's names; and awards that fell."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.ocds.bids import bids_with_result
from procurement.ocds.moments import Body, Moment, document, instant, reference, value_of, without_empty
from procurement.ocds.tender import lot_id, named, related_processes
from procurement.public_process import Process, Result, Winner


def awards(process: Process) -> Iterator[Moment]:
    """Yield each result as `award`; the committee becomes public with the first (R-AWARD-03, R-COMM-12)."""
    if process.result is not None:
        yield _result(process, process.result, "award")
    for result in process.later_results:
        yield _result(process, result, f"award-{result.winners[0].key}")


def _result(process: Process, result: Result, key: str) -> Moment:
    roles = [(one.bidder, "tenderer") for one in result.bids]
    roles += [(one.supplier, role) for one in result.winners for role in ("tenderer", "supplier")]
    return Moment(
        key,
        result.at,
        "award",
        without_empty(
            {
                "buyer": reference(process.purchaser),
                "tender": _tender(process, result),
                "relatedProcesses": [] if process.versions else related_processes(process),
                "bids": bids_with_result(result),
                "awards": [_award(process, result, one) for one in result.winners]
                + [_unsuccessful(process, result, lot) for lot in result.failed_lots],
            }
        ),
        roles=((process.purchaser, "buyer"), *roles),
        step=60,
    )


def revocations(process: Process) -> Iterator[Moment]:
    """Yield each award that did not stand as `awardCancellation`."""
    for one in process.revocations:
        yield Moment(
            f"award-cancellation-{one.winner}",
            one.at,
            "awardCancellation",
            {"awards": [{"id": one.winner, "status": "cancelled", "description": one.reason}]},
            step=65,
        )


def _tender(process: Process, result: Result) -> Body:
    lots = [{"id": lot_id(lot), "status": "complete"} for lot in dict.fromkeys(one.lot for one in result.winners)]
    lots += [{"id": lot_id(one), "status": "unsuccessful"} for one in result.failed_lots]
    known = {"id": process.number, "status": "complete", "lots": lots}
    return without_empty(known if process.versions else {**named(process), **known})


def _award(process: Process, result: Result, one: Winner) -> Body:
    committee = f"评审专家名单：{'、'.join(result.committee)}" if result.committee else ""
    return without_empty(
        {
            "id": one.key,
            "title": f"{process.title}中标结果",
            "description": "\n".join(part for part in (one.reason, committee) if part),
            "status": "active",
            "date": instant(one.at),
            "value": value_of(one.amount),
            "suppliers": [reference(one.supplier)],
            "relatedLots": [lot_id(one.lot)],
            "relatedBid": one.bid,
            "documents": [
                document(
                    f"award-notice-{one.lot}", "awardNotice", f"{process.title}中标结果公告", process.url, result.at
                )
            ],
        }
    )


def _unsuccessful(process: Process, result: Result, lot: str) -> Body:
    return {
        "id": f"{process.number}-{lot_id(lot)}-unsuccessful",
        "status": "unsuccessful",
        "date": instant(result.at),
        "relatedLots": [lot_id(lot)],
    }
