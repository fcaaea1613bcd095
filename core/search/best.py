"""The order of a search by words: what matches best comes first, at no more cost than a look at some hundred rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, SelectBase, Subquery, func, select
from sqlalchemy import inspect as sa_inspect

from core.i18n import Text

T = TypeVar("T")
LOOKED_AT = 300


@dataclass(frozen=True)
class Best:
    """The rows a search looks at: `candidates` selects their key, then what they are ordered by, smallest first.

    It selects some hundred at most, by an index, and sees to it that what must not be missed is among them: so a word
    that nearly every row holds costs no more than a rare one. `more` says that others were not looked at, `note` tells
    the reader which were.
    """

    candidates: SelectBase
    more: ColumnElement[bool]
    note: Text

    def page(self, limit: int, offset: int = 0) -> Subquery:
        """Return the keys of a page of the best with their order, how many were `counted`, if there is `more`."""
        found = self.candidates.cte("found")
        counted = select(func.count()).select_from(found).scalar_subquery()
        columns = list(found.c)
        ordered = select(*columns, counted.label("counted"), self.more.label("more"))
        return ordered.order_by(*columns[1:], columns[0]).limit(limit).offset(offset).subquery("page")

    def top(self, entity: type[T], limit: int) -> Select[T]:
        """Return the rows that match best, for a search that shows only a few."""
        page = self.page(limit)
        return select(entity).join(page, self.key(entity) == page.c[0]).order_by(*ordering(page))

    @staticmethod
    def key(entity: Any) -> Any:
        """Return the column by which rows of an entity are known."""
        return sa_inspect(entity).primary_key[0]


def ordering(page: Subquery) -> Sequence[Any]:
    """Return by what a page of the best is ordered."""
    columns = list(page.c)[:-2]
    return [*columns[1:], columns[0]]
