"""The order of a search by words: what matches best comes first, at no more cost than a look at a thousand rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select, union
from sqlalchemy import inspect as sa_inspect

T = TypeVar("T")
LOOKED_AT = 1000


@dataclass(frozen=True)
class Best:
    """How rows of a search are ordered: `order` puts what matches best first.

    Of more rows than can be looked at only the first found are put in order, and among them always the first that
    `surely` selects in the order of `along`, which must have an index: so a word that nearly every row holds costs no
    more than a rare one.
    """

    order: Sequence[Any]
    surely: ColumnElement[bool]
    along: Any

    def ordered(self, query: Select[T], *, counted: int | None = LOOKED_AT) -> Select[T]:
        """Return the query in this order; None where it is known to be short enough to be ordered whole.

        The query must need nothing but its own entity's columns for what it shows.
        """
        key = key_of(query)
        if counted is None:
            return query.order_by(*self.order, *key)
        plain = query.order_by(None).with_only_columns(*key)
        surely = plain.where(self.surely).order_by(self.along).limit(counted // 2)
        found = union(surely.subquery().select(), plain.limit(counted).subquery().select()).cte("found")
        shown: Select[T] = select(query.column_descriptions[0]["entity"])
        return shown.where(key[0].in_(select(found.c[0]))).order_by(*self.order, *key)


def key_of(query: Select[Any]) -> Sequence[Any]:
    """Return the key of what a query selects."""
    key: Sequence[Any] = sa_inspect(query.column_descriptions[0]["entity"]).primary_key
    return key
