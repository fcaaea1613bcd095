"""Who comments on a draft, who answers, who reviews and files: the parties of the engagement, never supervision."""

from __future__ import annotations

from agencies import permissions as agencies
from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, PolicyMap, predicate
from grading.models import CommentLetter, CommentRound
from grading.permissions.report import bureau, quality


class CommentPermission(Permission):
    """What one may do on a report's way from draft to final."""

    READ = "report-comment:read", _l("查看报告征求意见和答复")
    COMMENT = "report-comment:write", _l("对征求意见稿提出意见")
    ANSWER = "report-comment:answer", _l("逐条答复意见")
    REVIEW = "internal-review:record", _l("登记机构内部审核")


@predicate(_l("是撰写报告的机构的人员"))
def of_the_writing_agency(actor: Actor, row: CommentRound | CommentLetter) -> bool:
    """The actor works for the agency whose draft it is."""
    return agencies.of_its_agency.holds(actor, row.engagement)


@predicate(_l("是被评价项目的单位"))
def of_the_evaluated_unit(actor: Actor, row: CommentRound | CommentLetter) -> bool:
    """The actor works for the unit that is asked."""
    return agencies.of_its_unit.holds(actor, row.engagement)


COMMENT_POLICY: PolicyMap = {
    CommentPermission.READ: ((bureau,), (of_the_writing_agency,), (of_the_evaluated_unit,)),
    CommentPermission.COMMENT: ((quality,), (of_the_evaluated_unit,)),
    CommentPermission.ANSWER: ((of_the_writing_agency,),),
    CommentPermission.REVIEW: ((of_the_writing_agency,),),
}
