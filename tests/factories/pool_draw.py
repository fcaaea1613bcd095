"""A committee drawn from the bureau's own pool for tests: tender, pool, people, taken as far as asked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from werkzeug.datastructures import FileStorage

from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.services.draw_steps import promise_entropy, reveal_entropy
from experts.states import Category
from procurement.models import CommitteeCall, CommitteeInvitee, Tender
from procurement.queries.pool_draw import invitees_of
from procurement.services.pool_draw import CallEntry, lock_call, plan_call
from procurement.services.pool_invitations import PoolAnswer, accept
from procurement.services.pool_screening import draws_of_call
from procurement.states import InviteeState, TenderState
from tests.factories.awards import acting, opened_by_rows
from tests.factories.experts import pool_of
from tests.factories.identity import make_user

PHRASES = ("the officer's dice 5 2 6 1 4", "the observer's dice 3 3 4 6 2")
CONFIRMED = PoolAnswer(is_confirmed=True)


def published_by_rows(uow: UnitOfWork, *, due_in: timedelta = timedelta(hours=20), **values) -> Tender:
    """A tender whose bids are due soon: nothing is opened yet."""
    deadline = uow.now + due_in
    changes = {"state": TenderState.PUBLISHED, "opened_at": None, "deadline": deadline, **values}
    return opened_by_rows(uow, prices=(), **changes)


def call_entry(uow: UnitOfWork, **changes) -> CallEntry:
    """Five experts, two of them in performance, that break no rule."""
    values = {
        "size": 5,
        "reserves": 4,
        "minimums": {Category.PERFORMANCE.value: 2},
        "starts_at": uow.now + timedelta(hours=20),
        "place": "区行政中心三楼评标室",
        "fee": Decimal(800),
        "answer_hours": 6,
        **changes,
    }
    return CallEntry(**values)


class PoolHall:
    """Everybody around one draw."""

    def __init__(
        self,
        uow: UnitOfWork,
        tender: Tender | None = None,
        *,
        pool: int = 16,
        consent: FileStorage | None = None,
        **changes,
    ) -> None:
        self.uow = uow
        self.tender = tender or published_by_rows(uow)
        self.pool = pool_of(uow, pool)
        self.observer = make_user(uow, Role.OBSERVER)
        self.officer = self.tender.drafted_by
        entry = call_entry(uow, **changes)
        self.call: CommitteeCall = plan_call(acting(uow, self.officer), self.tender, entry, consent)

    def lock(self) -> PoolHall:
        """The officer locks the plan."""
        lock_call(acting(self.uow, self.officer), self.call)
        return self

    def draw(self) -> PoolHall:
        """Lock, and both sides promise and reveal."""
        self.lock()
        draw = draws_of_call(self.uow, self.call)[-1]
        people = (self.officer, self.observer)
        for user, phrase in zip(people, PHRASES, strict=True):
            promise_entropy(acting(self.uow, user), draw, phrase=phrase)
        for user, phrase in zip(people, PHRASES, strict=True):
            reveal_entropy(acting(self.uow, user), draw, phrase)
        return self

    def in_state(self, state: InviteeState) -> list[CommitteeInvitee]:
        """Those in this state."""
        return [one for one in invitees_of(self.uow, self.call) if one.state is state]

    def as_expert(self, invitee: CommitteeInvitee) -> UnitOfWork:
        """A unit of work of the invited expert."""
        return acting(self.uow, invitee.expert.user)

    def accept_all(self) -> PoolHall:
        """Everybody invited accepts."""
        for invitee in self.in_state(InviteeState.INVITED):
            accept(self.as_expert(invitee), invitee, CONFIRMED)
        return self
