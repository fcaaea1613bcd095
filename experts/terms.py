"""What a review goes by, frozen when convened: its score sheet and the numbers that decide (R-IND.sheet, R-IND.pass).

The rule book proposes; the bureau may draw up its own version of the sheet beforehand. What was convened under one
version is judged by it to the end, whatever is changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.i18n import Text
from core.unit_of_work import UnitOfWork
from experts.models import Review, SheetVersion
from experts.review_rules import LINES, review_rules

FULL = Decimal(100)
_RULE_BOOK = {key: (title, hint) for key, title, hint in LINES}


@dataclass(frozen=True)
class Line:
    """One line of a sheet: its key, its words (empty: the rule book's for this key) and its points."""

    key: str
    title: str
    hint: str
    maximum: Decimal

    @property
    def label(self) -> Text:
        """The title in the reader's language where the rule book has it."""
        return self.title or _RULE_BOOK.get(self.key, (self.key, ""))[0]

    @property
    def says(self) -> Text:
        """What to look at."""
        return self.hint or (_RULE_BOOK[self.key][1] if self.key in _RULE_BOOK and not self.title else "")

    @property
    def points(self) -> str:
        """The maximum as it is written: 20, 7.5."""
        return f"{self.maximum.normalize():f}"

    def body(self) -> dict[str, str]:
        """Return the line as it is stored."""
        return {"key": self.key, "title": self.title, "hint": self.hint, "maximum": self.points}


@dataclass(frozen=True)
class Terms:
    """The sheet and the numbers of one review; `number` is the sheet's version, 0 for the rule book's own."""

    lines: tuple[Line, ...]
    number: int
    pass_from: Decimal
    return_below: Decimal
    vetoes_one_in: int
    quorum_of_three: int

    @property
    def sheet(self) -> Mapping[str, Decimal]:
        """The most points of each line."""
        return {one.key: one.maximum for one in self.lines}

    @property
    def rows(self) -> list[tuple[str, Text, Text]]:
        """Key, title and hint of each line, for pages and forms."""
        return [(one.key, one.label, one.says) for one in self.lines]

    def body(self) -> dict[str, Any]:
        """Return the terms as a review keeps them."""
        return {
            "sheet": self.number,
            "lines": [one.body() for one in self.lines],
            "pass_from": str(self.pass_from),
            "return_below": str(self.return_below),
            "vetoes_one_in": self.vetoes_one_in,
            "quorum_of_three": self.quorum_of_three,
        }


def read_lines(rows: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Read stored lines."""
    return tuple(Line(row["key"], row["title"], row["hint"], Decimal(row["maximum"])) for row in rows)


def newest_sheet(uow: UnitOfWork) -> SheetVersion | None:
    """Return the bureau's newest version of the sheet, or None while the rule book's stands."""
    return uow.session.scalar(select(SheetVersion).order_by(SheetVersion.number.desc()).limit(1))


def terms_in_force(uow: UnitOfWork) -> Terms:
    """Return what a review convened now would go by."""
    rules, version = review_rules(uow), newest_sheet(uow)
    lines = (
        read_lines(version.lines)
        if version is not None
        else tuple(Line(key, "", "", rules.sheet[key]) for key, _title, _hint in LINES)
    )
    return Terms(
        lines,
        version.number if version is not None else 0,
        rules.pass_from,
        rules.return_below,
        rules.vetoes_one_in,
        rules.quorum_of_three,
    )


def terms_of(uow: UnitOfWork, review: Review) -> Terms:
    """Return what this review goes by; one convened before terms were frozen goes by those in force."""
    kept = review.terms
    if not kept:
        return terms_in_force(uow)
    return Terms(
        read_lines(kept["lines"]),
        int(kept["sheet"]),
        Decimal(kept["pass_from"]),
        Decimal(kept["return_below"]),
        int(kept["vetoes_one_in"]),
        int(kept["quorum_of_three"]),
    )
