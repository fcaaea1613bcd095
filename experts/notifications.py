"""What the expert room tells people; nothing here names fellow members."""

from __future__ import annotations

from core.i18n import _l
from core.notifications.send import NotificationKind

SYSTEM_SUBMITTED = NotificationKind(
    "review.wanted",
    _l("指标体系待评审：%(project)s"),
    _l("“%(project)s”的指标体系已提交，请召集专家评审。"),
)
ENTROPY_WANTED = NotificationKind(
    "draw.entropy-wanted",
    _l("请提供抽取随机数：%(number)s"),
    _l("%(number)s 的抽取方案已锁定，请登录提交随机数承诺。"),
)
REVEAL_WANTED = NotificationKind(
    "draw.reveal-wanted",
    _l("请揭示随机数：%(number)s"),
    _l("各方的承诺已收齐，请登录揭示您的随机数；未揭示的，本次抽取作废并公布角色。"),
)
INVITED = NotificationKind(
    "seat.invited",
    _l("评审邀请：%(number)s"),
    _l("邀请您参加指标评审，时间 %(when)s，地点 %(place)s。请在 %(until)s 前答复。"),
)
INVITED_SPARE = NotificationKind(
    "seat.invited-spare",
    _l("候补邀请：%(number)s"),
    _l(
        "邀请您作为候补参加指标评审，时间 %(when)s，地点 %(place)s；席位空出时按抽取次序递补，递补时另行通知。"
        "请在 %(until)s 前答复。"
    ),
)
REMINDED = NotificationKind(
    "seat.reminded",
    _l("请答复评审邀请：%(number)s"),
    _l("您还没有答复指标评审邀请，时间 %(when)s，地点 %(place)s。请在 %(until)s 前答复，逾期视为不能参加。"),
)
CONFIRMED = NotificationKind(
    "seat.confirmed",
    _l("已确认参加：%(number)s"),
    _l("您已接受 %(number)s 的邀请，时间 %(when)s，地点 %(place)s。材料在登录后查看。"),
)
MEETING_SOON = NotificationKind(
    "seat.meeting-soon",
    _l("评审提醒：%(number)s"),
    _l("提醒您：%(number)s 的评审时间 %(when)s，地点 %(place)s。不能到会的，请尽快登录说明。"),
)
SHEET_MISSING = NotificationKind(
    "seat.sheet-missing",
    _l("请提交评审表：%(number)s"),
    _l("%(number)s 的评审会已开过，您的评审表还没有提交，请登录提交。"),
)
PROMOTED = NotificationKind(
    "seat.promoted",
    _l("您已递补为正式成员：%(number)s"),
    _l("%(number)s 有席位空出，您按次序递补为正式成员，时间 %(when)s，地点 %(place)s。"),
)
RELEASED = NotificationKind(
    "seat.released",
    _l("候补结束：%(number)s"),
    _l("%(number)s 不再需要候补专家，谢谢您预留时间。"),
)
LAPSED = NotificationKind(
    "seat.lapsed",
    _l("邀请已过期：%(number)s"),
    _l("您未在期限内答复 %(number)s 的邀请，已视为不能参加并另请他人。"),
)
CALLED_OFF = NotificationKind(
    "seat.called-off",
    _l("评审已取消：%(number)s"),
    _l("%(number)s 的评审已取消，不需要您办理什么。谢谢您预留时间。"),
)
REPLACED_TO_OFFICER = NotificationKind(
    "seat.replaced",
    _l("专家不能参加，已递补：%(number)s"),
    _l("一位专家不能参加 %(number)s，已按抽取次序邀请下一位候补。"),
)
NO_RESERVE = NotificationKind(
    "seat.no-reserve",
    _l("候补用尽：%(number)s"),
    _l("%(number)s 已没有符合配额的候补专家，请取消后重新召集，或放宽配额。"),
)
SEASON_COMPUTED = NotificationKind(
    "season.computed",
    _l("分配方案已算出：%(number)s"),
    _l("%(number)s 的计算已完成，请查看方案或无法满足的条件。"),
)
SEASON_SKIPPED = NotificationKind(
    "season.skipped",
    _l("未发出邀请：%(number)s"),
    _l("%(number)s 在发布分配方案时已开始抽取或已取消，没有发出邀请。"),
)
SCORING_OPEN = NotificationKind(
    "review.scoring",
    _l("可以评分：%(number)s"),
    _l("%(number)s 的专家已到齐，请登录查看指标体系并填写评审表。"),
)
SCORED = NotificationKind(
    "review.scored",
    _l("专家评审完成：%(number)s"),
    _l("%(number)s 的评审表已收齐，请决定同意或退回。"),
)
CONCLUDED = NotificationKind(
    "review.concluded",
    _l("指标评审结果：%(project)s"),
    _l("“%(project)s”的指标评审已有结果，请登录查看意见。"),
)
RENEWED = NotificationKind(
    "expert.renewed",
    _l("您已续聘：%(number)s"),
    _l("您的聘期续至 %(until)s，聘书（%(number)s）可以在“我的档案”下载。"),
)
SUSPENDED_BY_RULE = NotificationKind(
    "expert.suspended",
    _l("您在专家库中已暂停抽取"),
    _l("应邀后缺席 %(absences)s 次、未答复邀请 %(silences)s 次，已达到暂停条件。如有异议，请与财政局联系。"),
)
SUSPENDED_TO_OFFICER = NotificationKind(
    "expert.suspended-officer",
    _l("专家已按规则暂停：%(name)s"),
    _l("%(name)s 应邀后缺席 %(absences)s 次、未答复邀请 %(silences)s 次，已暂停抽取；核实后可以恢复。"),
)
LEFT_POOL = NotificationKind(
    "expert.left",
    _l("您已退出专家库"),
    _l("退出原因：%(kind)s。感谢您参加评审工作。"),
)
MEETING_CALLED = NotificationKind(
    "review.meeting",
    _l("指标评审会：%(project)s"),
    _l("请参加“%(project)s”的指标评审会，时间 %(when)s，地点 %(place)s。会议材料和签到办法请登录查看。"),
)
MEETING_CHANGED = NotificationKind(
    "review.meeting-changed",
    _l("评审会时间或地点有变：%(project)s"),
    _l("“%(project)s”的指标评审会改为 %(when)s，地点 %(place)s。"),
)
OPINION_READY = NotificationKind(
    "review.opinion",
    _l("请签署专家评审意见：%(number)s"),
    _l("%(number)s 的专家评审意见已拟好，请登录核对并签署；有不同意见的可以写明。"),
)
APPLICATION_SUBMITTED = NotificationKind(
    "expert_application.submitted",
    _l("收到入库申请：%(number)s"),
    _l("%(name)s 提交了专家入库申请，请审核。"),
)
CHANGE_REPORTED = NotificationKind(
    "expert.change-reported",
    _l("专家申报信息变更：%(name)s"),
    _l("%(name)s 申报了工作单位等信息的变更，请核对。"),
)
CHANGE_DECIDED = NotificationKind(
    "expert.change-decided",
    _l("您申报的信息变更：%(outcome)s"),
    _l("您申报的信息变更已处理（%(outcome)s），详情见“我的档案”。"),
)
PAYMENT_TO_APPROVE = NotificationKind(
    "payment_list.to-approve",
    _l("请审批评审费支付清单：%(number)s"),
    _l("%(number)s 已编制，请审批。"),
)
