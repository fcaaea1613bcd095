"""Purchases that ended without a winner: failed (废标) or terminated (终止), with the reason (R-OPEN-05)."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.ocds.moments import Moment, document, without_empty
from procurement.ocds.tender import lot_id
from procurement.public_process import Process


def endings(process: Process) -> Iterator[Moment]:
    """Yield a failure as `tenderUpdate` (unsuccessful), a termination as `tenderCancellation` (cancelled)."""
    one = process.ending
    if one is None or not process.versions:
        return
    status = "unsuccessful" if one.failed else "cancelled"
    said = "：".join(part for part in (one.ground, one.reason) if part)
    title = f"{process.title}{'废标' if one.failed else '终止'}公告"
    lots = process.versions[-1].record.get("lots", ())
    yield Moment(
        "unsuccessful" if one.failed else "cancellation",
        one.at,
        "tenderUpdate" if one.failed else "tenderCancellation",
        {
            "tender": without_empty(
                {
                    "id": process.number,
                    "status": status,
                    "lots": [{"id": lot_id(lot["position"]), "status": status} for lot in lots],
                    "documents": [
                        document(
                            "termination-notice", "cancellationDetails", title, process.url, one.at, description=said
                        )
                    ],
                }
            )
        },
        step=70,
    )
