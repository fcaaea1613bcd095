"""What the indicators look at: each lot of a purchase as one contest, as it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Offer:
    """One bid. `tenderers` are organisations' ids, several where they bid together; `price` is yuan."""

    tenderers: tuple[str, ...]
    status: str
    price: Decimal | None = None
    received: datetime | None = None
    key: str = ""

    @property
    def is_submitted(self) -> bool:
        """Whether it was handed in: neither an invitation nor withdrawn."""
        return self.status not in ("invited", "withdrawn")


@dataclass(frozen=True)
class Contest:
    """One lot of one purchase; `winners` are the suppliers of its active awards, one tuple an award.

    `final` is False while an award is pending. `bidders` is how many bid, where only the number is published.
    `sectors` classify what was bought; `decided` once a result was published.
    """

    process: str
    lot: str
    method: str = ""
    method_name: str = ""
    buyer: str = ""
    entity: str = ""
    price_only: bool = False
    opened: datetime | None = None
    closes: datetime | None = None
    bidders: int | None = None
    offers: tuple[Offer, ...] = ()
    winners: tuple[tuple[str, ...], ...] = ()
    final: bool = True
    sectors: tuple[str, ...] = ()
    decided: bool = False

    def with_fallen(self, opened: Sequence[Offer]) -> Contest:
        """Return it with the opened bids that the result does not name: they fell. Nothing is added before a result.

        The public learns only how many fell; who they were and what they offered the house alone knows.
        """
        known = {one.key for one in self.offers}
        fallen = tuple(replace(one, status="disqualified") for one in opened if one.key not in known)
        return replace(self, offers=self.offers + fallen) if self.decided else self

    @property
    def submitted(self) -> list[Offer]:
        """The bids handed in."""
        return [one for one in self.offers if one.is_submitted]

    @property
    def valid(self) -> list[Offer]:
        """The bids that were valid."""
        return [one for one in self.offers if one.status == "valid"]

    @property
    def only_winner(self) -> str | None:
        """The supplier of the only active award, None for several or where they won together."""
        if len(self.winners) != 1 or len(self.winners[0]) != 1:
            return None
        return self.winners[0][0]


@dataclass(frozen=True)
class Flag:
    """One indicator that applies: to a contest, or to an organisation in the role `tenderer`, `buyer` or `entity`.

    `value` is the indicator's own (a number of days, a share, a count); `facts` are figures that explain it by name;
    `contests` are the purchases it rests on, as (process, lot).
    """

    code: str
    value: Fraction
    process: str = ""
    lot: str = ""
    organisation: str = ""
    role: str = ""
    organisations: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    contests: tuple[tuple[str, str], ...] = ()
