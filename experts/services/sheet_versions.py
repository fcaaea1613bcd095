"""The bureau's own versions of the score sheet (R-IND.sheet): drawn up before convening, kept for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from experts.models import SheetVersion
from experts.review_rules import LINES
from experts.services.sheets import STEP
from experts.terms import FULL, Line, newest_sheet

MOST_LINES = 12


@dataclass(frozen=True)
class TypedLine:
    """One line as typed; `key` is empty for a new one."""

    key: str
    title: str
    hint: str
    maximum: Decimal | None

    @property
    def points(self) -> str:
        """The maximum as it is typed."""
        return f"{self.maximum.normalize():f}" if self.maximum is not None else ""


def keep_sheet(uow: UnitOfWork, typed: Sequence[TypedLine]) -> SheetVersion:
    """Keep a new version of the sheet; reviews already convened keep theirs.

    Raises `Refused` unless the lines are named, worth points and add to 100.
    """
    lines = [one for one in typed if one.title.strip() or one.maximum is not None]
    refusals = []
    if not lines or len(lines) > MOST_LINES:
        refusals.append(Refusal(_l("评审表须有 1 至 %(most)s 项", most=MOST_LINES), "R-IND.sheet"))
    if any(not one.title.strip() for one in lines):
        refusals.append(Refusal(_l("每一项都要有名称"), "R-IND.sheet"))
    titles = [one.title.strip() for one in lines]
    if len(set(titles)) < len(titles):
        refusals.append(Refusal(_l("各项名称不能重复"), "R-IND.sheet"))
    if any(one.maximum is None or one.maximum <= 0 or one.maximum % STEP for one in lines):
        refusals.append(Refusal(_l("每一项的满分须大于 0，以 0.5 分为单位"), "R-IND.sheet"))
    total = sum((one.maximum or Decimal(0) for one in lines), Decimal(0))
    if not refusals and total != FULL:
        refusals.append(
            Refusal(_l("各项满分合计为 %(total)s，应为 100", total=f"{total.normalize():f}"), "R-IND.sheet")
        )
    if refusals:
        raise Refused(*refusals)
    # A lock for the numbering alone: two versions kept at once must not get one number.
    uow.session.execute(select(func.pg_advisory_xact_lock(0x534845)))
    before = newest_sheet(uow)
    version = uow.add(
        SheetVersion(
            number=(before.number if before is not None else 0) + 1,
            lines=[one.body() for one in _kept(lines)],
            made_at=uow.now,
            made_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    uow.record("review_sheet.keep", version, after={"number": version.number, "lines": len(lines)})
    return version


def _kept(lines: Sequence[TypedLine]) -> list[Line]:
    """Give every line a key; what still reads as the rule book has it keeps the rule book's words in both languages."""
    known = {key: (str(title), str(hint)) for key, title, hint in LINES}
    taken = {one.key for one in lines if one.key}
    kept = []
    for one in lines:
        title, hint = one.title.strip(), one.hint.strip()
        key = one.key or next(name for number in range(1, 99) if (name := f"line{number}") not in taken)
        taken.add(key)
        if known.get(key) == (title, hint):
            title = hint = ""
        kept.append(Line(key, title, hint, one.maximum or Decimal(0)))
    return kept
