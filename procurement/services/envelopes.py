"""Stored envelopes: reading what they say outside, and keeping what is inside once they are opened."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask_babel import get_locale
from sqlalchemy import select

from core.documents.accept import adopt_stored, safe_name
from core.documents.kinds import KINDS
from core.documents.store import Store
from core.errors import Refusal
from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, Keyholder, Lot, Tender
from procurement.queries.amendments import older_version_refusal, sealed_for
from procurement.sealing import BidManifest, Header, SealingError, open_with_secret, read_header

OPENED_FILE = "bid-"
"""Purpose of an opened file: this and the purpose that its manifest names, e.g. `bid-technical`."""
AT_ONCE = 2
KNOWN_PURPOSES = ("qualification", "technical", "commercial", "agreement", "signature", "grade-evidence", "other")


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
class Answer:
    """What an envelope must turn out to hold: this bidder's answer to this notice of this lot."""

    sha256: str
    tender: str
    lot: str
    notice: str
    bidder: str


def open_in_turn(uow: UnitOfWork, keys: Sequence[tuple[Bid, str]]) -> Iterator[tuple[Bid, BidManifest | SealingError]]:
    """Open stored envelopes with their secrets, one after the other; store what is inside and yield each manifest.

    Yields the `SealingError` instead for content that is damaged, foreign or copied. Two are under way at a time: one
    is decrypted while the other's files are made durable and the caller writes its rows, so never more than two bids
    are in memory.
    """
    answers = [
        (
            Answer(bid.sha256, str(bid.tender_id), str(bid.lot_id), sealed_for(bid), str(bid.bidder_id)),
            secret,
        )
        for bid, secret in keys
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun: deque[Future[BidManifest | SealingError]] = deque()
        for place, (bid, _secret) in enumerate(keys):
            while len(begun) < AT_ONCE and place + len(begun) < len(answers):
                begun.append(pool.submit(_open_and_store, uow.house.store, *answers[place + len(begun)]))
            yield bid, begun.popleft().result()


def _open_and_store(store: Store, answer: Answer, secret: str) -> BidManifest | SealingError:
    """Open an envelope, check that all of it is the answer, and store its files; runs beside the unit of work."""
    try:
        with store.open(answer.sha256) as stream:
            found = open_with_secret(stream, secret)
        found.check(tender=answer.tender, lot=answer.lot, notice=answer.notice, bidder=answer.bidder)
        files = found.checked()
    except SealingError as wrong:
        return wrong
    for file, octets in files:
        store.put_known(octets, file.sha256)
    return found.manifest


def keep_files(uow: UnitOfWork, bid: Bid, manifest: BidManifest) -> None:
    """Keep an opened bid's stored files as documents, typed by what we know of their endings, not by the bidder."""
    for file in manifest.files:
        purpose = file.purpose if file.purpose in KNOWN_PURPOSES else "other"
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
