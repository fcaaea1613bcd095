"""Finding experts and reviews from the search box."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from core.i18n import _l
from core.permissions import policy
from core.ports import Hit
from core.unit_of_work import UnitOfWork
from experts.permissions import ExpertPermission, ReviewPermission
from experts.queries import experts_matching, reviews_matching


def find_experts(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield up to ten experts for those who may browse the pool."""
    if not policy.allows(uow.actor, ExpertPermission.BROWSE):
        return
    for expert in uow.session.scalars(experts_matching(text=text).limit(10)).unique():
        yield Hit(_l("专家"), expert.user.name, url_for("experts.show", expert_id=expert.id), expert.employer)


def find_reviews(uow: UnitOfWork, text: str) -> Iterable[Hit]:
    """Yield up to ten reviews that the actor may read."""
    if not policy.allows(uow.actor, ReviewPermission.BROWSE):
        return
    for review in uow.session.scalars(reviews_matching(uow.actor, text=text).limit(10)).unique():
        page = url_for("reviews.show", review_id=review.id)
        yield Hit(_l("指标评审"), f"{review.number} {review.engagement.project.name}", page, review.state.label)
