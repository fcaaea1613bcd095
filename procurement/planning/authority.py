"""Whether a person's level covers an amount: read from grants and substitutions (R-SEC-02.levels)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.errors import Refusal
from core.i18n import _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from procurement.models import ApprovalGrant, ApprovalSubstitute
from procurement.planning.levels import Substitution, level_needed, level_of

RULE = "R-SEC-02.levels"


@dataclass(frozen=True)
class Authority:
    """Everybody's level today with the limits (yuan) of the first and second level. Empty grants: not yet set up."""

    own: Mapping[uuid.UUID, int]
    substitutions: tuple[Substitution, ...]
    limits: tuple[Decimal, Decimal]
    day: date

    def needed(self, amount: Decimal) -> int:
        """Return the level that approves this amount."""
        return level_needed(amount, self.limits)

    def covers(self, person: uuid.UUID | None, amount: Decimal) -> bool:
        """Whether this person may approve this amount today; anybody may until levels are set up."""
        if not self.own:
            return True
        return person is not None and self.level(person)[0] >= self.needed(amount)

    def level(self, person: uuid.UUID) -> tuple[int, uuid.UUID | None]:
        """Return a person's level today and from whom it is lent."""
        return level_of(person, self.own, self.substitutions, self.day)


def authority(uow: UnitOfWork) -> Authority:
    """Read grants, substitutions and limits: three queries."""
    book, local, today = uow.house.rules, overrides(uow), uow.today
    grants = {one.user_id: one.level for one in uow.session.scalars(select(ApprovalGrant))}
    standing = select(ApprovalSubstitute).where(
        ApprovalSubstitute.ended_at.is_(None), ApprovalSubstitute.last_on >= today
    )
    return Authority(
        own=grants,
        substitutions=tuple(
            Substitution(one.absent_id, one.substitute_id, one.first_on, one.last_on)
            for one in uow.session.scalars(standing)
        ),
        limits=(
            book.number(RULE, "first_level_max", on=today, overrides=local),
            book.number(RULE, "second_level_max", on=today, overrides=local),
        ),
        day=today,
    )


def beyond_authority(uow: UnitOfWork, amount: Decimal) -> Refusal | None:
    """Return why the actor may not approve this amount (yuan), or None."""
    found = authority(uow)
    if found.covers(uow.actor.user_id, amount):
        return None
    words = _l(
        "金额 %(amount)s 元须由 %(level)s 级审批人或其代理人审批", amount=f"{amount:,.2f}", level=found.needed(amount)
    )
    return Refusal(words, rule_id=RULE)
