"""Planning: the procurement intention (采购意向)."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.ocds.moments import Moment, first_second, reference, value_of, without_empty
from procurement.public_process import Process


def planning(process: Process) -> Iterator[Moment]:
    """Yield the intention as a `planning` release: what is to be bought, its budget and when buying should begin."""
    one = process.intention
    if one is None:
        return
    yield Moment(
        "planning",
        one.at,
        "planning",
        {
            "buyer": reference(process.purchaser),
            "planning": without_empty(
                {
                    "rationale": one.summary,
                    "budget": {"description": one.title, "amount": value_of(one.budget)},
                    "milestones": [
                        without_empty(
                            {
                                "id": "start",
                                "type": "preProcurement",
                                "title": "预计采购时间",
                                "dueDate": first_second(one.month),
                                "status": "scheduled",
                                "description": one.note,
                            }
                        )
                    ],
                }
            ),
            "tender": {"id": process.number, "title": one.title, "status": "planning"},
        },
        roles=((process.purchaser, "buyer"),),
        step=10,
    )
