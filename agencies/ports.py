"""What upper rooms add: to an engagement's page, to what explains a grade, to an agency's standing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agencies.consequences import PoorTask
from agencies.models import Agency, AgencyGrade, Engagement
from agencies.ties import Tie
from core.errors import Refusal
from core.i18n import Text
from core.rules import Words
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


@dataclass(frozen=True)
class ContractPaper:
    """A stored file from which an engagement comes, for its archive: the contract above all (R-AGENCY-13)."""

    name: str
    sha256: str
    size: int
    origin: str


PaperSource = Callable[[UnitOfWork, Engagement], Iterable[ContractPaper]]
_papers: list[PaperSource] = []


def add_contract_papers(source: PaperSource) -> None:
    """Announce a source of the papers an engagement comes from. Twice counts once."""
    if source not in _papers:
        _papers.append(source)


def contract_papers(uow: UnitOfWork, engagement: Engagement) -> list[ContractPaper]:
    """Return every room's papers from which this engagement comes."""
    return [paper for source in _papers for paper in source(uow, engagement)]


ClosingCheck = Callable[[UnitOfWork, Engagement], Refusal | None]
_closing: list[ClosingCheck] = []


def check_closing(check: ClosingCheck) -> None:
    """Announce what must hold before an engagement is closed, e.g. that its archive is filed. Twice counts once."""
    if check not in _closing:
        _closing.append(check)


def closing_refusal(uow: UnitOfWork, engagement: Engagement) -> Refusal | None:
    """Return what the rooms above have against closing this engagement now, or None."""
    return next((found for check in _closing if (found := check(uow, engagement)) is not None), None)


_grade_page: list[Callable[[AgencyGrade], str]] = []


def explain_grades_at(url_of: Callable[[AgencyGrade], str]) -> None:
    """Announce the page on which a grade's reckoning can be read."""
    _grade_page[:] = [url_of]


def grade_page(grade: AgencyGrade) -> str | None:
    """Return the address of the page that explains this grade, or None while no room offers one."""
    return _grade_page[0](grade) if _grade_page else None


PoorTasks = Callable[[UnitOfWork, Collection[uuid.UUID]], Mapping[uuid.UUID, Sequence[PoorTask]]]
_poor_tasks: list[PoorTasks] = []


def tell_poor_tasks(source: PoorTasks) -> None:
    """Announce who knows which single tasks were D: given organisations, tasks by organisation (R-GRADE.D1)."""
    _poor_tasks[:] = [source]


def poor_tasks(uow: UnitOfWork, organisations: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[PoorTask]]:
    """Return the tasks of these organisations that were D by themselves; nothing while no room knows."""
    return _poor_tasks[0](uow, organisations) if _poor_tasks and organisations else {}


Rounds = Callable[[UnitOfWork], Sequence[date]]
_rounds: list[Rounds] = []


def tell_rounds(source: Rounds) -> None:
    """Announce who knows on which days purchases began in which grades act (R-GRADE.D1)."""
    _rounds[:] = [source]


def rounds(uow: UnitOfWork) -> Sequence[date]:
    """Return the days on which such purchases began; none while no room knows."""
    return _rounds[0](uow) if _rounds else ()


@dataclass(frozen=True)
class OtherRecord:
    """A sanction that another room of the house has recorded on an organisation, as the agency's page lists it."""

    title: Text
    facts: str
    decided_on: date
    ends_on: date | None
    measures: Sequence[Text]


OtherRecords = Callable[[UnitOfWork, uuid.UUID], Iterable[OtherRecord]]
_records: list[OtherRecords] = []


def add_other_records(source: OtherRecords) -> None:
    """Announce a source of sanctions kept elsewhere in the house. Twice counts once."""
    if source not in _records:
        _records.append(source)


def other_records(uow: UnitOfWork, organisation_id: uuid.UUID) -> list[OtherRecord]:
    """Return every sanction on record elsewhere, the newest first."""
    found = [one for source in _records for one in source(uow, organisation_id)]
    return sorted(found, key=lambda one: one.decided_on, reverse=True)


@dataclass(frozen=True)
class GradeLine:
    """A published grade in one line, as the register and comparisons give it.

    `method` names the rule set with its version; `mean` is the tasks' weighted mean, `deducted` the honesty points
    taken off, `minimum` how many tasks it takes; `elements` are the tasks' mean points as `(key, title, points, full)`.
    """

    method: Words
    version: str
    mean: Decimal | None
    deducted: Decimal
    sample: int
    minimum: int
    elements: Sequence[tuple[str, Words, Decimal, Decimal]] = ()


GradeLines = Callable[[UnitOfWork, Collection[uuid.UUID]], Mapping[uuid.UUID, GradeLine]]
_grade_lines: list[GradeLines] = []


def tell_grade_lines(source: GradeLines) -> None:
    """Announce who reads the records of grades: given grades, a line for each whose record can be read."""
    _grade_lines[:] = [source]


def grade_lines(uow: UnitOfWork, grades: Collection[uuid.UUID]) -> Mapping[uuid.UUID, GradeLine]:
    """Return how these published grades came about, in a line each; nothing while no room knows."""
    return _grade_lines[0](uow, grades) if _grade_lines and grades else {}


TieSource = Callable[[UnitOfWork, Agency], Iterable[Tie]]
_tie_sources: list[TieSource] = []


def add_tie_source(source: TieSource) -> None:
    """Announce a source of an agency's ties; it must only return what the actor may see. Twice counts once."""
    if source not in _tie_sources:
        _tie_sources.append(source)


def told_ties(uow: UnitOfWork, agency: Agency) -> list[Tie]:
    """Return what every room tells of an agency's ties."""
    return [tie for source in _tie_sources for tie in source(uow, agency)]
