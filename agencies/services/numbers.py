"""Numbers of the year for papers of the library, such as 违〔2026〕3号."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from core.unit_of_work import UnitOfWork

LOCK = 0x4147454E


def next_paper_number(uow: UnitOfWork, column: Any, word: str) -> str:
    """Return the next number of this year in a column of numbers made here."""
    # A lock for the numbering alone: two papers made at once must not get one number.
    uow.session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    uow.session.flush()
    head = f"{word}〔{uow.today.year}〕"
    taken = uow.session.scalar(select(func.count()).where(column.like(f"{head}%"))) or 0
    return f"{head}{taken + 1}号"
