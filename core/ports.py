"""What lower rooms ask of upper ones: registries that packages fill in `register(app)`.

The to-do list, the timeline, search, navigation and the owners of documents all work this way, so that `core` needs to
know no noun of the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from core.i18n import Text

if TYPE_CHECKING:
    from core.documents.models import Document
    from core.identity.actor import Actor
    from core.permissions import Permission
    from core.unit_of_work import UnitOfWork

TaskGroup = Literal["mine", "waiting"]


@dataclass(frozen=True)
class Task:
    """Something an actor has to do (`mine`) or waits for from others (`waiting`)."""

    title: Text
    subject: str
    url: str
    due_at: datetime | None = None
    group: TaskGroup = "mine"
    rule_id: str | None = None


@dataclass(frozen=True)
class CalendarEvent:
    """Something that stands in a person's calendar: a meeting, an opening, or (`is_due`) a deadline.

    `key` tells it from every other and stays the same when it moves, so that calendars move it instead of doubling it.
    """

    key: str
    title: Text
    subject: str
    url: str
    starts_at: datetime
    ends_at: datetime | None = None
    is_due: bool = False


@dataclass(frozen=True)
class Hit:
    """A search result."""

    kind: Text
    title: str
    url: str
    note: Text = ""


@dataclass(frozen=True)
class NavigationEntry:
    """An entry of the left-hand navigation, shown to whoever has the permission (and one of `roles`, if named)."""

    endpoint: str
    title: Text
    icon: str
    permission: Permission
    order: int
    roles: frozenset[Any] = frozenset()


@dataclass(frozen=True)
class PublicPage:
    """A page open to everybody, named on the front page: its endpoint, its words and what one finds there."""

    endpoint: str
    title: Text
    note: Text
    order: int


@dataclass(frozen=True)
class Figure:
    """One figure of a role's home panel, e.g. tenders by stage."""

    title: Text
    value: str
    url: str | None = None
    note: Text = ""


@dataclass(frozen=True)
class AuditTag:
    """How an audit tag reads on a timeline, and who may see it there (beyond those who may see the object)."""

    tag: str
    title: Text
    visible: Callable[[Actor, Any], bool] | None = None


class Registry:
    """Everything the packages have announced."""

    def __init__(self) -> None:
        self.task_sources: list[Callable[[UnitOfWork], Iterable[Task]]] = []
        self.calendar_sources: list[Callable[[UnitOfWork], Iterable[CalendarEvent]]] = []
        self.search_sources: list[Callable[[UnitOfWork, str], Iterable[Hit]]] = []
        self.figure_sources: list[Callable[[UnitOfWork], Iterable[Figure]]] = []
        self.public_pages: list[PublicPage] = []
        self.navigation: dict[str, NavigationEntry] = {}
        self.document_readers: dict[str, Callable[[UnitOfWork, Document], bool]] = {}
        self.audit_tags: dict[str, AuditTag] = {}
        self.seals: list[Callable[[UnitOfWork], datetime | None]] = []

    def tasks(self, source: Callable[[UnitOfWork], Iterable[Task]]) -> None:
        """Announce a source of to-do entries."""
        _once(self.task_sources, source)

    def calendar(self, *sources: Callable[[UnitOfWork], Iterable[CalendarEvent]]) -> None:
        """Announce sources of calendar events; each must only return what the actor may see.

        Deadlines of tasks stand in the calendar by themselves.
        """
        for source in sources:
            _once(self.calendar_sources, source)

    def search(self, source: Callable[[UnitOfWork, str], Iterable[Hit]]) -> None:
        """Announce a source of search results; it must only return what the actor may see."""
        _once(self.search_sources, source)

    def figures(self, source: Callable[[UnitOfWork], Iterable[Figure]]) -> None:
        """Announce figures for the home page of some role."""
        _once(self.figure_sources, source)

    def open_to_all(self, *pages: PublicPage) -> None:
        """Announce pages for the public front page."""
        for page in pages:
            _once(self.public_pages, page)

    def navigate(self, *entries: NavigationEntry) -> None:
        """Announce navigation entries."""
        for entry in entries:
            self.navigation[entry.endpoint] = entry

    def owns_documents(self, owner_kind: str, may_read: Callable[[UnitOfWork, Document], bool]) -> None:
        """Announce who decides about reading documents of this owner kind; a kind nobody owns is never readable."""
        self.document_readers[owner_kind] = may_read

    def seal(self, since: Callable[[UnitOfWork], datetime | None]) -> None:
        """Announce from when on the deeds of suppliers are under seal; None: none are."""
        _once(self.seals, since)

    def explain(self, *tags: AuditTag) -> None:
        """Announce how audit tags read on timelines; a tag nobody explained is not shown there."""
        for tag in tags:
            self.audit_tags[tag.tag] = tag


def _once(sources: list[Any], source: Any) -> None:
    if source not in sources:
        sources.append(source)


registry = Registry()
"""The application's registry."""


@dataclass(frozen=True)
class TimelineEntry:
    """An audit entry as a reader sees it."""

    at: datetime
    title: Text
    actor: str
    reason: str | None
    seq: int
