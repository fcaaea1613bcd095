"""Packages: what an address or a file hands out, around releases or records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procurement.ocds.moments import instant, without_empty
from procurement.ocds.records import record

VERSION = "1.1"
EXTENSIONS = tuple(
    f"https://raw.githubusercontent.com/open-contracting-extensions/ocds_{name}_extension/{revision}/extension.json"
    for name, revision in (
        ("bid", "v1.1.5"),
        ("bidOpening", "47c576527240c7cd4e1a0fa1b051a9fce2adf5e6"),
        ("enquiry", "v1.1.5"),
        ("location", "v1.1.5"),
        ("lots", "v1.1.5"),
    )
)
"""The extensions that the releases use, each at a fixed revision; opening refers to a definition of location."""


@dataclass(frozen=True)
class Publisher:
    """Who publishes: the bureau, its code, its address on the web and where it says what it withholds until when."""

    name: str
    uri: str
    policy: str
    uscc: str | None = None


def release_package(
    releases: Sequence[Mapping[str, Any]], uri: str, publisher: Publisher, published: datetime
) -> dict[str, Any]:
    """Return a release package; `published` is the instant of its newest release."""
    return {**_head(uri, publisher, published), "releases": list(releases)}


def record_package(
    processes: Sequence[Sequence[Mapping[str, Any]]], uri: str, publisher: Publisher, published: datetime
) -> dict[str, Any]:
    """Return a record package: for each purchase its releases and what they amount to."""
    return {**_head(uri, publisher, published), "records": [record(one) for one in processes if one]}


def _head(uri: str, publisher: Publisher, published: datetime) -> dict[str, Any]:
    return {
        "uri": uri,
        "version": VERSION,
        "extensions": list(EXTENSIONS),
        "publishedDate": instant(published),
        "publisher": without_empty(
            {
                "name": publisher.name,
                "scheme": "CN-USCC" if publisher.uscc else None,
                "uid": publisher.uscc,
                "uri": publisher.uri,
            }
        ),
        "publicationPolicy": publisher.policy,
    }
