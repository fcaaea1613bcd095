"""What the agency room tells people."""

from __future__ import annotations

from core.i18n import _l
from core.notifications.send import NotificationKind

PLAN_SUBMITTED = NotificationKind(
    "evaluation_plan.submitted",
    _l("评价方案待评议：%(project)s"),
    _l("%(agency)s 提交了“%(project)s”的评价方案，请随指标体系组织专家评议，或者由财政局审核。"),
)
PLAN_DECIDED = NotificationKind(
    "evaluation_plan.decided",
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

CASE_OPENED = NotificationKind(
    "conduct.opened",
    _l("违规事项告知：%(number)s"),
    _l("本局拟对贵单位“%(code)s”作出认定。贵单位可以在 %(day)s 前登录查看事实和依据，提交陈述申辩。"),
)
CASE_STATED = NotificationKind(
    "conduct.stated", _l("机构已陈述：%(number)s"), _l("%(agency)s 已就违规事项 %(number)s 提交陈述，请认定。")
)
CASE_DECIDED = NotificationKind(
    "conduct.decided", _l("违规事项的处理结果：%(number)s"), _l("违规事项 %(number)s：%(outcome)s。请登录查看决定书。")
)
MEASURE_ISSUED = NotificationKind(
    "measure.issued", _l("%(kind)s：%(number)s"), _l("本局对贵单位作出%(kind)s，请在 %(day)s 前办理。")
)
MEASURE_REPORTED = NotificationKind(
    "measure.reported", _l("机构已报整改：%(number)s"), _l("%(agency)s 已报告 %(number)s 的整改情况，请核实。")
)
MEASURE_CLOSED = NotificationKind("measure.closed", _l("处理措施已落实：%(number)s"), _l("%(number)s 的整改已经核实。"))
MEASURE_RETURNED = NotificationKind(
    "measure.returned", _l("请继续整改：%(number)s"), _l("%(number)s 的整改未通过核实，请按意见继续整改。")
)
STANDING_WANTED = NotificationKind(
    "standing.wanted", _l("待确认：%(kind)s %(agency)s"), _l("%(agency)s 的%(kind)s待您核对后确认。")
)
STANDING_DECIDED = NotificationKind(
    "standing.decided", _l("在库状态变化：%(kind)s"), _l("贵单位在机构库的状态有变化：%(kind)s。理由和期间见决定。")
)
STANDING_REFUSED = NotificationKind(
    "standing.refused", _l("申请未同意：%(kind)s"), _l("贵单位的申请（%(kind)s）未同意，理由见申请页。")
)
COACHING_BEGUN = NotificationKind(
    "coaching.begun", _l("已安排辅导：%(coach)s"), _l("贵单位 %(year)s 年度为 C 级，已安排 %(coach)s 辅导。")
)
