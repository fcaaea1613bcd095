"""Questions about the documents and their published answers; the asker is never named (enquiry extension)."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.ocds.moments import Moment, instant
from procurement.public_process import Process


def enquiries(process: Process) -> Iterator[Moment]:
    """Yield each published answer as a `tenderUpdate`."""
    for one in process.enquiries:
        yield Moment(
            f"enquiry-{one.key}",
            one.answered_at,
            "tenderUpdate",
            {
                "tender": {
                    "id": process.number,
                    "hasEnquiries": True,
                    "enquiries": [
                        {
                            "id": one.key,
                            "date": instant(one.asked_at),
                            "description": one.question,
                            "answer": one.answer,
                            "dateAnswered": instant(one.answered_at),
                        }
                    ],
                }
            },
            step=30,
        )
