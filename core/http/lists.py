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
from core.search import Best, ordering
from core.unit_of_work import UnitOfWork

T = TypeVar("T")
PER_PAGE = 25
COUNTED = 1000
"""How far a list is counted: of a longer one it is said that there are more, and its last page is not known."""
LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class Filter:
    """A filter of a list: its name in the URL, its title and the values offered as `(value, label)`."""

    name: str
    title: Text
    choices: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of a list with what its table shows around it.

    `more` says that there are more rows than the `total` that was counted, `note` which of them are listed; `usual` is
    the order the list has when the address names none.
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
    note: Text = ""
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
    """Return a parameter of the URL without surrounding space; empty when it is not there.

    A zero character, which no database keeps, is left out.
    """
    return (request.args.get(name) or "").replace("\0", "").strip()


def listing(
    uow: UnitOfWork,
    query: Select[T],
    *,
    sortable: Mapping[str, Any],
    default: str,
    filters: Sequence[Filter] = (),
    per_page: int = PER_PAGE,
    best: Best | None = None,
    counted: Select[Any] | None = None,
) -> Listing[T]:
    """Run a list's query for the page that the URL asks for: two queries, whatever the length of the list.

    `sortable` names the columns by which the URL may sort (`sort=name` or `sort=-name`); anything else, and a page
    beyond the end, falls back to what exists. `best` is the order of a search by words while no other is asked for.
    `counted` has as many rows as the query and is cheaper to count. A list longer than `COUNTED` rows is not counted to
    its end; its pages go on as long as there are rows.
    """
    usual = "best" if best else default
    sort = asked("sort") or usual
    if sort.removeprefix("-") not in sortable:
        sort = usual
    page = max(1, min(request.args.get("page", 1, type=int), LAST_PAGE))
    if best and sort == "best":
        rows, found, more, page = _best_page(uow, query, best, per_page, page)
        goes_on = False
    else:
        counting = (query if counted is None else counted).order_by(None).limit(COUNTED + 1).subquery()
        found = uow.session.scalar(select(func.count()).select_from(counting)) or 0
        goes_on = more = found > COUNTED
        ordered = _sorted(query, sortable[sort.removeprefix("-")], descending=sort.startswith("-"))
        rows, page = _page(uow, ordered, per_page, page, last=_pages(found, per_page), goes_on=goes_on)
    total = min(found, COUNTED)
    pages = _pages(found, per_page)
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
        note=best.note if best and more else "",
        usual=usual,
        has_next=len(rows) > per_page and (goes_on or page < pages),
    )


def _pages(found: int, per_page: int) -> int:
    """Return how many pages are known of."""
    return max(1, -(-min(found, COUNTED) // per_page))


def _sorted(query: Select[T], column: Any, *, descending: bool) -> Select[T]:
    """Return the query in order; the key last, so that rows with equal values keep their order from page to page."""
    key = sa_inspect(query.column_descriptions[0]["entity"]).primary_key
    return query.order_by(column.desc() if descending else column.asc(), *key)


def _page(
    uow: UnitOfWork, ordered: Select[T], per_page: int, page: int, *, last: int, goes_on: bool
) -> tuple[Sequence[T], int]:
    """Return a page's rows, with one more if there is one, and its number; beyond the end it is the last known one."""
    page = page if goes_on else min(page, last)
    rows: Sequence[T] = ()
    for number in dict.fromkeys((page, min(page, last))):
        rows = uow.session.scalars(ordered.limit(per_page + 1).offset((number - 1) * per_page)).unique().all()
        page = number
        if rows:
            break
    return rows, page


def _best_page(
    uow: UnitOfWork, query: Select[T], best: Best, per_page: int, page: int
) -> tuple[Sequence[T], int, bool, int]:
    """Return a page of the best rows, how many were found, if there are more, its number; beyond the end the first."""
    entity = query.column_descriptions[0]["entity"]
    for number in dict.fromkeys((page, 1)):
        keys = best.page(per_page + 1, (number - 1) * per_page)
        shown = select(entity, keys.c.counted, keys.c.more).join(keys, best.key(entity) == keys.c[0])
        rows = uow.session.execute(shown.order_by(*ordering(keys))).unique().all()
        if rows:
            found, more = rows[0][1], rows[0][2]
            return [row[0] for row in rows], found // 100 * 100 if more and found > 100 else found, more, number
    return [], 0, False, 1
