"""What is compared: one folder for each opened bid of a lot, its papers as read, and what the house itself knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from procurement.states import Sign, SignWeight


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, or one row of a table (its cells divided by tabs).

    `page` counts from 1 and is None where the format knows no pages; `number` counts paragraphs from 1, within the
    page where there is one. `heading` is the last heading before it.
    """

    text: str
    page: int | None
    number: int
    heading: str = ""


@dataclass(frozen=True)
class Paper:
    """One file of a bid as read. `properties` are what its metadata say, by the names of `metadata`."""

    document: str
    name: str
    sha256: str
    size: int
    passages: tuple[Passage, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def letters(self) -> int:
        """How much text it holds."""
        return sum(len(one.text) for one in self.passages)


@dataclass(frozen=True, slots=True)
class Known:
    """A person the house knows of a bidder from its own records; `where` says from which."""

    name: str
    where: str


@dataclass(frozen=True)
class Folder:
    """One opened bid with everything that may be compared; `members` are names and codes bidding together with it."""

    bid: str
    bidder: str
    uscc: str = ""
    price: Decimal | None = None
    papers: tuple[Paper, ...] = ()
    members: tuple[tuple[str, str], ...] = ()
    people: tuple[Known, ...] = ()
    submitter: str = ""
    address: str = ""
    device: str = ""
    payment: str = ""
    """The voucher number of its deposit, as stated; `account` and `payer` say from where it was paid."""
    account: str = ""
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in one bid; `document` is empty for what the house itself recorded."""

    bid: str
    text: str
    document: str = ""
    name: str = ""
    page: int | None = None
    number: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain values, as they are kept with the signal."""
        return {field: getattr(self, field) for field in self.__slots__}


@dataclass(frozen=True)
class Hit:
    """A sign found: which bids share what, how much it weighs, and every place.

    `key` tells two hits of one sign apart; `groups` are the places side by side, one list for each thing shared, each
    with one place of every bid. `facts` are figures that explain it, by name.
    """

    sign: Sign
    weight: SignWeight
    bids: tuple[str, ...]
    key: str
    value: str
    groups: tuple[tuple[Place, ...], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
