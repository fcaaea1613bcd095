"""Finding projects from the search box."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from core.i18n import _l
from core.permissions import policy
from core.ports import Hit
from core.unit_of_work import UnitOfWork
from projects.permissions import ProjectPermission
from projects.queries import projects_matching


def find_projects(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield up to ten projects whose code, name or unit holds the text."""
    if not policy.allows(uow.actor, ProjectPermission.BROWSE):
        return
    for project in uow.session.scalars(projects_matching(text=text).limit(10)):
        yield Hit(_l("项目"), project.name, url_for("projects.show", project_id=project.id), project.unit.name)
