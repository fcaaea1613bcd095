"""Moving the demonstration's clock; every move is in the audit log."""

from __future__ import annotations

import re
from datetime import timedelta

from core.clock import ClockSetting
from core.errors import Refusal, Refused
from core.house import House
from core.i18n import _l
from core.unit_of_work import UnitOfWork

UNITS = {"d": "days", "h": "hours", "m": "minutes"}
MOST = timedelta(days=3660)


def ensure_demonstration(house: House) -> None:
    """Raise `Refused` unless this is a demonstration on its own database, reached on this machine only."""
    if not house.settings.is_open_demonstration:
        raise Refused(Refusal(_l("只有本机演示环境才能使用此功能：外部数据库或对外开放的地址上一律停用")))


def parse_step(step: str) -> timedelta:
    """Read `+20d`, `3h`, `90m`; raises `Refused` for anything else."""
    found = re.fullmatch(r"\+?(\d{1,4})([dhm])", step.strip())
    if found is None:
        raise Refused(Refusal(_l("时间格式应为 20d、3h 或 90m"), field="advance"))
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def move_clock(uow: UnitOfWork, by: timedelta | None) -> timedelta:
    """Move the clock on by a span, or back to real time (None); return the new offset."""
    ensure_demonstration(uow.house)
    row = uow.session.get(ClockSetting, 1, with_for_update=True)
    before = row.offset if row else timedelta(0)
    after = timedelta(0) if by is None else before + by
    if after > MOST:
        raise Refused(Refusal(_l("演示时钟最多拨快十年"), field="advance"))
    uow.session.merge(ClockSetting(id=1, offset=after))
    uow.record("demo.move_clock", None, before={"offset": str(before)}, after={"offset": str(after)})
    return after
