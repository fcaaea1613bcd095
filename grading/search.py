"""Finding reports from the search box."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from core.i18n import _l
from core.permissions import policy
from core.ports import Hit
from core.unit_of_work import UnitOfWork
from grading.permissions import SubmissionPermission
from grading.queries import submissions_matching


def find_reports(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield up to ten reports that the actor may read."""
    if not policy.allows(uow.actor, SubmissionPermission.BROWSE):
        return
    for row in uow.session.scalars(submissions_matching(uow.actor, text=text).limit(10)).unique():
        yield Hit(
            _l("评价报告"),
            row.title or row.engagement.project.name,
            url_for("submissions.show", submission_id=row.id),
            row.state.label,
        )
