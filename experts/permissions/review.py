"""Who may hold reviews and draws, answer invitations and score."""

from __future__ import annotations

from agencies.models import Engagement
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, predicate, role, system
from experts.models import Attendee, Draw, Review, Seat
from experts.permissions.pool import quality, watchers
from experts.states import Capacity, ReviewState


class ReviewPermission(Permission):
    """What one may do with an indicator review and its draw."""

    BROWSE = "review:browse", _l("查看指标评审列表")
    READ = "review:read", _l("查看指标评审")
    CONVENE = "review:convene", _l("召集指标评审")
    PREPARE_DRAW = "review:prepare-draw", _l("锁定抽取方案")
    GIVE_ENTROPY = "review:give-entropy", _l("提供抽取随机数")
    VOID_DRAW = "review:void-draw", _l("宣布抽取作废")
    CANCEL = "review:cancel", _l("取消指标评审")
    NOTE_ANSWER = "review:note-answer", _l("记录电话答复、再次邀请专家")
    SEE_PANEL = "review:see-panel", _l("查看专家组名单与完整抽取记录")
    COMMENT = "review:comment", _l("列席发表意见")
    CLOSE_SCORING = "review:close-scoring", _l("结束评分")
    CONCLUDE = "review:conclude", _l("决定指标评审结果")
    RATE = "review:rate", _l("给评审专家评分")
    ANSWER = "review:answer-comments", _l("答复评审意见")
    ADVANCE = "review:advance", _l("推进评审环节")


class SeatPermission(Permission):
    """What a drawn expert may do."""

    BROWSE_OWN = "seat:browse-own", _l("查看本人的评审")
    READ = "seat:read", _l("查看本人席位")
    ANSWER = "seat:answer", _l("答复评审邀请")
    SCORE = "seat:score", _l("填写评审表")
    REPLACE = "seat:replace", _l("递补专家")


@predicate(_l("是该席位的专家本人"))
def holds_the_seat(actor: Actor, seat: Seat) -> bool:
    """The seat is the actor's own."""
    return actor.user_id is not None and seat.expert.user_id == actor.user_id


@predicate(_l("是承担本评价的机构的人员"))
def of_its_agency(actor: Actor, review: Review) -> bool:
    """The actor works for the agency whose indicators are reviewed."""
    return _engagement(review).agency_id in actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)


@predicate(_l("是被评价项目的单位"))
def of_its_unit(actor: Actor, review: Review) -> bool:
    """The actor works for the unit whose project is evaluated."""
    return _engagement(review).project.unit_id in actor.organisations_as(Role.UNIT_OFFICER)


@predicate(_l("是受邀参会的单位或者人员"))
def attends(actor: Actor, review: Review) -> bool:
    """The actor is named among those invited to the meeting, or belongs to a body that is."""
    return any(_comes_for(actor, one) for one in review.attendees)


@predicate(_l("是受邀参会的单位或者人员，机构除外"))
def speaks(actor: Actor, review: Review) -> bool:
    """Everybody invited comments; the agency answers instead (R-IND.observers)."""
    return any(one.capacity is not Capacity.AGENCY and _comes_for(actor, one) for one in review.attendees)


def _comes_for(actor: Actor, attendee: Attendee) -> bool:
    if actor.user_id is None:
        return False
    if attendee.user_id is not None:
        return attendee.user_id == actor.user_id
    return attendee.organisation_id in actor.organisation_ids


@predicate(_l("抽取尚未开始"))
def before_the_draw(_actor: Actor, review: Review) -> bool:
    """Nothing has been committed yet, so that the convener alone may call it off."""
    return review.state is ReviewState.CONVENED


@predicate(_l("评审已经结束"))
def after_scoring(_actor: Actor, review: Review) -> bool:
    """The sheets are in: the convening side may rate those who served (R-EXP.score)."""
    return review.state in (ReviewState.SCORED, ReviewState.PASSED, ReviewState.RETURNED)


