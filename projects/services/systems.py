"""Drawing up indicator systems."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from projects.models import CommonIndicator, Indicator, IndicatorSystem, Project
from projects.states import Dimension, StandardKind, SystemState
from projects.workflow import INDICATOR_SYSTEM


@dataclass(frozen=True)
class IndicatorEntry:
    """One indicator as typed or imported; weight in points of 100."""

    dimension: Dimension
    second: str
    third: str
    weight: Decimal
    target: str
    standard: StandardKind
    scoring: str
    is_common: bool = False


def open_system(uow: UnitOfWork, project: Project, agency_id: uuid.UUID) -> IndicatorSystem:
    """Open an empty indicator system in which the agency plans the evaluation of the project."""
    system = uow.add(IndicatorSystem(project_id=project.id, agency_id=agency_id, state=SystemState.DRAFT))
    uow.session.flush()
    uow.record("indicator_system.open", system, about=(project,))
    return system


def set_indicators(
    uow: UnitOfWork, system: IndicatorSystem, entries: Sequence[IndicatorEntry], *, imported: bool = False
) -> None:
    """Replace the draft's indicators by these. Raises `Refused` when it is no draft or a name stands twice."""
    if system.state is not SystemState.DRAFT:
        raise Refused(Refusal(_l("指标体系已提交，不能修改"), rule_id="R-IND-01"))
    names = [entry.third for entry in entries]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refused(Refusal(_l("三级指标重复：%(names)s", names="、".join(twice)), field="indicators"))
    before = len(system.indicators)
    system.indicators.clear()
    uow.session.flush()  # the old rows must be gone before rows of the same name come
    for position, entry in enumerate(entries, start=1):
        row = Indicator(system_id=system.id, position=position, id=uow.ids.new(), **vars(entry))
        system.indicators.append(row)
    flag_modified(system, "round")  # another window's form was filled from the rows that are gone now
    uow.session.flush()
    uow.record(
        "indicator_system.import" if imported else "indicator_system.change",
        system,
        before={"indicators": before},
        after={"indicators": len(entries)},
    )


def submit_system(uow: UnitOfWork, system: IndicatorSystem) -> None:
    """Submit the system for review; refused while weights or structure break R-PERF-02…04."""
    INDICATOR_SYSTEM.fire(uow, system, "submit")


def approve_system(uow: UnitOfWork, system: IndicatorSystem) -> None:
    """Give the bureau's consent (财政部门同意): from now on the evaluation may begin."""
    INDICATOR_SYSTEM.fire(uow, system, "approve")


def return_system(uow: UnitOfWork, system: IndicatorSystem, reason: str) -> None:
    """Send the system back with the reason; the agency revises it and submits the next round."""
    INDICATOR_SYSTEM.fire(uow, system, "send_back", reason=reason)
    system.round += 1


def entry_from_common(common: CommonIndicator, weight: Decimal) -> IndicatorEntry:
    """Take a common indicator of the library into a system with this weight."""
    return IndicatorEntry(
        dimension=common.dimension,
        second=common.second,
        third=common.third,
        weight=weight,
        target=common.explanation,
        standard=StandardKind.OTHER,
        scoring=common.scoring,
        is_common=True,
    )
