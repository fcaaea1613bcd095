"""Who asks for a moderation, opens it, and takes part in it."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, PolicyMap, predicate
from grading.models import Moderation, Submission
from grading.permissions.report import quality, raters
from grading.states import SheetState


class ModerationPermission(Permission):
    """What one may do with the moderation of a report's ratings."""

    ASK = "submission:ask-moderation", _l("要求合议评分")
    OPEN = "submission:moderate", _l("召集评分合议")
    CONCLUDE = "moderation:conclude", _l("记录评分合议的结果")
    READ = "moderation:read", _l("查看评分合议")
    REVISE = "moderation:revise", _l("在合议中修改自己的评分")


@predicate(_l("是已锁定评分表的评分人"))
def has_locked(actor: Actor, moderation: Moderation) -> bool:
    """The actor has rated the report and locked the sheet: only then others' sheets are seen."""
    return any(
        sheet.rater_id == actor.user_id and sheet.state is SheetState.LOCKED for sheet in moderation.submission.sheets
    )


@predicate(_l("已锁定自己的评分表"))
def locked_own(actor: Actor, submission: Submission) -> bool:
    """The actor has rated the report and locked the sheet."""
    return any(sheet.rater_id == actor.user_id and sheet.state is SheetState.LOCKED for sheet in submission.sheets)


@predicate(_l("没有未锁定的评分表"))
def has_no_draft(actor: Actor, moderation: Moderation) -> bool:
    """Whoever still rates sees no other's sheet, quality staff neither."""
    sheets = moderation.submission.sheets
    return not any(one.rater_id == actor.user_id and one.state is SheetState.DRAFT for one in sheets)


MODERATION_POLICY: PolicyMap = {
    ModerationPermission.ASK: ((raters, locked_own),),
    ModerationPermission.OPEN: ((quality,),),
    ModerationPermission.CONCLUDE: ((quality, has_no_draft),),
    ModerationPermission.READ: ((quality, has_no_draft), (has_locked,)),
    ModerationPermission.REVISE: ((has_locked,),),
}
