"""Who convenes the review of a report, who sits on its panel, who gives an opinion (R-GRADE.panel)."""

from __future__ import annotations

from agencies import permissions as agencies
from agencies.states import EngagementState
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, PolicyMap, predicate, role, system
from grading.models import ReportGuest, ReportReview, ReportSeat
from grading.permissions.report import bureau, quality
from grading.states import ReportSeatState


class ReportReviewPermission(Permission):
    """What one may do with the review of a report."""

    CONVENE = "submission:convene-review", _l("召集报告评审")
    READ = "report-review:read", _l("查看报告评审")
    MANAGE = "report-review:manage", _l("办理报告评审")
    ATTEND_DRAW = "report-review:attend-draw", _l("参加报告评审专家抽取")
    SEE_PANEL = "report-review:see-panel", _l("查看报告评审专家名单")
    ADVANCE = "report-review:advance", _l("推进报告评审")
    READ_INVITATION = "report-seat:read", _l("查看本人的报告评审邀请")
    ANSWER = "report-seat:answer", _l("答复报告评审邀请")
    REPLACE = "report-seat:replace", _l("递补报告评审专家")
    OPINE = "report-guest:opine", _l("对评价报告发表意见")


@predicate(_l("是该席位的专家本人"))
def holds_the_seat(actor: Actor, seat: ReportSeat) -> bool:
    """The invitation is the actor's own; a reserve does not know of it."""
    return seat.state is not ReportSeatState.RESERVE and seat.expert.user_id == actor.user_id


@predicate(_l("是接受了邀请的评审专家"))
def sits(actor: Actor, review: ReportReview) -> bool:
    """The actor has accepted a seat on the panel."""
    return actor.user_id is not None and any(
        one.state is ReportSeatState.ACCEPTED and one.expert.user_id == actor.user_id for one in review.seats
    )


@predicate(_l("是受邀发表意见的单位的人员"))
def comes_for_a_guest(actor: Actor, review: ReportReview) -> bool:
    """The actor belongs to a body that is asked for its opinion."""
    return any(one.organisation_id in actor.organisation_ids for one in review.guests if one.organisation_id)


@predicate(_l("是受邀发表意见的单位的人员"))
def speaks_for(actor: Actor, guest: ReportGuest) -> bool:
    """The actor belongs to the body."""
    return guest.organisation_id is not None and guest.organisation_id in actor.organisation_ids


@predicate(_l("评价委托已经办结"))
def is_closed(_actor: Actor, review: ReportReview) -> bool:
    """The score is confirmed, so that whoever was judged may read what the panel said."""
    return review.engagement.state is EngagementState.CLOSED


@predicate(_l("是评价机构或者项目单位的人员"))
def of_a_party(actor: Actor, review: ReportReview) -> bool:
    """The actor works for the agency or for the evaluated unit."""
    engagement = review.engagement
    return agencies.of_its_agency.holds(actor, engagement) or agencies.of_its_unit.holds(actor, engagement)


witness = role(Role.OBSERVER, Role.PROCUREMENT_APPROVER)

REPORT_REVIEW_POLICY: PolicyMap = {
    ReportReviewPermission.CONVENE: ((quality,),),
    ReportReviewPermission.READ: ((bureau,), (witness,), (sits,), (comes_for_a_guest,), (is_closed, of_a_party)),
    ReportReviewPermission.MANAGE: ((quality,),),
    ReportReviewPermission.ATTEND_DRAW: ((quality,), (witness,)),
    ReportReviewPermission.SEE_PANEL: ((quality,),),
    ReportReviewPermission.ADVANCE: ((system,),),
    ReportReviewPermission.READ_INVITATION: ((holds_the_seat,),),
    ReportReviewPermission.ANSWER: ((holds_the_seat,),),
    ReportReviewPermission.REPLACE: ((quality,), (system,)),
    ReportReviewPermission.OPINE: ((quality,), (speaks_for,)),
}
