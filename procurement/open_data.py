"""Packages of stored releases, for the addresses and the command line alike."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from core.settings import Settings
from procurement.models import OcdsRelease
from procurement.ocds import Publisher, record_package, release_package


def publisher_of(settings: Settings) -> Publisher:
    """Return who publishes: the bureau, under its public address."""
    base = settings.public_address.rstrip("/")
    return Publisher(name=settings.bureau_name_zh, uri=base, policy=f"{base}/ocds")


def releases_json(rows: Sequence[OcdsRelease], uri: str, settings: Settings, empty: datetime) -> bytes:
    """Return a release package; `empty` dates one that holds nothing yet."""
    bodies = [json.loads(row.text) for row in rows]
    package = release_package(bodies, uri, publisher_of(settings), _newest(rows, empty))
    return _written(package)


def records_json(processes: Sequence[Sequence[OcdsRelease]], uri: str, settings: Settings, empty: datetime) -> bytes:
    """Return a record package of whole purchases."""
    bodies = [[json.loads(row.text) for row in rows] for rows in processes]
    newest = _newest([row for rows in processes for row in rows], empty)
    return _written(record_package(bodies, uri, publisher_of(settings), newest))


def _newest(rows: Sequence[OcdsRelease], empty: datetime) -> datetime:
    return max((row.released_at for row in rows), default=empty)


def _written(package: object) -> bytes:
    return json.dumps(package, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"
