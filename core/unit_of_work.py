"""One commit point: a request, a job or a chunk of a long job is one unit of work.

Services take it as their first argument and never commit. It carries who acts, the time (read once), where ids come
from and the long-lived parts of the house; it buffers the audit entries and appends them as its last statements.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy.orm import Session, sessionmaker

from core.audit.log import Pending, append, plain
from core.clock import Clock, IdSource, RandomIds, read_clock
from core.database import Base, db
from core.events import Concluding, publish
from core.house import House
from core.identity.actor import SYSTEM, Actor

T = TypeVar("T")
B = TypeVar("B", bound=Base)


class Subject(Protocol):
    """Anything with an id that the audit log can be about.

    A part of something larger says of what in its property `hangs_on`: its deeds belong to that too.
    """

    id: Any


def reference(subject: Subject) -> str:
    """Return how the log names an object: `table:id`."""
    name = getattr(subject, "__tablename__", type(subject).__name__.lower())
    return f"{name}:{subject.id}"


class UnitOfWork:
    """Everything that happens together or not at all."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        house: House,
        *,
        clock: Clock | None = None,
        ids: IdSource | None = None,
    ) -> None:
        self.session = session
        self.actor = actor
        self.house = house
        self.ids = ids or RandomIds()
        self._clock = clock
        self._pending: list[Pending] = []
        self._after_commit: list[Callable[[], None]] = []

    @property
    def clock(self) -> Clock:
        """The time of this unit of work, read from the database on first use."""
        if self._clock is None:
            self._clock = read_clock(self.session)
        return self._clock

    @property
    def now(self) -> datetime:
        """The instant (UTC) everything in this unit of work happens at."""
        return self.clock.now

    @property
    def today(self) -> date:
        """The civil date in Shanghai."""
        return self.clock.today

    def add(self, row: B) -> B:
        """Add a new row, giving it an id from the id source if it has none yet."""
        if getattr(row, "id", None) is None and "id" in type(row).__table__.columns:
            row.id = self.ids.new()  # type: ignore[attr-defined]  # every Identified row has it
        self.session.add(row)
        return row

    def get(self, model: type[B], key: uuid.UUID | str | None) -> B | None:
        """Return the row with this id, or None."""
        return None if key is None else self.session.get(model, key)

    def lock(self, subject: Any) -> None:
        """Write pending changes, then lock the subject's row and read it again, until the end of the unit of work."""
        self.session.flush()
        self.session.refresh(subject, with_for_update={"of": type(subject)})

    def record(
        self,
        tag: str,
        subject: Subject | None,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        detail: Mapping[str, Any] | None = None,
        reason: str | None = None,
        about: tuple[Subject, ...] = (),
        personal: Mapping[uuid.UUID, Any] | None = None,
    ) -> None:
        """Note an audit entry `noun.deed`; it is appended to the chain if and only if this unit of work commits.

        `about` names further objects whose timeline shows it, beside those that the subject hangs on. Values about
        persons (names, addresses, telephone numbers) belong in `personal`, keyed by the person's id, never in the
        other arguments; secrets nowhere.
        """
        subjects = (subject, *about) if subject is not None else about
        if any(one.id is None for one in subjects):
            self.session.flush()
        named = {reference(one): None for subject in subjects for one in (subject, *getattr(subject, "hangs_on", ()))}
        body = {"before": before or {}, "after": after or {}, "detail": detail or {}, "reason": reason}
        self._pending.append(Pending(tag, list(named), plain(body), dict(personal or {})))

    def after_commit(self, deed: Callable[[], None]) -> None:
        """Do this once the unit of work is durable (never for anything that must not be lost: use a job)."""
        self._after_commit.append(deed)

    def commit(self) -> None:
        """Make everything durable: the one place in the application that commits."""
        if self._pending:
            publish(self, Concluding(tuple((one.tag, tuple(one.about)) for one in self._pending)))
        self.session.flush()
        if self._pending:
            append(self.session, self._pending, actor_id=self.actor.user_id, at=self.now)
            self._pending.clear()
        self.session.commit()
        self._clock = None  # the next chunk of a long job reads the time anew
        deeds, self._after_commit = self._after_commit, []
        for deed in deeds:
            deed()

    def end(self, *, keep: bool) -> None:
        """Make everything durable, or forget all of it."""
        if keep:
            self.commit()
        else:
            self.rollback()

    def __enter__(self) -> Self:
        """`with uow:` commits at the end of the block and forgets everything when it raises."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        self.end(keep=kind is None)

    def rollback(self) -> None:
        """Forget everything that was done in this unit of work."""
        self._pending.clear()
        self._after_commit.clear()
        self.session.rollback()


def independent_write(house: House, actor: Actor, deed: Callable[[UnitOfWork], T]) -> T:
    """Do one small write that must survive a rollback of its surroundings (failed sign-ins, refused access)."""
    session = sessionmaker(db.engine, join_transaction_mode="create_savepoint")()
    try:
        with UnitOfWork(session, actor, house) as uow:
            result = deed(uow)
    finally:
        session.close()
    return result


def system_work(house: House, *, ids: IdSource | None = None) -> UnitOfWork:
    """Return a unit of work in which the system itself acts: jobs, the command line, derived steps."""
    return UnitOfWork(db.session(), SYSTEM, house, ids=ids)
