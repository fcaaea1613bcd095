"""What the agency room tells people."""

from __future__ import annotations

from core.i18n import _l
from core.notifications.send import NotificationKind

PLAN_SUBMITTED = NotificationKind(
    "plan.submitted",
    _l("评价方案待评议：%(project)s"),
    _l("%(agency)s 提交了“%(project)s”的评价方案，请随指标体系组织专家评议，或者由财政局审核。"),
)
PLAN_DECIDED = NotificationKind(
    "plan.decided",
    _l("评价方案有了结果：%(project)s"),
    _l("“%(project)s”的评价方案：%(outcome)s。"),
)
REQUEST_ASKED = NotificationKind(
    "request.asked",
    _l("机构申请：%(project)s"),
    _l("%(agency)s 就“%(project)s”提出申请（%(kind)s），请答复。"),
)
REQUEST_DECIDED = NotificationKind(
    "request.decided",
    _l("申请有了答复：%(project)s"),
    _l("财政局答复了贵机构就“%(project)s”提出的申请（%(kind)s）：%(outcome)s。"),
)
