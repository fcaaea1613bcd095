"""Who keeps a review's meeting, who signs in and signs, who draws up the score sheet (R-IND-03, R-IND.observers)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import Permission, role
from experts.permissions.review import attends


class MeetingPermission(Permission):
    """What one may do at a review's meeting; who may read the review may read of its meeting."""

    KEEP = "review-meeting:keep", _l("办理评审会议")
    SIGN_IN = "review-meeting:sign-in", _l("签到并代表所在单位参会")
    EDIT_SHEET = "review-sheet:edit", _l("维护评审表")


MEETING_POLICY = {
    MeetingPermission.KEEP: ((role(Role.QUALITY_OFFICER),),),
    MeetingPermission.SIGN_IN: ((attends,),),
    MeetingPermission.EDIT_SHEET: ((role(Role.QUALITY_OFFICER),),),
}
