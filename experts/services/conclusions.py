"""The bureau's decision after the panel's (R-IND-01: 财政部门同意), and the agency's answers to every comment."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import func, select

from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.addresses import review_page
from experts.events import ReviewConcluded
from experts.models import IndicatorComment, Review
from experts.notifications import CONCLUDED
from experts.services.conflicts import user_ids_with
from experts.states import ReviewState
from experts.workflow import REVIEW
from projects.services.systems import approve_system, return_system

DECIDED = (ReviewState.PASSED, ReviewState.RETURNED)


def consent(uow: UnitOfWork, review: Review, opinion: str = "") -> None:
    """Give the bureau's consent to what the panel passed: the indicator system is approved."""
    REVIEW.fire(uow, review, "pass", assign={"opinion": opinion.strip()})
    approve_system(uow, review.system)
    _announce(uow, review)


def send_back(uow: UnitOfWork, review: Review, opinion: str) -> None:
    """Send the indicator system back with the opinion; the agency revises it and answers the comments."""
    if not opinion.strip():
        raise Refused(Refusal(_l("请写明退回理由和修改要求"), rule_id="R-IND-01", field="opinion"))
    REVIEW.fire(uow, review, "return", reason=opinion.strip(), assign={"opinion": opinion.strip()})
    return_system(uow, review.system, opinion.strip())
    _announce(uow, review)


def failures_of(uow: UnitOfWork, review: Review) -> int:
    """Return how often this indicator system was returned by a review (R-IND.third)."""
    return (
        uow.session.scalar(
            select(func.count()).where(Review.system_id == review.system_id, Review.state == ReviewState.RETURNED)
        )
        or 0
    )


def _announce(uow: UnitOfWork, review: Review) -> None:
    uow.session.flush()
    publish(uow, ReviewConcluded(review, failures_of(uow, review)))
    notify(
        uow,
        CONCLUDED,
        user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=review.engagement.agency_id),
        url=review_page(review.id),
        params={"project": review.engagement.project.name},
    )


def answer_comments(uow: UnitOfWork, review: Review, answers: Mapping[uuid.UUID, str]) -> int:
    """Keep the agency's answers, keyed by comment; empty ones are left open. Return how many were given."""
    if review.state not in DECIDED:
        raise Refused(Refusal(_l("评审尚无结果，不能答复意见")))
    rows = uow.session.scalars(
        select(IndicatorComment).where(IndicatorComment.review_id == review.id, IndicatorComment.id.in_(list(answers)))
    )
    given = 0
    for row in rows:
        words = answers[row.id].strip()
        if words and words != row.answer:
            row.answer, row.answered_at = words, uow.now
            given += 1
    uow.session.flush()
    if given:
        uow.record("review.answer", review, after={"answers": given})
    return given