@predicate(_l("须由召集人以外的人决定"))
def not_the_convener(actor: Actor, review: Review) -> bool:
    """To call a draw off takes a second person (architecture: to cancel a draw needs a second role)."""
    return review.convened_by_id != actor.user_id


@predicate(_l("上次未揭示随机数的人须回避"))
def not_withholding(actor: Actor, draw: Draw) -> bool:
    """Whoever withheld a reveal is replaced in the next attempt; `draw` carries who is barred."""
    return str(actor.user_id) not in draw.barred


@predicate(_l("是为指标评审或者报告评审抽取"))
def for_a_review(_actor: Actor, subject: Draw | Review) -> bool:
    """The draw is held for an indicator review, or for the review of a report."""
    return isinstance(subject, Review) or subject.held_for.startswith(("review:", "report_review:"))


@predicate(_l("是为采购评审抽取"))
def for_a_purchase(_actor: Actor, subject: Draw | Review) -> bool:
    """The draw is held for the committee of a purchase."""
    return isinstance(subject, Draw) and not for_a_review.holds(_actor, subject)


def _engagement(review: Review) -> Engagement:
    return review.engagement


ENTROPY_ROLES = (Role.QUALITY_OFFICER, Role.OBSERVER, Role.PROCUREMENT_APPROVER)
"""Who gives entropy to a review's draw: the organiser and somebody outside it."""

PURCHASE_ENTROPY_ROLES = (Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER, Role.OBSERVER, Role.PROCUREMENT_APPROVER)
"""Who gives entropy to a committee's draw: whoever buys and somebody else, never supervision (R-SEC-01)."""


bureau = role(Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER)

second = role(Role.PROCUREMENT_APPROVER, Role.OBSERVER)

REVIEW_POLICY = {
    ReviewPermission.BROWSE: (
        (bureau,),
        (watchers,),
        (role(Role.AGENCY_MANAGER, Role.AGENCY_STAFF, Role.UNIT_OFFICER),),
    ),
    ReviewPermission.READ: ((bureau,), (watchers,), (of_its_agency,), (of_its_unit,), (attends,)),
    ReviewPermission.CONVENE: ((quality,),),
    ReviewPermission.PREPARE_DRAW: ((quality,),),
    ReviewPermission.GIVE_ENTROPY: (
        (for_a_review, role(*ENTROPY_ROLES), not_withholding),
        (for_a_purchase, role(*PURCHASE_ENTROPY_ROLES), not_withholding),
    ),
    ReviewPermission.VOID_DRAW: (
        (for_a_review, role(*ENTROPY_ROLES)),
        (for_a_purchase, role(*PURCHASE_ENTROPY_ROLES)),
    ),
    ReviewPermission.CANCEL: ((quality, before_the_draw), (second, not_the_convener)),
    ReviewPermission.SEE_PANEL: ((quality,), (role(Role.OBSERVER),)),
    ReviewPermission.NOTE_ANSWER: ((quality,),),
    ReviewPermission.COMMENT: ((role(Role.OBSERVER),), (of_its_unit,), (speaks,)),
    ReviewPermission.NOTE_ANSWER: ((quality,),),
    ReviewPermission.CLOSE_SCORING: ((quality,),),
    ReviewPermission.CONCLUDE: ((quality,),),
    ReviewPermission.RATE: ((quality, after_scoring),),
    ReviewPermission.ANSWER: ((of_its_agency,),),
    ReviewPermission.ADVANCE: ((system,),),
    SeatPermission.BROWSE_OWN: ((role(Role.EXPERT),),),
    SeatPermission.READ: ((holds_the_seat,),),
    SeatPermission.ANSWER: ((holds_the_seat,),),
    SeatPermission.SCORE: ((holds_the_seat,),),
    SeatPermission.REPLACE: ((quality,), (system,)),
}
