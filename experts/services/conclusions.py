"""The bureau's decision after the panel's (R-IND-01: 财政部门同意), and the agency's answers to every comment."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from agencies.services.credit import note_event
from core.clock import SHANGHAI
from core.deadlines import DerivedDeadline, derive
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from experts.addresses import review_page
from experts.events import ReviewConcluded
from experts.models import IndicatorComment, Review
from experts.notifications import CONCLUDED
from experts.review_rules import review_rules
from experts.services.sign_in import representatives_absent
from experts.states import Adoption, ReviewState
from experts.workflow import REVIEW
from projects.models import IndicatorSystem
from projects.services.systems import approve_system, return_system

DECIDED = (ReviewState.PASSED, ReviewState.RETURNED)


def consent(uow: UnitOfWork, review: Review, opinion: str = "") -> None:
    """Give the bureau's consent to what the panel passed: the indicator system is approved.

    Where the principal's or the agency's representative did not sign in, the consent is the written approval that
    R-IND-03 allows instead, so it needs words.
    """
    absent = representatives_absent(uow, review)
    if absent and not opinion.strip():
        raise Refused(
            Refusal(
                _l("%(who)s未签到：须写明书面同意意见", who="、".join(str(one) for one in absent)),
                "R-IND-03",
                "opinion",
            )
        )
    REVIEW.fire(uow, review, "pass", assign={"opinion": opinion.strip()})
    approve_system(uow, review.system)
    _announce(uow, review)


def send_back(uow: UnitOfWork, review: Review, opinion: str) -> None:
    """Send the indicator system back with the opinion; the agency revises it and answers the comments.

    From the third return on it stands in the agency's credit record, without points, for those who rate (R-IND.third).
    """
    if not opinion.strip():
        raise Refused(Refusal(_l("请写明退回理由和修改要求"), rule_id="R-IND-01", field="opinion"))
    REVIEW.fire(uow, review, "return", reason=opinion.strip(), assign={"opinion": opinion.strip()})
    return_system(uow, review.system, opinion.strip())
    _announce(uow, review)
    failures = failures_of(uow, review)
    if failures >= review_rules(uow).failures:
        words = f"“{review.engagement.project.name}”的指标体系第{failures}次评审未通过（{review.number}）"
        note_event(uow, review.engagement.agency_id, words)


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


@dataclass(frozen=True)
class Answer:
    """What the agency says to one comment: adopted, partly or not, with its reason where it does not just adopt."""

    adoption: Adoption | None
    words: str = ""


def answer_comments(uow: UnitOfWork, review: Review, answers: Mapping[uuid.UUID, Answer]) -> int:
    """Keep the agency's answers, keyed by comment; those without a choice are left open. Return how many were given.

    Raises `Refused` at `answer-<id>` where a comment is not adopted without a reason (R-IND.rework).
    """
    if review.state not in DECIDED:
        raise Refused(Refusal(_l("评审尚无结果，不能答复意见")))
    rows = list(
        uow.session.scalars(
            select(IndicatorComment).where(
                IndicatorComment.review_id == review.id, IndicatorComment.id.in_(list(answers))
            )
        )
    )
    bare = [
        Refusal(_l("部分采纳或不采纳的，须写明理由"), "R-IND.rework", f"answer-{row.id}")
        for row in rows
        if answers[row.id].adoption in (Adoption.PARTLY, Adoption.NOT) and not answers[row.id].words.strip()
    ]
    if bare:
        raise Refused(*bare)
    given = 0
    for row in rows:
        said = answers[row.id]
        words = said.words.strip()
        if said.adoption is not None and (words, said.adoption) != (row.answer, row.adoption):
            row.answer, row.adoption, row.answered_at = words, said.adoption, uow.now
            given += 1
    uow.session.flush()
    if given:
        uow.record("review.answer", review, after={"answers": given})
    return given


def last_returned(uow: UnitOfWork, system: IndicatorSystem) -> Review | None:
    """Return the review that sent this system back last, or None."""
    return uow.session.scalar(
        select(Review)
        .where(Review.system_id == system.id, Review.state == ReviewState.RETURNED)
        .order_by(Review.round.desc(), Review.attempt.desc())
        .limit(1)
    )


def unanswered(uow: UnitOfWork, review: Review) -> int:
    """Return how many comments of the review the agency has not answered."""
    return (
        uow.session.scalar(
            select(func.count()).where(IndicatorComment.review_id == review.id, IndicatorComment.adoption.is_(None))
        )
        or 0
    )


def comments_answered(uow: UnitOfWork, system: IndicatorSystem) -> Refusal | None:
    """A returned system is submitted again only when every comment has its answer (R-IND.rework: 逐条销号)."""
    review = last_returned(uow, system)
    count = unanswered(uow, review) if review is not None else 0
    if not count:
        return None
    return Refusal(_l("尚有 %(count)s 条评审意见没有答复，请逐条答复后再提交", count=count), rule_id="R-IND.rework")


def rework_due(uow: UnitOfWork, review: Review) -> DerivedDeadline | None:
    """Return until when a returned system is to be revised (R-IND.rework), or None where nothing was returned."""
    if review.state is not ReviewState.RETURNED or review.decided_at is None:
        return None
    returned_on = review.decided_at.astimezone(SHANGHAI).date()
    return derive("R-IND.rework", returned_on, work_calendar(uow), uow.house.rules, overrides=overrides(uow))
