"""Published grades by year in sums: counts, means, pairs of years, and the rows behind a number."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Double, Select, cast, func, select, true
from sqlalchemy.orm import aliased

from agencies.models import Agency, AgencyGrade
from agencies.states import AgencyKind, Grade
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from grading.analysis.drift import TrendSums
from grading.queries.analysis_scope import Scope
from projects.states import Sector

LETTERS = (Grade.A, Grade.B, Grade.C, Grade.D)


@dataclass(frozen=True)
class YearSums:
    """One year's scores: how many, their mean, quarters and standard deviation."""

    year: int
    scored: int
    mean: float | None
    lower: float | None
    median: float | None
    upper: float | None
    deviation: float | None


@dataclass(frozen=True)
class PairSums:
    """Agencies scored in two years: how many, both means, and the differences' mean and standard deviation."""

    agencies: int
    before: float | None
    now: float | None
    moved: float | None
    deviation: float | None


def _published(scope: Scope, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(AgencyGrade)
        .join(Agency, Agency.id == AgencyGrade.agency_id)
        .where(AgencyGrade.published_at.is_not(None), *scope.of_agency())
    )


def counts_by_year(uow: UnitOfWork, scope: Scope) -> dict[int, dict[Grade, int]]:
    """Return by year how many agencies have each grade."""
    rows = uow.session.execute(
        _published(scope, AgencyGrade.year, AgencyGrade.grade, func.count())
        .where(AgencyGrade.year.between(scope.first, scope.last))
        .group_by(AgencyGrade.year, AgencyGrade.grade)
    )
    found: dict[int, dict[Grade, int]] = {}
    for year, grade, count in rows:
        found.setdefault(year, {})[grade] = count
    return dict(sorted(found.items()))


def counts_by_kind(uow: UnitOfWork, scope: Scope, year: int) -> dict[AgencyKind, dict[Grade, int]]:
    """Return for a year by kind of agency how many have each grade."""
    rows = uow.session.execute(
        _published(scope, Agency.kind, AgencyGrade.grade, func.count())
        .where(AgencyGrade.year == year)
        .group_by(Agency.kind, AgencyGrade.grade)
    )
    found: dict[AgencyKind, dict[Grade, int]] = {}
    for kind, grade, count in rows:
        found.setdefault(kind, {})[grade] = count
    return {kind: found[kind] for kind in AgencyKind if kind in found}


def counts_by_sector(uow: UnitOfWork, scope: Scope, year: int) -> dict[Sector, dict[Grade, int]]:
    """Return for a year by field how many agencies have each grade; one of two fields counts in both."""
    field = func.jsonb_array_elements_text(Agency.fields).table_valued("value")
    rows = uow.session.execute(
        _published(scope, field.c.value, AgencyGrade.grade, func.count())
        .join(field, true())
        .where(AgencyGrade.year == year)
        .group_by(field.c.value, AgencyGrade.grade)
    )
    found: dict[str, dict[Grade, int]] = {}
    for value, grade, count in rows:
        found.setdefault(value, {})[grade] = count
    return {one: found[one.value] for one in Sector if one.value in found}


def sums_by_year(uow: UnitOfWork, scope: Scope) -> dict[int, YearSums]:
    """Return by year how the scores lie."""
    score = cast(AgencyGrade.score, Double)
    quarter = [func.percentile_cont(share).within_group(score) for share in (0.25, 0.5, 0.75)]
    rows = uow.session.execute(
        _published(scope, AgencyGrade.year, func.count(score), func.avg(score), *quarter, func.stddev_samp(score))
        .where(AgencyGrade.year.between(scope.first, scope.last), AgencyGrade.score.is_not(None))
        .group_by(AgencyGrade.year)
        .order_by(AgencyGrade.year)
    )
    return {row[0]: YearSums(*row) for row in rows}


def pair_sums(uow: UnitOfWork, scope: Scope, before: int, now: int) -> PairSums:
    """Return how the agencies scored in both years moved."""
    then, today = aliased(AgencyGrade), AgencyGrade
    old, new = cast(then.score, Double), cast(today.score, Double)
    row = uow.session.execute(
        _published(scope, func.count(), func.avg(old), func.avg(new), func.avg(new - old), func.stddev_samp(new - old))
        .join(then, then.agency_id == today.agency_id)
        .where(
            today.year == now,
            then.year == before,
            today.score.is_not(None),
            then.score.is_not(None),
            then.published_at.is_not(None),
        )
    ).one()
    return PairSums(*row)


