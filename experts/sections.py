"""The indicator review's line on an engagement's page."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select

from agencies.models import Engagement
from agencies.ports import Section
from core.i18n import Text, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.models import Review
from experts.permissions import ReviewPermission
from experts.states import ReviewState
from projects.states import SystemState

NOTES: dict[ReviewState, Text] = {
    ReviewState.CONVENED: _l("已召集，等待抽取专家。"),
    ReviewState.DRAWING: _l("抽取方案已锁定，等待各方提供随机数。"),
    ReviewState.INVITING: _l("专家组已抽出，等待专家答复。"),
    ReviewState.SCORING: _l("专家已到齐，正在评分。"),
    ReviewState.SCORED: _l("评审表已收齐，等待财政部门决定。"),
    ReviewState.PASSED: _l("财政部门已同意，可以开展评价。"),
    ReviewState.RETURNED: _l("已退回，机构按意见修改后重新提交。"),
    ReviewState.CANCELLED: _l("上次评审已取消，需要重新召集。"),
}


def review_section(uow: UnitOfWork, engagement: Engagement) -> Iterable[Section]:
    """Yield the latest review of the engagement, with convening it as the next step where that is due."""
    review = uow.session.scalar(
        select(Review).where(Review.engagement_id == engagement.id).order_by(Review.convened_at.desc()).limit(1)
    )
    title = _l("指标评审")
    if review is not None and not policy.allows(uow.actor, ReviewPermission.READ, review):
        return
    system = engagement.system
    due = system is not None and (
        system.state is SystemState.SUBMITTED
        or (review is not None and review.state is ReviewState.CANCELLED and system.state is SystemState.UNDER_REVIEW)
    )
    action = None
    if due and system is not None and policy.allows(uow.actor, ReviewPermission.CONVENE):
        action = (_l("召集评审"), url_for("reviews.new", system_id=system.id))
    if review is None:
        note = _l("指标体系已提交，等待召集评审。") if due else _l("机构提交指标体系后召集专家评审。")
        yield Section(title, note, action=action, order=20)
        return
    page = url_for("reviews.show", review_id=review.id)
    yield Section(title, NOTES[review.state], page, review.state, action, order=20)
