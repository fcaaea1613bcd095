"""Reads for corrections of published grades."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from agencies.models import AgencyGrade
from core.unit_of_work import UnitOfWork
from grading.models import GradeCorrection
from grading.states import CorrectionState


def load_correction(uow: UnitOfWork, correction_id: uuid.UUID) -> GradeCorrection | None:
    """Return the correction with this id."""
    return uow.get(GradeCorrection, correction_id)


def open_correction(uow: UnitOfWork, grade: AgencyGrade) -> GradeCorrection | None:
    """Return the correction of a grade that waits to be confirmed."""
    return uow.session.scalar(
        select(GradeCorrection).where(
            GradeCorrection.grade_id == grade.id, GradeCorrection.state == CorrectionState.PROPOSED
        )
    )


def corrections_of(uow: UnitOfWork, grade: AgencyGrade) -> list[GradeCorrection]:
    """Return the confirmed corrections of a grade, the newest first: they are public."""
    query = (
        select(GradeCorrection)
        .where(GradeCorrection.grade_id == grade.id, GradeCorrection.state == CorrectionState.CONFIRMED)
        .order_by(GradeCorrection.decided_at.desc())
    )
    return list(uow.session.scalars(query))


def corrected_among(uow: UnitOfWork, grades: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these grades were corrected after their publication."""
    query = select(GradeCorrection.grade_id).where(
        GradeCorrection.grade_id.in_(grades), GradeCorrection.state == CorrectionState.CONFIRMED
    )
    return set(uow.session.scalars(query))


def waiting_corrections(uow: UnitOfWork) -> list[GradeCorrection]:
    """Return the corrections that wait to be confirmed, the oldest first."""
    query = (
        select(GradeCorrection)
        .where(GradeCorrection.state == CorrectionState.PROPOSED)
        .options(joinedload(GradeCorrection.entry))
        .order_by(GradeCorrection.proposed_at)
    )
    return list(uow.session.scalars(query))
