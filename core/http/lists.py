"""Lists: filters, sorting and paging from the URL, so that a list can be bookmarked and returned to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request
from sqlalchemy import Select, func, select
from sqlalchemy import inspect as sa_inspect

from core.i18n import Text
from core.unit_of_work import UnitOfWork

T = TypeVar("T")
PER_PAGE = 25


@dataclass(frozen=True)
class Filter:
    """A filter of a list: its name in the URL, its title and the values offered as `(value, label)`."""

    name: str
    title: Text
    choices: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of a list with what its table shows around it."""

    rows: Sequence[T]
    total: int
    page: int
    pages: int
    text: str
    sort: str
    filters: Sequence[Filter] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    def url(self, **changes: Any) -> str:
        """Return this list's address with some of its parameters changed; None removes one."""
        current = {"q": self.text, "sort": self.sort, **self.values, **changes}
        kept = {name: value for name, value in current.items() if value not in (None, "", 1)}
        return f"{request.path}?{urlencode(kept)}" if kept else request.path

    def sorted_by(self, name: str) -> str | None:
        """Return `ascending` or `descending` when the list is sorted by this column."""
        if self.sort == name:
            return "ascending"
        return "descending" if self.sort == f"-{name}" else None

    def sort_url(self, name: str) -> str:
        """Return the address that sorts by this column, or turns the order round."""
        return self.url(sort=f"-{name}" if self.sort == name else name, page=None)


def asked(name: str) -> str:
    """Return a parameter of the URL without surrounding space; empty when it is not there."""
    return (request.args.get(name) or "").strip()


def listing(
    uow: UnitOfWork,
    query: Select[T],
    *,
    sortable: Mapping[str, Any],
    default: str,
    filters: Sequence[Filter] = (),
    per_page: int = PER_PAGE,
) -> Listing[T]:
    """Run a list's query for the page that the URL asks for: two queries, whatever the length of the list.

    `sortable` names the columns by which the URL may sort (`sort=name` or `sort=-name`); anything else, and a page
    beyond the end, falls back to what exists.
    """
    sort = asked("sort")
    if sort.removeprefix("-") not in sortable:
        sort = default
    column = sortable[sort.removeprefix("-")]
    total = uow.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    # The key last, so that rows with equal values keep their order from page to page.
    entity = query.column_descriptions[0]["entity"]
    ordered = query.order_by(column.desc() if sort.startswith("-") else column.asc(), *sa_inspect(entity).primary_key)
    rows = uow.session.scalars(ordered.limit(per_page).offset((page - 1) * per_page)).unique().all()
    values = {one.name: asked(one.name) for one in filters if asked(one.name)}
    return Listing(rows, total, page, pages, asked("q"), sort, filters, values)
