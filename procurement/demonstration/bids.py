"""Sealed bids for demonstrations and tests: real keys, real envelopes, the same services as the browser's.

The demonstration's keyholders have key files under passphrases that the README gives, so that a visitor can open bids.
"""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from core.documents.uploads import UploadSession
from core.house import House
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from procurement.demonstration.agents import stated_deposit
from procurement.models import Bid, Keyholder, Lot, Opening, Tender
from procurement.queries.openings import Progress, bids_to_open
from procurement.sealing import BidFile, BidManifest, KeyPair, new_key, peel, read_key_file, seal, write_key_file
from procurement.sealing.errors import NotAKeyholder
from procurement.services.bidding import submit_bid
from procurement.services.closing import close_opening
from procurement.services.envelopes import recipients
from procurement.services.opening import begin_opening, shares_for, take_turn

PASSPHRASES = ("chenghu-opening-one", "chenghu-opening-two", "chenghu-opening-three")
"""What opens the demonstration's key files, in the order of the keyholders; no secret of any real installation."""


@dataclass(frozen=True)
class PlainFile:
    """A file that goes into a bid."""

    name: str
    purpose: str
    content: bytes
    media_type: str = "application/pdf"


def demonstration_keys(house: House) -> list[KeyPair]:
    """Return the demonstration keyholders' keys; on first use they are made.

    They lie open in the demonstration's folder: their passphrases stand above for everybody to read, so locking them
    would only cost its time.
    """
    return [_key(demonstration_key_file(house, number)) for number, _words in enumerate(PASSPHRASES, 1)]


def demonstration_key_file(house: House, number: int) -> Path:
    """Return where the key file of the demonstration's keyholder 1, 2 or 3 lies once somebody asked for it."""
    return house.settings.var / "demonstration-keys" / f"keyholder-{number}.age"


def demonstration_key_for(house: House, holder: Keyholder) -> tuple[Path, str] | None:
    """Return the key file and passphrase of a demonstration keyholder; None for a key made by somebody, or no demo.

    The file is locked under its passphrase when it is asked for first, as every keyholder's is: that takes a second.
    """
    if not house.settings.is_open_demonstration:
        return None
    for number, words in enumerate(PASSPHRASES, 1):
        path = demonstration_key_file(house, number)
        if not path.with_suffix(".txt").exists() or (key := _key(path)).recipient != holder.public_key:
            continue
        if not path.exists():
            _write(path, write_key_file(key, words))
        return path, words
    return None


def _key(path: Path) -> KeyPair:
    """Return the key beside the place of its key file; a new one where there is none."""
    known = path.with_suffix(".txt")
    if known.exists():
        return read_key_file(known.read_bytes())
    key = new_key()
    _write(known, f"# public key: {key.recipient}\n{key.secret}\n".encode())
    return key


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.chmod(0o600)
    part.replace(path)


def sealed_envelope(
    lot: Lot, bidder: Organisation, *, price: Decimal, files: Sequence[PlainFile], terms: str = ""
) -> bytes:
    """Seal a bid as the browser does and return the envelope."""
    tender = lot.tender
    manifest = BidManifest(
        tender=str(tender.id),
        lot=str(lot.id),
        notice=tender.record_hash or "",
        bidder=str(bidder.id),
        nonce=secrets.token_hex(16),
        opening_sheet={
            "price": f"{price:.2f}",
            "currency": "CNY",
            "service_until": tender.service_until.isoformat() if tender.service_until else "",
            "terms": terms,
        },
        files=tuple(
            BidFile(
                name=file.name,
                purpose=file.purpose,
                size=len(file.content),
                sha256=hashlib.sha256(file.content).hexdigest(),
                media_type=file.media_type,
            )
            for file in files
        ),
        statement=stated_deposit(tender, bidder),
    )
    target = io.BytesIO()
    seal(
        manifest,
        [io.BytesIO(file.content) for file in files],
        target,
        keyholders=recipients(tender),
        needed=tender.keyholders_needed,
        bidder=new_key().recipient,
    )
    return target.getvalue()


def submit_sealed(
    uow: UnitOfWork,
    lot: Lot,
    bidder: Organisation,
    *,
    price: Decimal,
    files: Sequence[PlainFile] = (),
    terms: str = "",
    envelope: bytes | None = None,
) -> Bid:
    """Seal, upload and submit a bid; the unit of work's actor must work for the bidder."""
    sealed = envelope or sealed_envelope(lot, bidder, price=price, files=files, terms=terms)
    sha256, size = uow.house.store.put(io.BytesIO(sealed))
    upload = uow.add(
        UploadSession(
            user_id=uow.actor.user_id,
            name="bid.age",
            size=size,
            received=size,
            sha256=sha256,
            started_at=uow.clock.wall,
            claimed_at=None,
        )
    )
    uow.session.flush()
    return submit_bid(uow, lot, bidder_id=bidder.id, upload_id=upload.id, sha256=sha256)


def turn_key(uow: UnitOfWork, tender: Tender, holder: Keyholder, key: KeyPair) -> Progress:
    """Take one keyholder's turn as the browser does; the unit of work's actor must be that keyholder."""
    material: dict[tuple[str, str], str | None] = {}
    for share in shares_for(uow, bids_to_open(uow, tender), holder):
        material[(str(share.paper.id), share.subset)] = _peeled(share.material, key)
    return take_turn(uow, tender, holder, material)


def open_sealed(
    officer: UnitOfWork,
    tender: Tender,
    turns: Sequence[tuple[UnitOfWork, KeyPair]],
    session: Callable[[], None] | None = None,
) -> Opening | None:
    """Hold the whole opening: the officer begins, the keyholders take their turns in the order given, it is closed.

    `session` is what bidders do before it is closed.
    """
    opening = begin_opening(officer, tender)
    if opening is None:
        return None
    holders: Mapping[object, Keyholder] = {holder.user_id: holder for holder in tender.keyholders}
    for uow, key in turns:
        turn_key(uow, tender, holders[uow.actor.user_id], key)
    if session is not None:
        session()
    return close_opening(officer, tender) if opening.finished_at else opening


def _peeled(material: bytes, key: KeyPair) -> str | None:
    try:
        return base64.b64encode(peel(material, key)).decode()
    except NotAKeyholder:
        return None
