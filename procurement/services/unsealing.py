"""What every ceremony of unsealing does, whatever the envelope holds: handing out layers, judging them, giving up.

A keyholder's turn gives what one person could peel from each envelope. What lies between turns is still encrypted to
the remaining keyholders; the last result opens the envelope at once and is not kept. An envelope counts as corrupt only
after every subset of the keyholders who can still come has failed, with each attempt kept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from core.records import plain
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, FinalOffer, FinalShare, Keyholder, OpeningShare
from procurement.sealing import Header
from procurement.sealing.hall_check import ALL_FAILED
from procurement.sealing.opening import is_secret_of
from procurement.services.envelopes import header_of
from procurement.states import ShareResult

Paper = TypeVar("Paper", Bid, FinalOffer)
Layer = OpeningShare | FinalShare
Place = tuple[uuid.UUID, str, int]
"""An envelope's id, a subset of keyholders, and the place of one of them, counted from 0."""
FAILING = frozenset({ShareResult.CLOSED, ShareResult.NO_KEY})


class Given(Protocol):
    """What is known of layers already handed in."""

    def get(self, key: Place, /) -> Layer | None:
        """Return the layer that stands there."""


@dataclass(frozen=True)
class Share(Generic[Paper]):
    """What a keyholder can peel now: one envelope's secret, wrapped for one subset.

    `last` yields the envelope's key; `tried` when this keyholder could not peel it before and may try again.
    """

    paper: Paper
    subset: str
    material: bytes
    last: bool
    tried: bool = False


def layers(paper: Paper, header: Header, place: int, given: Given) -> list[Share[Paper]]:
    """Return the layers of an envelope that the keyholder at this place can peel now."""
    found = []
    for wrap in header.wraps:
        own = given.get((paper.id, wrap.subset, place))
        if place not in wrap.keyholders or (own is not None and own.material):
            continue
        turn = wrap.keyholders.index(place)
        before = None if turn == 0 else given.get((paper.id, wrap.subset, wrap.keyholders[turn - 1]))
        material = wrap.secret if turn == 0 else base64.b64decode(before.material if before else "")
        if material:
            last = turn == len(wrap.keyholders) - 1
            found.append(Share(paper, wrap.subset, material, last=last, tried=own is not None))
    return found


def place_of(header: Header, holder: Keyholder) -> int:
    """Return a keyholder's place in an envelope's header, counted from 0."""
    return header.keyholders.index(holder.fingerprint) if holder.fingerprint in header.keyholders else -1


def octets_of(value: str | None) -> bytes:
    """Return what a browser sent as base64; nothing for what is none."""
    try:
        return base64.b64decode(value or "", validate=True)
    except (binascii.Error, ValueError):
        return b""


def keep(uow: UnitOfWork, row: Layer, share: Share[Any], octets: bytes) -> str | None:
    """Write into its row what came of a layer; return the envelope's key when it was the last, which is not kept."""
    result = ShareResult.PEELED if octets else ShareResult.CLOSED
    if share.last and octets:
        fits = is_secret_of(octets, header_of(uow, share.paper.sha256))
        result = ShareResult.KEY if fits else ShareResult.NO_KEY
    row.material = base64.b64encode(octets).decode() if result is ShareResult.PEELED else ""
    row.result, row.layer, row.given_at = result, hashlib.sha256(share.material).hexdigest(), uow.now
    return octets.decode() if result is ShareResult.KEY else None


def hopeless(header: Header, paper: Bid | FinalOffer, given: Mapping[Place, Layer], absent: Iterable[int]) -> list[str]:
    """Return the subsets that failed when all that can still be had did; nothing while the envelope may yet open."""
    results = {(subset, place): row.result for (key, subset, place), row in given.items() if key == paper.id}
    gone = set(absent)
    available, failed = [], []
    for wrap in header.wraps:
        known = [results.get((wrap.subset, place)) for place in wrap.keyholders]
        lost = [
            result is not ShareResult.PEELED and place in gone
            for place, result in zip(wrap.keyholders, known, strict=True)
        ]
        if not any(lost):
            available.append(wrap.subset)
            failed += [wrap.subset] if FAILING & {*known} else []
    return failed if available and failed == available else []


ALL_TRIED = (ALL_FAILED, "能到场的各组密钥都打不开这份文件", "no combination of the keys to be had opens this one")
"""Kind and words of the failure of an envelope that no subset opens."""


def proof_of(
    paper: Bid | FinalOffer, failure: tuple[str, str, str], given: Mapping[Place, Layer], tried: Sequence[str]
) -> dict[str, Any]:
    """Return the proof that an envelope cannot be opened: every subset tried, and what each of its layers gave."""
    error, zh, en = failure
    rows = [(key, row) for key, row in given.items() if key[0] == paper.id and key[1] in tried]
    rows.sort(key=lambda one: (tried.index(one[0][1]), one[1].given_at, one[0][2]))
    return {
        "error": error,
        "zh": zh,
        "en": en,
        "sha256": paper.sha256,
        "tried": list(tried),
        "attempts": [
            {
                "subset": subset,
                "keyholder": place,
                "given_at": plain(row.given_at),
                "layer": row.layer,
                "result": str(row.result),
            }
            for (_paper, subset, place), row in rows
        ],
    }


def first_turns(rows: Iterable[Layer], places: Mapping[uuid.UUID, int]) -> dict[int, datetime]:
    """Return when each keyholder who came first handed something in; `rows` in order of time."""
    first: dict[int, datetime] = {}
    for row in rows:
        first.setdefault(places[row.keyholder_id], row.given_at)
    return first
