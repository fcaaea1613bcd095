"""Projects, common indicators and indicator systems for tests."""

from __future__ import annotations

import itertools
from decimal import Decimal

from core.identity.models import Organisation
from core.identity.roles import OrganisationKind
from core.unit_of_work import UnitOfWork
from projects.models import IndicatorSystem, Project
from projects.services.systems import IndicatorEntry, open_system, set_indicators
from projects.states import Dimension, Industry, Sector, StandardKind, SystemState
from tests.factories.identity import make_organisation

_count = itertools.count(1)


def make_project(uow: UnitOfWork, unit: Organisation | None = None, **values) -> Project:
    """A project of the library with a plausible budget."""
    number = next(_count)
    unit = unit or make_organisation(uow, OrganisationKind.BUDGET_UNIT)
    project = uow.add(
        Project(
            **{
                "code": f"2026-T-{number:04d}",
                "name": f"社区卫生服务能力提升项目{number}",
                "unit_id": unit.id,
                "year": 2026,
                "sector": Sector.SOCIAL_SECURITY,
                "industry": Industry.Q,
                "budget": Decimal("5200000.00"),
                "evaluation_fee": Decimal("180000.00"),
                "created_at": uow.now,
                **values,
            }
        )
    )
    uow.session.flush()
    return project


def entries(**changes) -> list[IndicatorEntry]:
    """Indicators that break no rule: 15 / 20 / 35 / 30. `changes` are weights by third-level name."""
    rows = [
        (Dimension.DECISION, "项目立项", "立项依据充分性", "15"),
        (Dimension.PROCESS, "资金管理", "预算执行率", "20"),
        (Dimension.OUTPUT, "产出数量", "服务站点建成数", "35"),
        (Dimension.BENEFIT, "满意度", "居民满意度", "30"),
    ]
    return [
        IndicatorEntry(
            dimension,
            second,
            third,
            Decimal(changes.get(third, weight)),
            "按年初计划完成",
            StandardKind.PLAN,
            "完成得满分，未完成按比例扣分",
        )
        for dimension, second, third, weight in rows
    ]


def make_system(
    uow: UnitOfWork, *, filled: bool = True, project: Project | None = None, agency=None
) -> IndicatorSystem:
    """A draft indicator system of an agency, with indicators unless `filled=False`."""
    project = project or make_project(uow)
    agency = agency or make_organisation(uow, OrganisationKind.AGENCY)
    system = open_system(uow, project, agency.id)
    if filled:
        set_indicators(uow, system, entries())
    assert system.state is SystemState.DRAFT
    return system
