"""What upper rooms let one do with a project, e.g. draft a tender from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.i18n import Text
from core.unit_of_work import UnitOfWork
from projects.models import Project


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
