"""The record of a bid opening, full and public, as it is written; `opening_check` verifies it (R-OPEN-01…07, R-KEY-01).

The public form holds what was read out: bids in order, hashes, receipts, sheets, turns of the keyholders. Commitments
stand for people (who held keys, presided, attended), for what is inside the bids, and for every bid that was never
opened: replaced, withdrawn, or in a lot with too few bids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.records import Record, plain, redact, salts_for, seal
from procurement.sealing.opening_check import READ, read_out_of, verify_opening

__all__ = [
    "Absence",
    "Envelope",
    "KeyHolder",
    "Lot",
    "Objection",
    "Opening",
    "Postponement",
    "Turn",
    "Version",
    "opening_record",
    "public_opening_record",
    "public_paths",
    "verify_opening",
]


@dataclass(frozen=True)
class KeyHolder:
    """One of the n keyholders, in the notice's order; `holder` says who it is (name, office)."""

    fingerprint: str
    holder: dict[str, str]


@dataclass(frozen=True)
class Turn:
    """One keyholder (position from 0) handed in the layers peeled in the own browser."""

    keyholder: int
    given_at: datetime


@dataclass(frozen=True)
class Absence:
    """A keyholder (position from 0) could not come: reported by one person, confirmed by another."""

    keyholder: int
    reason: str
    reported_by: str
    reported_at: datetime
    confirmed_by: str
    confirmed_at: datetime


@dataclass(frozen=True)
class Postponement:
    """The opening was put off to `until`, with the reason the bidders were told."""

    until: datetime
    reason: str
    confirmed_at: datetime


@dataclass(frozen=True)
class Objection:
    """A bidder's objection at the opening and the answer given on the spot (R-OPEN-03)."""

    bid: str
    by: str
    text: str
    raised_at: datetime
    answer: str
    answered_at: datetime


@dataclass(frozen=True)
class Lot:
    """A lot and what became of it: `opened`, or `too-few-bids` when none of its bids was unwrapped (R-OPEN-04)."""

    id: str
    position: int
    title: str
    outcome: str


@dataclass(frozen=True)
class Envelope:
    """One envelope that arrived, whatever became of it.

    `state` is `opened`, `corrupt`, `sealed` (never unwrapped: too few bids), `superseded`, `withdrawn`
    or `lapsed` (R-TENDER-05: the documents were amended, the bid neither confirmed nor replaced). `receipt` is
    the signed receipt as the bidder holds it. `manifest` (of an opened one) is the head of the plaintext, `opened_by`
    the subset of keyholders that opened it, such as `0-2`. `failure` (of a corrupt one) holds its kind `error`, the
    reason `zh` and `en`, in `tried` every subset that failed, and in `attempts` each layer of those that was handed
    out: `subset`, `keyholder`, `given_at`, `layer` (its SHA-256) and `result`. `sealed_for` is the hash of the version
    it was sealed for, `answered` of the one it stands for by its signed `confirmation`.
    """

    bid: str
    lot: str
    bidder_id: str
    bidder: str
    sha256: str
    size: int
    arrived_at: datetime
    state: str
    receipt: dict[str, Any]
    replaced_by: str | None = None
    withdrawn_at: datetime | None = None
    opened_by: str | None = None
    manifest: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    sealed_for: str | None = None
    answered: str | None = None
    confirmation: dict[str, Any] | None = None


@dataclass(frozen=True)
class Version:
    """A version of the tender's record: its hash, its deadline, what it asked of bids to older ones."""

    number: int
    hash: str
    deadline: datetime
    published_at: datetime
    consequence: str | None


@dataclass(frozen=True)
class Opening:
    """Everything that happened at an opening.

    `fewest` is the number of bids below which a lot fails (R-OPEN-04), `needed` the k of the keyholders. `finished_at`
    is when the last envelope was unwrapped, `closed_at` when the session ended. `present` are the bidders who signed
    in, `accepting` those who stayed away and so accept the result (R-OPEN-03).
    """

    tender: str
    number: str
    notice: str
    deadline: datetime
    fewest: int
    needed: int
    lots: Sequence[Lot]
    keyholders: Sequence[KeyHolder]
    begun_at: datetime
    finished_at: datetime
    presided_by: str
    turns: Sequence[Turn]
    envelopes: Sequence[Envelope]
    closed_at: datetime
    present: Sequence[str] = ()
    accepting: Sequence[str] = ()
    objections: Sequence[Objection] = ()
    absences: Sequence[Absence] = ()
    postponements: Sequence[Postponement] = ()
    versions: Sequence[Version] = ()
    part: str = "bid"
    """What the envelopes hold: bids, or the `final-offer`s of a consultation, which nobody attends."""


def opening_record(opening: Opening, master_salt: str) -> Record:
    """Return the full record, sealed. `master_salt` is 64 secret hex digits from which each place gets its own salt."""
    arrived = sorted(opening.envelopes, key=lambda one: (one.arrived_at, one.bid))
    full: Record = plain(
        {
            "kind": "opening",
            "version": 1,
            "form": "full",
            "part": opening.part,
            "tender": {name: getattr(opening, name) for name in ("number", "notice", "deadline", "fewest", "needed")}
            | {"id": opening.tender, "versions": [vars(one) for one in opening.versions]},
            "lots": [vars(one) for one in sorted(opening.lots, key=lambda one: one.position)],
            "keyholders": [vars(one) for one in opening.keyholders],
            "session": {
                name: getattr(opening, name)
                for name in ("begun_at", "finished_at", "closed_at", "presided_by", "present", "accepting")
            }
            | {
                name: [vars(one) for one in getattr(opening, name)]
                for name in ("objections", "absences", "postponements")
            },
            "turns": [vars(one) for one in opening.turns],
            "envelopes": [vars(one) for one in arrived],
        }
    )
    full["read_out"] = read_out_of(full)
    full["salts"] = salts_for(full, public_paths(full), master_salt)
    return seal(full)


def public_paths(full: Record) -> list[str]:
    """Return what the public form hides: people, the inside of bids, everything of bids that were never opened."""
    paths = ["/keyholders/*/holder", "/session/presided_by", "/session/present"]
    paths += ["/session/accepting", "/session/objections"]
    paths += [f"/session/absences/*/{name}" for name in ("reason", "reported_by", "confirmed_by")]
    for number, one in enumerate(full["envelopes"]):
        if one["state"] == "opened":
            paths.append(f"/envelopes/{number}/manifest")
        elif one["state"] not in READ:
            paths += [f"/envelopes/{number}/{name}" for name in one if name not in ("lot", "state")]
    return paths


def public_opening_record(full: Record) -> Record:
    """Return the public form of a full opening record, sealed."""
    return seal(redact(full, public_paths(full), full["salts"]))
