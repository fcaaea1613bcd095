"""Stored envelopes: reading what they say outside, and keeping what is inside once they are opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from flask_babel import get_locale
from sqlalchemy import select

from core.documents.accept import adopt_stored, safe_name
from core.documents.kinds import KINDS
from core.errors import Refusal
from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, Keyholder, Lot, Tender
from procurement.queries.amendments import older_version_refusal, sealed_for
from procurement.sealing import BidFile, BidManifest, Header, SealingError, open_with_secret, read_header

OPENED_FILE = "bid-"
"""Purpose of an opened file: this and the purpose that its manifest names, e.g. `bid-technical`."""
KNOWN_PURPOSES = ("qualification", "technical", "commercial", "agreement", "signature", "other")


class BothLanguages:
    """A sentence of the pure sealing package, shown in the reader's language."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en

    def __str__(self) -> str:
        locale = get_locale()
        return self.en if locale is not None and locale.language == "en" else self.zh


def worded(error: SealingError) -> Text:
    """Return what is wrong with an envelope in the reader's language."""
    return str(BothLanguages(error.zh, error.en))


def recipients(tender: Tender) -> list[str]:
    """Return the keyholders' age recipients in the order of the notice."""
    return [holder.public_key for holder in tender.keyholders if holder.public_key is not None]


def _public_keys(uow: UnitOfWork, tender: Tender) -> list[str]:
    """Return what `recipients` does, of the tender's locked row: the keys alone, without the people who hold them."""
    keys = select(Keyholder.public_key).where(Keyholder.tender_id == tender.id).order_by(Keyholder.position)
    return [key for key in uow.session.scalars(keys) if key is not None]


def header_of(uow: UnitOfWork, sha256: str) -> Header:
    """Read what a stored envelope says outside. Raises `Corrupt`."""
    with uow.house.store.open(sha256) as stream:
        return read_header(stream)


def header_refusals(uow: UnitOfWork, lot: Lot, sha256: str, part: str = Bid.part) -> list[Refusal]:
    """Return why a stored envelope is not properly sealed as this part for this lot, notice, keyholders (R-OPEN-02)."""
    tender = lot.tender
    try:
        header = header_of(uow, sha256)
        if older := older_version_refusal(uow, tender, header.notice):
            return [older]
        header.check(
            tender=str(tender.id),
            lot=str(lot.id),
            notice=tender.record_hash or "",
            keyholders=_public_keys(uow, tender),
            needed=tender.keyholders_needed,
        )
    except SealingError as wrong:
        return [Refusal(worded(wrong), rule_id="R-OPEN-02", field="sha256")]
    if header.part != part:
        words = _l("这是另一种文件的密封，请在对应的页面递交")
        return [Refusal(words, rule_id="R-OPEN-02", field="sha256")]
    return []


@dataclass(frozen=True)
class Content:
    """What was inside a stored envelope: its manifest and its files, each of which has the hash it is listed with."""

    manifest: BidManifest
    files: list[tuple[BidFile, memoryview]]


def opened(uow: UnitOfWork, bid: Bid, secret: str) -> Content:
    """Open a stored envelope with its secret and check that all of it is this bidder's answer to this notice.

    Raises a `SealingError` for damaged, foreign or copied content.
    """
    with uow.house.store.open(bid.sha256) as stream:
        found = open_with_secret(stream, secret)
    found.check(
        tender=str(bid.tender_id),
        lot=str(bid.lot_id),
        notice=sealed_for(bid),
        bidder=str(bid.bidder_id),
    )
    return Content(found.manifest, found.checked())


def keep_files(uow: UnitOfWork, bid: Bid, content: Content) -> None:
    """Keep an opened bid's files as documents, each typed by what we know of its ending, never by the bidder's word."""
    for file, octets in content.files:
        purpose = file.purpose if file.purpose in KNOWN_PURPOSES else "other"
        uow.house.store.put_known(octets, file.sha256)
        adopt_stored(
            uow,
            sha256=file.sha256,
            size=file.size,
            owner=bid,
            purpose=f"{OPENED_FILE}{purpose}",
            name=safe_name(file.name),
            media_type=_media_type(file.name),
        )


def _media_type(name: str) -> str:
    ending = PurePosixPath(name).suffix.lower()
    known = {kind.ending: kind.media_type for kind in KINDS.values() if kind.ending != ".age"}
    return known.get(ending, "application/octet-stream")
