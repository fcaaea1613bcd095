"""Time: read once per unit of work from the database, plus the demonstration's stored offset.

No other module asks for the present moment (a test looks). An instant is UTC; a civil date is Asia/Shanghai's.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Interval, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base

SHANGHAI = ZoneInfo("Asia/Shanghai")


class ClockSetting(Base):
    """The one row that shifts the demonstration's clock; zero in production."""

    __tablename__ = "clock_setting"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    offset: Mapped[timedelta] = mapped_column(Interval)


@dataclass(frozen=True)
class Clock:
    """The present of one unit of work: `now` is a UTC instant, `offset` how far the demonstration has moved it."""

    now: datetime
    offset: timedelta = field(default=timedelta(0))

    @property
    def wall(self) -> datetime:
        """The real instant: what sessions and tokens expire by, wherever the demonstration's clock stands."""
        return self.now - self.offset

    @property
    def today(self) -> date:
        """The civil date in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()


def read_clock(session: Session) -> Clock:
    """Ask the database for the time once; every later question in this unit of work gets the same answer."""
    shift = select(ClockSetting.offset).where(ClockSetting.id == 1).scalar_subquery()
    wall, kept = session.execute(select(func.clock_timestamp(), shift)).one()
    offset = kept or timedelta(0)
    return Clock(now=wall + offset, offset=offset)


def shanghai(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the instant of a civil date and clock time in Shanghai."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


class IdSource(Protocol):
    """Where ids come from: random in production, seeded in demonstrations and simulations."""

    def new(self) -> uuid.UUID:
        """Return a fresh id."""


class RandomIds:
    """Unguessable ids of version 4."""

    def new(self) -> uuid.UUID:
        """Return a fresh random id."""
        return uuid.uuid4()


class SeededIds:
    """The same ids for the same seed, so that a simulated run repeats to the byte."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, never a secret

    def new(self) -> uuid.UUID:
        """Return the next id of the sequence."""
        return uuid.UUID(int=self._random.getrandbits(128), version=4)
