"""What came of a contract: acceptance and payments."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.ocds.moments import Moment, instant, reference, value_of
from procurement.public_process import Process


def acceptances(process: Process) -> Iterator[Moment]:
    """Yield each acceptance as an `implementation` milestone, met or not met."""
    awards = {one.key: one.winner for one in process.contracts}
    for one in process.acceptances:
        if one.contract not in awards:
            continue
        milestone = {
            "id": one.key,
            "type": "delivery",
            "title": "履约验收",
            "description": one.summary,
            "status": "met" if one.passed else "notMet",
            "dateModified": instant(one.at),
        }
        if one.passed:
            milestone["dateMet"] = instant(one.at)
        if not one.summary:
            del milestone["description"]
        contract = {"id": one.contract, "awardID": awards[one.contract], "implementation": {"milestones": [milestone]}}
        yield Moment(f"acceptance-{one.key}", one.at, "implementation", {"contracts": [contract]}, step=90)


def payments(process: Process) -> Iterator[Moment]:
    """Yield each payment as an `implementation` transaction."""
    awards = {one.key: one.winner for one in process.contracts}
    for one in process.payments:
        if one.contract not in awards:
            continue
        transaction = {
            "id": one.key,
            "date": instant(one.at),
            "value": value_of(one.amount),
            "payer": reference(one.payer),
            "payee": reference(one.payee),
        }
        contract = {
            "id": one.contract,
            "awardID": awards[one.contract],
            "implementation": {"transactions": [transaction]},
        }
        yield Moment(
            f"payment-{one.key}",
            one.at,
            "implementation",
            {"contracts": [contract]},
            roles=((one.payer, "payer"), (one.payee, "payee")),
            step=95,
        )
