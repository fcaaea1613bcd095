"""How an agency stands in the library on a day, from the decisions about it. Pure; nothing of it is stored.

A suspension holds from its first to its last day and ends by itself, one without a last day until a return is decided.
A removal and a voluntary leave hold until a return; who was removed may apply for it once the period has passed. Where
several hold at once the gravest is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from agencies.states import Standing, StandingKind

GRAVITY = (StandingKind.SUSPENSION, StandingKind.LEAVE, StandingKind.REMOVAL)
"""From the lightest to the gravest."""

MEANING = {
    StandingKind.SUSPENSION: Standing.SUSPENDED,
    StandingKind.LEAVE: Standing.LEFT,
    StandingKind.REMOVAL: Standing.REMOVED,
}


@dataclass(frozen=True)
class Decided:
    """A decision in force: from when, until when (a removal: until when nobody may apply to return), why, by what rule.

    `order` tells apart what begins on one day: the later decision counts after the earlier.
    """

    id: str
    kind: StandingKind
    begins_on: date
    ends_on: date | None
    rule_id: str
    reason: str = ""
    order: int = 0


@dataclass(frozen=True)
class StandingOn:
    """The standing on a day, what it rests on, its last day (None: open), and from when a return may be applied for."""

    standing: Standing
    cause: Decided | None = None
    until: date | None = None
    may_return_from: date | None = None

    @property
    def is_full(self) -> bool:
        """Whether nothing stands against the agency."""
        return self.standing is Standing.IN_LIBRARY


def standing_on(decisions: Iterable[Decided], day: date) -> StandingOn:
    """Return the standing on a day from every decision that is in force, in any order."""
    begun = [one for one in decisions if one.begins_on <= day]
    begun.sort(key=lambda one: (one.begins_on, one.order, one.id))
    held: list[Decided] = []
    for one in begun:
        if one.kind is StandingKind.RETURN:
            held.clear()
        elif one.kind is not StandingKind.SUSPENSION or one.ends_on is None or day <= one.ends_on:
            held.append(one)
    if not held:
        return StandingOn(Standing.IN_LIBRARY)
    cause = max(held, key=lambda one: (GRAVITY.index(one.kind), one.ends_on or date.max, one.begins_on, one.order))
    until = cause.ends_on if cause.kind is StandingKind.SUSPENSION else None
    return StandingOn(MEANING[cause.kind], cause, until, return_from(cause))


def return_from(cause: Decided) -> date | None:
    """Return from when a return may be applied for; None where the suspension ends by itself."""
    if cause.kind is StandingKind.REMOVAL:
        return cause.ends_on + timedelta(days=1) if cause.ends_on else cause.begins_on
    if cause.kind is StandingKind.SUSPENSION and cause.ends_on is not None:
        return None
    return cause.begins_on
