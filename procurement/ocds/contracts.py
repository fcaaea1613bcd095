"""Contracts as published, their supplements and ends (条例 art. 50, 法 art. 49)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from core.clock import SHANGHAI
from procurement.ocds.moments import Moment, first_second, instant, last_second, reference, value_of, without_empty
from procurement.public_process import ContractChange, Process, PublicContract


def contracts(process: Process) -> Iterator[Moment]:
    """Yield each publication as `contract`."""
    for one in process.contracts:
        yield Moment(
            f"contract-{one.key}",
            one.at,
            "contract",
            {
                "buyer": reference(process.purchaser),
                "contracts": [_contract(one)],
            },
            roles=((process.purchaser, "buyer"), (one.supplier, "tenderer"), (one.supplier, "supplier")),
            step=80,
        )


def contract_changes(process: Process) -> Iterator[Moment]:
    """Yield each supplement as `contractAmendment`, each end as `contractTermination`."""
    awards = {one.key: one.winner for one in process.contracts}
    for one in process.contract_changes:
        if one.contract not in awards:
            continue
        yield Moment(
            f"contract-change-{one.key}",
            one.at,
            "contractTermination" if one.terminated else "contractAmendment",
            {"contracts": [_changed(one, awards[one.contract])]},
            step=85,
        )


def _contract(one: PublicContract) -> dict[str, object]:
    return without_empty(
        {
            "id": one.key,
            "awardID": one.winner,
            "title": one.title,
            "description": one.content,
            "status": "active",
            "value": value_of(one.amount),
            "dateSigned": instant(datetime.combine(one.signed_on, time(0, 0), tzinfo=SHANGHAI)),
            "period": without_empty(
                {
                    "startDate": first_second(one.begins_on) if one.begins_on else None,
                    "endDate": last_second(one.ends_on) if one.ends_on else None,
                }
            ),
        }
    )


def _changed(one: ContractChange, award: str) -> dict[str, object]:
    return without_empty(
        {
            "id": one.contract,
            "awardID": award,
            "status": "terminated" if one.terminated else "active",
            "value": value_of(one.amount) if one.amount is not None else None,
            "amendments": [{"id": one.key, "date": instant(one.at), "rationale": one.reason}],
        }
    )
