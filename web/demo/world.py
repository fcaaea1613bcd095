"""The demonstration's world: who and what there is, and how its past is acted out through the services."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from agencies.models import Agency
from core.clock import SHANGHAI, Clock, IdSource, read_clock
from core.house import House
from core.identity.actor import SYSTEM, Actor, actor_for
from core.identity.models import Organisation, User
from core.unit_of_work import UnitOfWork
from projects.models import Project

_SATURDAY = 5
_WEEKEND_HOURS = ((time(17), time(17, 15)), (time(17, 15), time(17, 30)))
DOMAIN = "chenghu.example"
"""The mail domain of every demonstration user."""


@dataclass
class World:
    """What the packages' `demonstration.populate` find and use.

    `users` by key (the mail's local part), `organisations` by key (`bureau`, `education`, …; agencies `agency-1` …
    `agency-24`), `managers` the manager of each agency in the same order as `agencies`. `random` is seeded: everything
    that is chosen is chosen with it.
    """

    session: Session
    house: House
    ids: IdSource
    random: random.Random
    now: datetime
    users: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    projects: list[Project] = field(default_factory=list)
    agencies: list[Agency] = field(default_factory=list)
    managers: list[User] = field(default_factory=list)

    @contextlib.contextmanager
    def acting(self, who: User | str | None, *, days: float = 0, hours: float = 0) -> Iterator[UnitOfWork]:
        """Let a person (None: the system) act at a moment `days` and `hours` from now (negative: in the past).

        Everything done in the block is committed together at its end, with that moment as its time.
        """
        instant = self.now + timedelta(days=days, hours=hours)
        with UnitOfWork(self.session, self._actor(who), self.house, clock=Clock(now=instant), ids=self.ids) as uow:
            yield uow

    @contextlib.contextmanager
    def at_desk(self, who: User | str | None, *, days: float = 0) -> Iterator[UnitOfWork]:
        """Let a person act about `days` from now, at an hour when offices are open; earlier stays earlier."""
        moment = office_moment(self.now + timedelta(days=days), self.now)
        with self.acting(who, hours=(moment - self.now) / timedelta(hours=1)) as uow:
            yield uow

    def _actor(self, who: User | str | None) -> Actor:
        if who is None:
            return SYSTEM
        user = self.users[who] if isinstance(who, str) else who
        actor = actor_for(self.session, user.id)
        if actor is None:
            raise LookupError(f"{user.email} is not active")
        return actor


def office_moment(moment: datetime, now: datetime) -> datetime:
    """Return a moment between 9:00 and 18:00 of a Monday to Friday for any moment of the past.

    Two moments keep their order. A weekend is worked on the Friday before; today ends at `now`, and before nine o'clock
    (or on a weekend) what would be today is the last thing of the last working day.
    """
    local, present = moment.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    start = datetime.combine(local.date(), time(), tzinfo=SHANGHAI)
    day, share, hours = local.date(), (local - start) / timedelta(days=1), (time(9), time(17))
    if day == present.date():
        share = (local - start) / (present - start) if present > start else 0
        hours = (time(9), min(present.time(), time(17))) if present.time() > time(9) else (time(17, 30), time(18))
    if day.weekday() >= _SATURDAY:
        hours = _WEEKEND_HOURS[day.weekday() - _SATURDAY]
        day -= timedelta(days=day.weekday() - _SATURDAY + 1)
    elif hours[0] > time(9):
        day -= timedelta(days=3 if day.weekday() == 0 else 1)
    first, last = (datetime.combine(day, one, tzinfo=SHANGHAI) for one in hours)
    return (first + share * (last - first)).astimezone(UTC)


def new_world(session: Session, house: House, ids: IdSource, seed: int) -> World:
    """Return an empty world at the database's present."""
    return World(
        session=session,
        house=house,
        ids=ids,
        random=random.Random(seed),  # noqa: S311 - a repeatable demonstration, no secret
        now=read_clock(session).now,
    )
