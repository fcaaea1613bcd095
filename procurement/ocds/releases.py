"""From moments to releases: in the order in which things became public, each with an id and a date of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from procurement.ocds.awards import awards, revocations
from procurement.ocds.bids import opening, put_off
from procurement.ocds.contracts import contract_changes, contracts
from procurement.ocds.endings import endings
from procurement.ocds.enquiries import enquiries
from procurement.ocds.implementation import acceptances, payments
from procurement.ocds.moments import Moment, instant, organisation, party_id
from procurement.ocds.planning import planning
from procurement.ocds.tender import tender
from procurement.public_process import Party, Process

MAPPERS: tuple[Callable[[Process], Iterable[Moment]], ...] = (
    planning,
    tender,
    enquiries,
    put_off,
    opening,
    endings,
    awards,
    revocations,
    contracts,
    contract_changes,
    acceptances,
    payments,
)
"""Every noun's mapper, one a file; a new noun joins here."""


@dataclass(frozen=True)
class Release:
    """A release as published: `text` are its very bytes, `sha256` their hash; neither ever changes."""

    id: str
    ocid: str
    tag: str
    at: datetime
    text: str

    @property
    def body(self) -> dict[str, Any]:
        """Return the release as an object."""
        body: dict[str, Any] = json.loads(self.text)
        return body

    @property
    def sha256(self) -> str:
        """Return the hash of the bytes, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def ocid_of(prefix: str, number: str) -> str:
    """Return the open contracting id of the purchase with this number."""
    return f"{prefix}-{number}"


def moments_of(process: Process, now: datetime) -> list[Moment]:
    """Return everything that is public now, in order. What lies ahead, or was closed off by the end, is not there."""
    found = [moment for mapper in MAPPERS for moment in mapper(process) if moment.at <= now]
    return sorted(found, key=lambda one: (one.at, one.step, one.key))


def releases_of(process: Process, now: datetime, prefix: str, published: Sequence[Release] = ()) -> list[Release]:
    """Return the releases still to be published: those of `published` stand for ever and are not made again.

    Dates never run backwards: something that became known late is dated a second after what was said last.
    """
    ocid = ocid_of(prefix, process.number)
    known = {one.id for one in published}
    last = max((one.at for one in published), default=None)
    roles: dict[str, dict[str, None]] = {}
    made: list[Release] = []
    for moment in moments_of(_linked(process, prefix), now):
        for party, role in moment.roles:
            roles.setdefault(party_id(party), {})[role] = None
        key = f"{ocid}-{moment.key}"
        if key in known:
            continue
        at = moment.at.replace(microsecond=0)
        if last is not None and at <= last:
            at = last + timedelta(seconds=1)
        last = at
        made.append(_release(moment, key, ocid, at, roles))
    return made


def _linked(process: Process, prefix: str) -> Process:
    previous, framework = (ocid_of(prefix, one) if one else None for one in (process.previous, process.framework))
    return replace(process, previous=previous, framework=framework)


def _release(moment: Moment, key: str, ocid: str, at: datetime, roles: dict[str, dict[str, None]]) -> Release:
    named: dict[str, Party] = {party_id(party): party for party, _role in moment.roles}
    body: dict[str, Any] = {
        "ocid": ocid,
        "id": key,
        "date": instant(at),
        "tag": [moment.tag],
        "initiationType": "tender",
        "language": "zh",
    }
    if named:
        body["parties"] = [organisation(party, tuple(roles[name])) for name, party in named.items()]
    body.update(moment.body)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Release(id=key, ocid=ocid, tag=moment.tag, at=at, text=text)
