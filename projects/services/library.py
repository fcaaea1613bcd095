"""Keeping the project library and the common indicators."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from projects.models import CommonIndicator, Project

EDITABLE = (
    "code",
    "name",
    "name_en",
    "unit_id",
    "year",
    "sector",
    "industry",
    "budget",
    "evaluation_fee",
    "objective",
    "content",
)


def add_project(uow: UnitOfWork, **values: Any) -> Project:
    """Put a project into the library. Raises `Refused` at `code` when the code is taken."""
    _check_code(uow, str(values["code"]), None)
    project = uow.add(Project(created_at=uow.now, **{name: values[name] for name in EDITABLE if name in values}))
    uow.session.flush()
    uow.record("project.create", project, after={"code": project.code, "name": project.name})
    return project


def change_project(uow: UnitOfWork, project: Project, **values: Any) -> None:
    """Change a project's entries; what changed stands in the audit log."""
    _check_code(uow, str(values["code"]), project)
    before = {name: getattr(project, name) for name in EDITABLE}
    for name in EDITABLE:
        if name in values:
            setattr(project, name, values[name])
    changed = [name for name in EDITABLE if before[name] != getattr(project, name)]
    if changed:
        uow.record(
            "project.change",
            project,
            before={name: str(before[name]) for name in changed},
            after={name: str(getattr(project, name)) for name in changed},
        )


def _check_code(uow: UnitOfWork, code: str, project: Project | None) -> None:
    taken = uow.session.scalar(select(Project).where(Project.code == code))
    if taken is not None and taken is not project:
        raise Refused(Refusal(_l("编号 %(code)s 已用于“%(name)s”", code=code, name=taken.name), field="code"))


def keep_common(uow: UnitOfWork, indicator: CommonIndicator | None, **values: Any) -> CommonIndicator:
    """Add or change a common indicator. Raises `Refused` at `third` when its name is taken."""
    taken = uow.session.scalar(select(CommonIndicator).where(CommonIndicator.third == values["third"]))
    if taken is not None and taken is not indicator:
        raise Refused(Refusal(_l("指标库中已有“%(name)s”", name=taken.third), field="third"))
    if indicator is None:
        last = uow.session.scalar(select(func.max(CommonIndicator.position))) or 0
        indicator = uow.add(CommonIndicator(position=last + 1, **values))
    else:
        for name, value in values.items():
            setattr(indicator, name, value)
    uow.session.flush()
    uow.record("common_indicator.keep", indicator, after={"third": indicator.third})
    return indicator
