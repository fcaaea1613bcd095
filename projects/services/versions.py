"""What was submitted in each round is kept as it stood; what the bureau consented to is frozen (R-IND-01)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.documents.accept import keep_bytes
from core.records import written
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from projects.models import Indicator, IndicatorSystem, IndicatorSystemVersion
from projects.services.systems import IndicatorEntry, set_indicators
from projects.states import Dimension, StandardKind

APPROVED = "approved-indicators"
"""Purpose of the document that holds the approved indicators, in the columns `check-report --approved` reads."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def kept_row(indicator: Indicator | IndicatorEntry) -> dict[str, Any]:
    """Return an indicator as a version keeps it: plain words, the weight as its exact decimal."""
    return {
        "dimension": indicator.dimension.value,
        "second": indicator.second,
        "third": indicator.third,
        "weight": f"{indicator.weight.normalize():f}",
        "target": indicator.target,
        "standard": indicator.standard.value,
        "scoring": indicator.scoring,
        "is_common": indicator.is_common,
    }


def entry_of(row: Mapping[str, Any]) -> IndicatorEntry:
    """Return a kept row as an indicator again."""
    return IndicatorEntry(
        Dimension(row["dimension"]),
        row["second"],
        row["third"],
        Decimal(row["weight"]),
        row["target"],
        StandardKind(row["standard"]),
        row["scoring"],
        is_common=bool(row["is_common"]),
    )


def digest_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of kept rows in their canonical form."""
    return hashlib.sha256(written({"indicators": list(rows)})).hexdigest()


def keep_versions(uow: UnitOfWork, event: TransitionFired) -> None:
    """When a system is submitted, keep what it says; when it is approved, freeze that and file it as XLSX."""
    if event.workflow != "indicator_system":
        return
    if event.name == "submit":
        _keep(uow, event.subject)
    elif event.name == "approve":
        _freeze(uow, event.subject)


def _keep(uow: UnitOfWork, system: IndicatorSystem) -> None:
    rows = [kept_row(one) for one in system.indicators]
    uow.add(
        IndicatorSystemVersion(
            system_id=system.id,
            round=system.round,
            rows=rows,
            digest=digest_of(rows),
            submitted_at=uow.now,
            submitted_by_id=uow.actor.user_id,
            approved_at=None,
        )
    )
    uow.session.flush()


def _freeze(uow: UnitOfWork, system: IndicatorSystem) -> None:
    from projects.indicator_sheet import export_sheet  # openpyxl takes long to load and few requests write a sheet

    version = version_of(uow, system, system.round)
    if version is None:
        return
    version.approved_at = uow.now
    name = f"经审定的指标体系-{system.project.code}.xlsx"
    sheet = export_sheet(entries_of(version))
    keep_bytes(uow, sheet, owner=system, purpose=APPROVED, name=name, media_type=XLSX)
    uow.record("indicator_system.freeze", system, after={"round": version.round, "digest": version.digest})


def entries_of(version: IndicatorSystemVersion) -> list[IndicatorEntry]:
    """Return the version's indicators in their order."""
    return [entry_of(row) for row in version.rows]


def version_of(uow: UnitOfWork, system: IndicatorSystem, number: int) -> IndicatorSystemVersion | None:
    """Return what was submitted in this round, or None."""
    return uow.session.scalar(
        select(IndicatorSystemVersion).where(
            IndicatorSystemVersion.system_id == system.id, IndicatorSystemVersion.round == number
        )
    )


def versions_of(uow: UnitOfWork, system: IndicatorSystem) -> list[IndicatorSystemVersion]:
    """Return every submitted version, first round first."""
    rows = uow.session.scalars(
        select(IndicatorSystemVersion)
        .where(IndicatorSystemVersion.system_id == system.id)
        .order_by(IndicatorSystemVersion.round)
    )
    return list(rows)


def approved_entries(uow: UnitOfWork, system: IndicatorSystem | None) -> list[IndicatorEntry]:
    """Return the indicators that the bureau consented to; empty before."""
    if system is None:
        return []
    version = uow.session.scalar(
        select(IndicatorSystemVersion)
        .where(IndicatorSystemVersion.system_id == system.id, IndicatorSystemVersion.approved_at.is_not(None))
        .order_by(IndicatorSystemVersion.round.desc())
        .limit(1)
    )
    return entries_of(version) if version is not None else []


def taken_into(
    uow: UnitOfWork, system: IndicatorSystem, chosen: Iterable[IndicatorEntry]
) -> tuple[list[IndicatorEntry], list[str]]:
    """Add indicators of the library to a draft: what was added, and the names that stood there already."""
    present = [entry_of(kept_row(one)) for one in system.indicators]
    names, added, known = {one.third for one in present}, [], []
    for entry in chosen:
        if entry.third in names:
            known.append(entry.third)
            continue
        names.add(entry.third)
        added.append(entry)
    if added:
        set_indicators(uow, system, [*present, *added])
    return added, known
