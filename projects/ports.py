"""What upper rooms let one do with a project, e.g. draft a tender from it, and what they ask before a submission."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.errors import Refusal
from core.i18n import Text
from core.unit_of_work import UnitOfWork
from projects.models import IndicatorSystem, Project


@dataclass(frozen=True)
class ProjectAction:
    """A button on the project's page: its words and its address."""

    title: Text
    url: str


ActionSource = Callable[[UnitOfWork, Project], Iterable[ProjectAction]]
_sources: list[ActionSource] = []


def add_project_actions(source: ActionSource) -> None:
    """Announce a source of buttons; it must only return what the actor may do. Twice counts once."""
    if source not in _sources:
        _sources.append(source)


def project_actions(uow: UnitOfWork, project: Project) -> list[ProjectAction]:
    """Return what the actor may do with the project, from every room."""
    return [action for source in _sources for action in source(uow, project)]


SubmissionCheck = Callable[[UnitOfWork, IndicatorSystem], Refusal | None]
_checks: list[SubmissionCheck] = []


def check_submissions(check: SubmissionCheck) -> None:
    """Announce what must hold before an indicator system is submitted, e.g. that earlier comments are answered."""
    if check not in _checks:
        _checks.append(check)


def submission_refusal(uow: UnitOfWork, system: IndicatorSystem) -> Refusal | None:
    """Return what the rooms above have against submitting this system now, or None."""
    return next((found for check in _checks if (found := check(uow, system)) is not None), None)
