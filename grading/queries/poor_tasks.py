"""Which single tasks were D: by their score or by a veto (R-GRADE.D1, R-GRADE.veto)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import or_, select

from agencies.consequences import PoorTask
from agencies.models import Engagement
from core.clock import SHANGHAI
from core.unit_of_work import UnitOfWork
from grading.grade_rules import grade_rules
from grading.models import TaskScore
from grading.scale import Grade


def poor_tasks(uow: UnitOfWork, organisations: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[PoorTask]]:
    """Return the decided tasks of these organisations that lie below the band of C or were vetoed: one query."""
    lowest = grade_rules(uow).bands[Grade.C]
    rows = (
        select(TaskScore.agency_id, Engagement.number, TaskScore.decided_at)
        .join(Engagement, Engagement.id == TaskScore.engagement_id)
        .where(
            TaskScore.agency_id.in_(organisations),
            or_(TaskScore.veto.is_not(None), TaskScore.score < lowest),
        )
    )
    found: dict[uuid.UUID, list[PoorTask]] = defaultdict(list)
    for organisation_id, number, decided_at in uow.session.execute(rows):
        found[organisation_id].append(PoorTask(number, decided_at.astimezone(SHANGHAI).date()))
    return found
