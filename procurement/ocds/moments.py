"""A moment at which something of a purchase became public, and the small words all mappers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from core.clock import SHANGHAI
from procurement.public_process import Party

Body = dict[str, Any]
SCHEME = "CN-USCC"
"""The scheme of organisation identifiers: 统一社会信用代码 (GB 32100)."""


@dataclass(frozen=True)
class Moment:
    """One release to be: a key unique within the purchase, its instant, the tag of `releaseTag`, and what it says.

    `roles` are the parties it names with the role each has here; `step` orders moments of one instant.
    """

    key: str
    at: datetime
    tag: str
    body: Mapping[str, Any]
    roles: tuple[tuple[Party, str], ...] = ()
    step: int = field(default=50)


def instant(value: datetime) -> str:
    """Return an instant as OCDS asks (RFC 3339), in Shanghai's offset, to the second."""
    return value.astimezone(SHANGHAI).isoformat(timespec="seconds")


def first_second(day: date) -> str:
    """Return the beginning of a civil day in Shanghai."""
    return datetime.combine(day, time(0, 0), tzinfo=SHANGHAI).isoformat()


def last_second(day: date) -> str:
    """Return the end of a civil day in Shanghai."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=SHANGHAI).isoformat()


def value_of(amount: Decimal | str) -> Body:
    """Return an amount of yuan: a JSON number, whole where it is whole (never more than two decimals)."""
    exact = Decimal(amount)
    number = int(exact) if exact == exact.to_integral_value() else float(exact)
    return {"amount": number, "currency": "CNY"}


def party_id(party: Party) -> str:
    """Return what references name an organisation by."""
    return f"{SCHEME}-{party.uscc}" if party.uscc else f"HP-{party.key}"


def reference(party: Party) -> Body:
    """Return a reference to an organisation."""
    return {"id": party_id(party), "name": party.name}


def organisation(party: Party, roles: tuple[str, ...]) -> Body:
    """Return an organisation with its roles; what is unknown is left out, never empty."""
    body: Body = {"id": party_id(party), "name": party.name, "roles": list(roles)}
    if party.uscc:
        body["identifier"] = {"scheme": SCHEME, "id": party.uscc, "legalName": party.name}
    if party.address:
        body["address"] = {"streetAddress": party.address, "countryName": "中国"}
    contact = without_empty({"name": party.contact, "telephone": party.telephone})
    if contact:
        body["contactPoint"] = contact
    return body


def without_empty(body: Mapping[str, Any]) -> Body:
    """Return the body without what is missing: OCDS has no empty fields."""
    return {name: value for name, value in body.items() if value not in (None, "", [], {}, ())}


def document(key: str, kind: str, title: str, url: str, at: datetime, **more: Any) -> Body:
    """Return a document of type `kind` (`documentType`) that stands under `url`."""
    return without_empty(
        {
            "id": key,
            "documentType": kind,
            "title": title,
            "url": url,
            "datePublished": instant(at),
            "format": "text/html",
            "language": "zh",
            **more,
        }
    )
