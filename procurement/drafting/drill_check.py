"""Which keyholders have shown that their key works; publication is warned of the others (R-KEY-01)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core.clock import SHANGHAI, shanghai
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.lines import RuleLine
from procurement.models import KeyDrill, Keyholder, Tender


def drill_lines(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Return whether every registered key has passed its drill; a missing one warns and never blocks."""
    registered = [one for one in tender.keyholders if one.public_key]
    if not registered:
        return []
    passed = passed_drills(uow, tender)
    waiting = "、".join(one.user.name for one in registered if one.id not in passed)
    if waiting:
        words = _l("尚未演练解封：%(names)s。发布之后不能再换密钥，请先演练", names=waiting)
        return [RuleLine("R-KEY-01", "warn", words, "keyholders")]
    return [RuleLine("R-KEY-01", "ok", _l("密钥持有人都已演练解封"))]


def passed_drills(uow: UnitOfWork, tender: Tender) -> Mapping[uuid.UUID, datetime]:
    """Return when each keyholder last passed a drill with the key registered now."""
    rows = uow.session.execute(
        select(KeyDrill.keyholder_id, func.max(KeyDrill.passed_at))
        .join(Keyholder, Keyholder.id == KeyDrill.keyholder_id)
        .where(
            KeyDrill.tender_id == tender.id,
            KeyDrill.passed_at.is_not(None),
            KeyDrill.fingerprint == Keyholder.fingerprint,
        )
        .group_by(KeyDrill.keyholder_id)
    )
    return {keyholder_id: passed_at for keyholder_id, passed_at in rows if passed_at is not None}


def stale_drills(uow: UnitOfWork, tender: Tender) -> frozenset[uuid.UUID]:
    """Return the keyholders whose drill was passed with a key that an amendment or they themselves replaced since."""
    passed = passed_drills(uow, tender)
    rows = uow.session.scalars(
        select(KeyDrill.keyholder_id)
        .join(Keyholder, Keyholder.id == KeyDrill.keyholder_id)
        .where(
            KeyDrill.tender_id == tender.id,
            KeyDrill.passed_at.is_not(None),
            KeyDrill.fingerprint != Keyholder.fingerprint,
        )
    )
    return frozenset(rows) - passed.keys()


def second_drill_from(deadline: datetime) -> datetime:
    """Return when the drill before the opening begins: the start of the day before, in Shanghai."""
    return shanghai(deadline.astimezone(SHANGHAI).date() - timedelta(days=1))


def drill_due(tender: Tender, last: datetime | None, now: datetime) -> bool:
    """Whether a keyholder with a registered key should drill now: never yet, or not again since the day before."""
    if tender.deadline is None or tender.published_at is None:
        return last is None
    if now >= tender.deadline:
        return False
    start = second_drill_from(tender.deadline)
    return last is None or (now >= start and last < start)
