"""What people are told about applications and records of agencies, and the paths of the pages it leads to."""

from __future__ import annotations

import uuid

from core.i18n import _l
from core.notifications.send import NotificationKind

APPLICATION_SUBMITTED = NotificationKind(
    "agency_application.submitted",
    _l("收到机构入库申请：%(name)s"),
    _l("%(name)s 提交了入库申请 %(number)s，请逐项核对。"),
)
APPLICATION_DECIDED = NotificationKind(
    "agency_application.decided",
    _l("入库申请 %(number)s：%(outcome)s"),
    _l("本机构的入库申请 %(number)s 已处理（%(outcome)s），详情见“本机构”。"),
)
CHANGE_REPORTED = NotificationKind(
    "agency_record_change.reported",
    _l("机构申报变化：%(name)s"),
    _l("%(name)s 申报了登记信息的变化（%(title)s），请核对。"),
)
CHANGE_DECIDED = NotificationKind(
    "agency_record_change.decided",
    _l("登记信息的变化：%(outcome)s"),
    _l("本机构申报的变化“%(title)s”已处理（%(outcome)s），详情见“本机构”。"),
)
CHANGE_DEMANDED = NotificationKind(
    "agency_record_change.demanded",
    _l("请申报登记信息的变化：%(title)s"),
    _l("财政局了解到本机构的登记信息有变化（%(title)s），请在 %(until)s 前申报。"),
)


def own_page() -> str:
    """Return where an agency's people find everything about it."""
    return "/my-agency"


def application_page(application_id: uuid.UUID) -> str:
    """Return where the bureau examines an application."""
    return f"/agencies/applications/{application_id}"


def change_page(change_id: uuid.UUID) -> str:
    """Return where the bureau checks a reported change."""
    return f"/agencies/changes/{change_id}"
