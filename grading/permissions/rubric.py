"""Who may read, edit and choose rubrics."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, PolicyMap, predicate
from grading.models import RubricVersion
from grading.permissions.report import bureau, parties, quality, watchers
from grading.states import RubricState


class RubricPermission(Permission):
    """What one may do with the rubric of report quality."""

    READ = "rubric:read", _l("查看报告评分标准")
    COPY = "rubric:copy", _l("复制评分标准为新版本")
    EDIT = "rubric-version:edit", _l("修改评分标准草稿")
    CHOOSE = "rubric:choose", _l("选定新报告使用的评分标准")


@predicate(_l("是尚未定稿的版本"))
def is_draft(_actor: Actor, row: RubricVersion) -> bool:
    """Only a draft may be changed."""
    return row.state is RubricState.DRAFT


RUBRIC_POLICY: PolicyMap = {
    RubricPermission.READ: ((bureau,), (parties,), (watchers,)),
    RubricPermission.COPY: ((quality,),),
    RubricPermission.EDIT: ((quality, is_draft),),
    RubricPermission.CHOOSE: ((quality,),),
}
