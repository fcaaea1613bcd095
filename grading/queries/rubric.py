"""Reads for rubrics: those that ship, the bureau's own, and which is in force for new reports."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.unit_of_work import UnitOfWork
from grading.models import QualitySheet, RubricChoice, RubricVersion, Submission
from grading.rubric import Rubric
from grading.rubric_files import HOUSE, from_data, shipped


@dataclass(frozen=True)
class KnownRubric:
    """A version as the list shows it: the rubric, the bureau's row (None for one that ships), and its sheets."""

    rubric: Rubric
    row: RubricVersion | None
    sheets: int
    in_force: bool


def own_version(uow: UnitOfWork, version: str) -> RubricVersion | None:
    """Return the bureau's own version of this name."""
    return uow.session.scalar(select(RubricVersion).where(RubricVersion.version == version))


def load_rubric_version(uow: UnitOfWork, rubric_id: uuid.UUID) -> RubricVersion | None:
    """Return the bureau's own version with this id."""
    return uow.get(RubricVersion, rubric_id)


def find_rubric(uow: UnitOfWork, version: str) -> Rubric | None:
    """Return a version of the rubric, shipped or own; None where there is none of that name."""
    known = shipped().get(version)
    if known is not None:
        return known
    row = own_version(uow, version)
    return from_data(row.body) if row is not None else None


def rubric_of(uow: UnitOfWork, version: str) -> Rubric:
    """Return a version that something refers to. Raises LookupError where it is gone, which nothing allows."""
    found = find_rubric(uow, version)
    if found is None:
        raise LookupError(f"no rubric {version}")
    return found


def choices_made(uow: UnitOfWork) -> list[RubricChoice]:
    """Return every choice of a version, the newest first."""
    rows = select(RubricChoice).options(joinedload(RubricChoice.chosen_by))
    return list(uow.session.scalars(rows.order_by(RubricChoice.chosen_at.desc(), RubricChoice.id.desc())))


def rubric_in_force(uow: UnitOfWork) -> Rubric:
    """Return the version by which a report is rated whose first sheet is begun now."""
    chosen = uow.session.scalar(
        select(RubricChoice.version).order_by(RubricChoice.chosen_at.desc(), RubricChoice.id.desc()).limit(1)
    )
    return rubric_of(uow, chosen) if chosen is not None else shipped()[HOUSE]


def rubric_for(uow: UnitOfWork, submission: Submission) -> Rubric:
    """Return the version a report is rated by: that of its first sheet, so that all raters answer the same."""
    begun = uow.session.scalar(
        select(QualitySheet.rubric)
        .where(QualitySheet.submission_id == submission.id)
        .order_by(QualitySheet.id)
        .limit(1)
    )
    return rubric_of(uow, begun) if begun is not None else rubric_in_force(uow)


def known_rubrics(uow: UnitOfWork) -> list[KnownRubric]:
    """Return every version, those that ship first, with how many sheets each has; a constant number of queries."""
    rows = uow.session.scalars(
        select(RubricVersion).options(joinedload(RubricVersion.made_by)).order_by(RubricVersion.made_at.desc())
    ).all()
    used = sheets_by_version(uow)
    present = rubric_in_force(uow).version
    found = [(one, None) for one in shipped().values()] + [(from_data(row.body), row) for row in rows]
    return [KnownRubric(rubric, row, used.get(rubric.version, 0), rubric.version == present) for rubric, row in found]


def sheets_by_version(uow: UnitOfWork) -> Mapping[str, int]:
    """Return how many sheets were begun by each version."""
    rows = uow.session.execute(select(QualitySheet.rubric, func.count()).group_by(QualitySheet.rubric))
    return {row[0]: row[1] for row in rows}
