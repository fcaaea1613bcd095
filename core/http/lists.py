"""Lists: filters, sorting and paging from the URL, so that a list can be bookmarked and returned to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request
from sqlalchemy import Select, func, select

from core.i18n import Text
from core.search import Best, key_of
from core.unit_of_work import UnitOfWork

T = TypeVar("T")
PER_PAGE = 25
COUNTED = 1000
"""How far a list is counted: of a longer one it is said that there are more, and its last page is not known."""


@dataclass(frozen=True)
class Filter:
    """A filter of a list: its name in the URL, its title and the values offered as `(value, label)`."""

    name: str
    title: Text
    choices: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of a list with what its table shows around it.

    `more` says that there are more rows than the `total` that was counted; `usual` is the order the list has when the
    address names none.
    """

    rows: Sequence[T]
    total: int
    page: int
    pages: int
    text: str
    sort: str
    filters: Sequence[Filter] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    more: bool = False
    usual: str = ""
    has_next: bool = False

    @property
    def chosen(self) -> str:
        """The order that was asked for, empty where it is the usual one."""
        return self.sort if self.sort != self.usual else ""

    def url(self, **changes: Any) -> str:
        """Return this list's address with some of its parameters changed; None removes one."""
        current = {"q": self.text, "sort": self.chosen, **self.values, **changes}
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
    best: Best | None = None,
) -> Listing[T]:
    """Run a list's query for the page that the URL asks for: two queries, whatever the length of the list.

    `sortable` names the columns by which the URL may sort (`sort=name` or `sort=-name`); anything else, and a page
    beyond the end, falls back to what exists. `best` is the order of a search by words while no other is asked for. A
    list longer than `COUNTED` rows is not counted to its end; its pages go on as long as there are rows.
    """
    usual = "best" if best else default
    sort = asked("sort") or usual
    if sort.removeprefix("-") not in sortable:
        sort = usual
    # The key last, so that rows with equal values keep their order from page to page.
    key = key_of(query)
    counted = query.order_by(None).limit(COUNTED + 1).subquery()
    found = uow.session.scalar(select(func.count()).select_from(counted)) or 0
    total, more = min(found, COUNTED), found > COUNTED
    if best and sort == "best":
        ordered = best.ordered(query, counted=COUNTED if more else None)
        more_pages = False
    else:
        column = sortable[sort.removeprefix("-")]
        ordered = query.order_by(column.desc() if sort.startswith("-") else column.asc(), *key)
        more_pages = more
    pages = max(1, -(-total // per_page))
    page = max(1, request.args.get("page", 1, type=int))
    if not more_pages:
        page = min(page, pages)
    rows = _page(uow, ordered, page, per_page)
    if not rows and page > pages:
        page = pages
        rows = _page(uow, ordered, page, per_page)
    values = {one.name: asked(one.name) for one in filters if asked(one.name)}
    return Listing(
        rows[:per_page],
        total,
        page,
        pages,
        asked("q"),
        sort,
        filters,
        values,
        more=more,
        usual=usual,
        has_next=len(rows) > per_page and (more_pages or page < pages),
    )


def _page(uow: UnitOfWork, ordered: Select[T], page: int, per_page: int) -> Sequence[T]:
    """Return a page's rows and one more, if there is one."""
    return uow.session.scalars(ordered.limit(per_page + 1).offset((page - 1) * per_page)).unique().all()
