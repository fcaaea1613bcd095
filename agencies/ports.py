"""What upper rooms add to an engagement's page: the review of its indicators, its report, its score."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agencies.models import AgencyGrade, Engagement
from core.i18n import Text
from core.states import State
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Section:
    """A line of the engagement's page: what it is, where it stands, where it leads, what can be done next."""

    title: Text
    note: Text
    url: str | None = None
    state: State | None = None
    action: tuple[Text, str] | None = None
    """A button: its word and its address."""
    order: int = 50


SectionSource = Callable[[UnitOfWork, Engagement], Iterable[Section]]
_sources: list[SectionSource] = []


def add_engagement_sections(source: SectionSource) -> None:
    """Announce a source of sections; it must only return what the actor may see. Twice counts once."""
    if source not in _sources:
        _sources.append(source)


def engagement_sections(uow: UnitOfWork, engagement: Engagement) -> list[Section]:
    """Return every room's sections for this engagement in their order."""
    found = [section for source in _sources for section in source(uow, engagement)]
    return sorted(found, key=lambda section: section.order)


_grade_page: list[Callable[[AgencyGrade], str]] = []


def explain_grades_at(url_of: Callable[[AgencyGrade], str]) -> None:
    """Announce the page on which a grade's reckoning can be read."""
    _grade_page[:] = [url_of]


def grade_page(grade: AgencyGrade) -> str | None:
    """Return the address of the page that explains this grade, or None while no room offers one."""
    return _grade_page[0](grade) if _grade_page else None
