"""Why an organisation may not bid for evaluating a project, and which bidders may not compete with each other.

Pure. R-PERF-13, R-AGENCY-04, R-AGENCY-05, R-AGENCY-21, R-TENDER-16, R-TENDER-17. A bidder's own ties are looked at
when it bids; ties between two bidders only once the bids are opened, because before that to refuse one would tell it
that the other has bid (docs/adr).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from procurement.states import ConductCode, RelationKind, ServiceKind

HELPED_PREPARE = frozenset(
    {
        ServiceKind.DESIGN,
        ServiceKind.SPECIFICATION,
        ServiceKind.MANAGEMENT,
        ServiceKind.SUPERVISION,
        ServiceKind.TESTING,
    }
)
"""Services after which one may not join the project's other purchases (R-TENDER-16); others: R-AGENCY-21."""


@dataclass(frozen=True)
class Relation:
    """A tie between two organisations; it holds both ways."""

    one: str
    other: str
    kind: RelationKind

    def partner(self, organisation: str) -> str | None:
        """Return the other end, or None when the organisation is at neither."""
        if organisation == self.one:
            return self.other
        return self.one if organisation == self.other else None


@dataclass(frozen=True)
class Service:
    """What an organisation did for a project."""

    organisation: str
    project: str
    kind: ServiceKind


@dataclass(frozen=True)
class Violation:
    """A violation on record; `banned_until` is the last day of a ban from procurement."""

    organisation: str
    code: ConductCode
    decided_on: date
    is_major: bool
    banned_until: date | None = None


@dataclass(frozen=True)
class BidderFacts:
    """What is known about one bidder and the projects of one lot."""

    bidder: str
    in_library: bool
    units: Collection[str]
    projects: Collection[str]
    relations: Sequence[Relation] = ()
    services: Sequence[Service] = ()
    violations: Sequence[Violation] = ()
    since: date = date.min
    """The first day of the look-back for violations (three years)."""


@dataclass(frozen=True)
class Conflict:
    """One reason, its rule, and what it rests on: a unit, a project, or nothing."""

    rule_id: str
    relation: RelationKind | None = None
    service: ServiceKind | None = None
    violation: Violation | None = None
    about: str = ""


@dataclass(frozen=True)
class Related:
    """Two bidders of one lot that may not compete (R-TENDER-16)."""

    one: str
    other: str
    kind: RelationKind = field(compare=False)


def conflicts(facts: BidderFacts, on: date) -> list[Conflict]:
    """Return every reason why the bidder may not bid on this day; empty when it may."""
    found = []
    for unit in sorted(facts.units):
        if unit == facts.bidder:
            found.append(Conflict("R-PERF-13", about=unit))
        found += [
            Conflict("R-PERF-13", relation=one.kind, about=unit)
            for one in facts.relations
            if one.partner(facts.bidder) == unit
        ]
    for service in facts.services:
        if service.organisation == facts.bidder and service.project in facts.projects:
            rule_id = "R-TENDER-16" if service.kind in HELPED_PREPARE else "R-AGENCY-21"
            found.append(Conflict(rule_id, service=service.kind, about=service.project))
    for one in facts.violations:
        if one.organisation == facts.bidder and counts(one, facts.since, on):
            found.append(Conflict(_violated(one, in_library=facts.in_library), violation=one))
    return found


def counts(violation: Violation, since: date, on: date) -> bool:
    """Whether a violation bars today: a ban in force, or a major one decided within the look-back."""
    banned = violation.banned_until is not None and violation.decided_on <= on <= violation.banned_until
    return banned or (violation.is_major and since <= violation.decided_on <= on)


def related_bidders(bidders: Collection[str], relations: Sequence[Relation], heads: Mapping[str, str]) -> list[Related]:
    """Return the pairs of bidders that may not compete: one head, direct control or management (R-TENDER-16).

    `heads` are the heads' names by organisation where known; two of the same name are one head until the examiner
    finds otherwise and records it.
    """
    found: dict[tuple[str, str], RelationKind] = {}
    for one, other in combinations(sorted(bidders), 2):
        if heads.get(one) and heads.get(one) == heads.get(other):
            found[one, other] = RelationKind.SAME_HEAD
    for tie in relations:
        pair = (min(tie.one, tie.other), max(tie.one, tie.other))
        if (
            tie.kind is not RelationKind.INTEREST
            and tie.one in bidders
            and tie.other in bidders
            and tie.one != tie.other
        ):
            found.setdefault(pair, tie.kind)
    return [Related(one, other, kind) for (one, other), kind in sorted(found.items())]


def years_from(day: date, years: int) -> date:
    """Return the same civil date some years later (or earlier); the last day of February for the 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _violated(violation: Violation, *, in_library: bool) -> str:
    if violation.code.rule_id == "R-AGENCY-05":
        return "R-AGENCY-05"
    return "R-AGENCY-04" if in_library else "R-TENDER-17"
