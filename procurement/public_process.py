"""What of one purchase may be known to the public: plain facts from which notices and open data are made.

Nothing here knows a database. `queries/public` reads the facts; `ocds` makes releases and `notices` makes notices of
them. A fact that the law still withholds is either absent or carries the instant from which it may be known, and both
makers leave out what lies after their own present.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Party:
    """An organisation. `uscc` is its unified social credit code (统一社会信用代码); `key` where it has none."""

    key: str
    name: str
    uscc: str | None = None
    address: str = ""
    telephone: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Intention:
    """A published procurement intention (采购意向, R-TENDER-20); `month` is when buying should begin."""

    at: datetime
    title: str
    summary: str
    budget: Decimal
    month: date
    note: str = ""


@dataclass(frozen=True)
class Version:
    """The frozen record of the documents: number 1 is the first publication, each higher one an amendment.

    `record` is the tender's frozen record; `before` and `after` say in words what an amendment changed.
    """

    number: int
    at: datetime
    record: Mapping[str, Any]
    title: str = ""
    reason: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Change:
    """One thing that an amendment changed, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Enquiry:
    """A question about the documents with its published answer; who asked is nobody's business."""

    key: str
    asked_at: datetime
    question: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True)
class PublicBid:
    """A bid as the result notice shows it; never before (R-OPEN-02, R-SEC-03). `price` is yuan."""

    key: str
    lot: str
    bidder: Party
    arrived_at: datetime
    valid: bool
    price: Decimal | None


@dataclass(frozen=True)
class LotOpening:
    """How many bids were opened for a lot; known once the opening is over."""

    lot: str
    bids: int


@dataclass(frozen=True)
class Winner:
    """The award of a lot: who won at what price in yuan."""

    key: str
    lot: str
    supplier: Party
    amount: Decimal
    at: datetime
    bid: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """A result notice (R-AWARD-03): winners, the bids behind them, and the committee's names, public with it.

    Another one follows where an award did not stand and the next candidate won.
    """

    at: datetime
    winners: tuple[Winner, ...]
    bids: tuple[PublicBid, ...]
    committee: tuple[str, ...]
    failed_lots: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    """In words, whose award did not stand where another winner follows, and why."""
    chosen_by_purchaser: bool = False
    """Whether members were self-selected, which the notice must mark (R-COMM-04)."""


@dataclass(frozen=True)
class Ending:
    """How a purchase ended without a winner: failed (废标) or terminated (终止), with the reason everybody is told."""

    at: datetime
    failed: bool
    reason: str
    ground: str = ""


@dataclass(frozen=True)
class SoleSource:
    """The announcement of a single source before anything is talked about (R-NEG-03); `until` is its last day."""

    at: datetime
    until: date
    supplier: Party
    requirement: str
    budget: Decimal
    ground: str
    reason: str
    opinion: str


@dataclass(frozen=True)
class ComplaintOutcome:
    """What the finance authority decided about a complaint (R-REMEDY-03); `complainant` as far as it may be named."""

    at: datetime
    tender_number: str
    tender_title: str
    number: str
    authority: Party
    complainant: Party
    respondent: Party
    suppliers: tuple[Party, ...]
    matter: str
    findings: str
    outcome: str


@dataclass(frozen=True)
class PutOff:
    """The opening was put off until a later instant; bids were closed at the deadline all the same."""

    key: str
    at: datetime
    until: datetime
    reason: str


@dataclass(frozen=True)
class Revocation:
    """An award that did not stand, with its reason: after an upheld challenge or a winner who would not sign."""

    winner: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class PublicContract:
    """A contract as published (条例 art. 50): amounts in yuan. `at` is its publication."""

    key: str
    number: str
    title: str
    winner: str
    supplier: Party
    amount: Decimal
    signed_on: date
    at: datetime
    begins_on: date | None = None
    ends_on: date | None = None
    content: str = ""


@dataclass(frozen=True)
class ContractChange:
    """A supplement or the end of a contract."""

    key: str
    contract: str
    at: datetime
    reason: str
    amount: Decimal | None = None
    terminated: bool = False


@dataclass(frozen=True)
class Acceptance:
    """The acceptance of what was delivered (履约验收, R-CONTRACT-02)."""

    key: str
    contract: str
    at: datetime
    passed: bool
    summary: str
    held_on: date | None = None
    members: tuple[str, ...] = ()
    users: int = 0
    """How many users of the service took part; their names are not published."""


@dataclass(frozen=True)
class Payment:
    """Money paid under a contract, in yuan."""

    key: str
    contract: str
    at: datetime
    amount: Decimal
    payer: Party
    payee: Party


@dataclass(frozen=True)
class Process:
    """One purchase from intention to payment. Instants may lie ahead: what lies after the reader's present is left out.

    `method` is the value of `states.Method`, `words` what its papers are called; `previous` is the number of the failed
    purchase that this one repeats, `framework` that of the framework call it is called off from.
    """

    number: str
    title: str
    method: str
    method_name: str
    purchaser: Party
    url: str
    agent: Party | None = None
    agent_fee: str = ""
    intention: Intention | None = None
    versions: tuple[Version, ...] = ()
    enquiries: tuple[Enquiry, ...] = ()
    sole: SoleSource | None = None
    put_off: tuple[PutOff, ...] = ()
    opened_at: datetime | None = None
    opening: tuple[LotOpening, ...] = ()
    result: Result | None = None
    later_results: tuple[Result, ...] = ()
    ending: Ending | None = None
    revocations: tuple[Revocation, ...] = ()
    contracts: tuple[PublicContract, ...] = ()
    contract_changes: tuple[ContractChange, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    payments: tuple[Payment, ...] = ()
    previous: str | None = None
    framework: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    telephone: str = ""