def trend_sums(uow: UnitOfWork, scope: Scope) -> TrendSums:
    """Return the sums of each agency's own deviations, over agencies scored in two of the years or more."""
    year = cast(AgencyGrade.year - scope.first, Double)
    score = cast(AgencyGrade.score, Double)
    many = cast(func.count(), Double)
    each = (
        _published(
            scope,
            (func.sum(year * year) - func.sum(year) * func.sum(year) / many).label("tt"),
            (func.sum(year * score) - func.sum(year) * func.sum(score) / many).label("ty"),
        )
        .where(AgencyGrade.year.between(scope.first, scope.last), AgencyGrade.score.is_not(None))
        .group_by(AgencyGrade.agency_id)
        .having(func.count() > 1)
        .subquery()
    )
    tt, ty = each.c.tt, each.c.ty
    row = uow.session.execute(
        select(
            func.count(), func.sum(tt), func.sum(ty), func.sum(ty * ty), func.sum(ty * tt), func.sum(tt * tt)
        ).select_from(each)
    ).one()
    return TrendSums(row[0], *(float(one or 0) for one in row[1:]))


def moves(uow: UnitOfWork, scope: Scope, before: int, now: int) -> dict[tuple[Grade, Grade], int]:
    """Return how many agencies of the library went from which grade to which."""
    then = aliased(AgencyGrade)
    rows = uow.session.execute(
        _published(scope, then.grade, AgencyGrade.grade, func.count())
        .join(then, then.agency_id == AgencyGrade.agency_id)
        .where(AgencyGrade.year == now, then.year == before, then.published_at.is_not(None))
        .group_by(then.grade, AgencyGrade.grade)
    )
    return {(was, became): count for was, became, count in rows}


def movers(
    uow: UnitOfWork, scope: Scope, before: int, now: int, *, up: bool, most: int
) -> list[tuple[AgencyGrade, AgencyGrade]]:
    """Return the agencies whose score rose (or fell) most between two years, as (then, now), the farthest first."""
    then = aliased(AgencyGrade)
    moved = AgencyGrade.score - then.score
    rows = uow.session.execute(
        _published(scope, then, AgencyGrade)
        .join(then, then.agency_id == AgencyGrade.agency_id)
        .where(
            AgencyGrade.year == now,
            then.year == before,
            then.published_at.is_not(None),
            moved > 0 if up else moved < 0,
        )
        .order_by(moved.desc() if up else moved.asc(), AgencyGrade.agency_id)
        .limit(most)
    )
    return [(was, became) for was, became in rows]


def histories(uow: UnitOfWork, agencies: Sequence[uuid.UUID], scope: Scope) -> dict[uuid.UUID, dict[int, Any]]:
    """Return by agency and year the published (score, grade) of some agencies."""
    rows = uow.session.execute(
        select(AgencyGrade.agency_id, AgencyGrade.year, AgencyGrade.score, AgencyGrade.grade).where(
            AgencyGrade.agency_id.in_(agencies),
            AgencyGrade.year.between(scope.first, scope.last),
            AgencyGrade.published_at.is_not(None),
        )
    )
    found: dict[uuid.UUID, dict[int, Any]] = {}
    for agency, year, score, grade in rows:
        found.setdefault(agency, {})[year] = (score, grade)
    return found


def names_of(uow: UnitOfWork, agencies: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of some agencies of the library."""
    rows = uow.session.execute(
        select(Agency.id, Organisation.name)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .where(Agency.id.in_(agencies))
    )
    return {row[0]: row[1] for row in rows}


def graded_agencies(
    scope: Scope, year: int, *, grade: Grade | None = None, before: Grade | None = None
) -> Select[AgencyGrade]:
    """Select the published grades of a year behind a number: of one grade, and of one grade the year before."""
    query = (
        select(AgencyGrade)
        .join(Agency, Agency.id == AgencyGrade.agency_id)
        .where(AgencyGrade.year == year, AgencyGrade.published_at.is_not(None), *scope.of_agency())
    )
    if grade is not None:
        query = query.where(AgencyGrade.grade == grade)
    if before is not None:
        then = aliased(AgencyGrade)
        query = query.join(
            then,
            (then.agency_id == AgencyGrade.agency_id)
            & (then.year == year - 1)
            & (then.grade == before)
            & then.published_at.is_not(None),
        )
    return query


def graded_annex(uow: UnitOfWork, year: int, most: int) -> list[tuple[str, AgencyKind, Grade, Any, int]]:
    """Return the agencies that got a grade in a year, best score first: name, kind, grade, score, tasks."""
    rows = uow.session.execute(
        select(Organisation.name, Agency.kind, AgencyGrade.grade, AgencyGrade.score, AgencyGrade.tasks)
        .select_from(AgencyGrade)
        .join(Agency, Agency.id == AgencyGrade.agency_id)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .where(AgencyGrade.year == year, AgencyGrade.published_at.is_not(None), AgencyGrade.grade != Grade.UNGRADED)
        .order_by(AgencyGrade.grade, AgencyGrade.score.desc(), Organisation.name)
        .limit(most)
    )
    return [(name, kind, grade, score, tasks) for name, kind, grade, score, tasks in rows]
