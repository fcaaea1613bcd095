"""What the grading room tells people."""

from __future__ import annotations

from core.i18n import _l
from core.notifications.send import NotificationKind

DELIVERED = NotificationKind(
    "report.delivered",
    _l("收到评价报告：%(project)s"),
    _l("%(agency)s 提交了“%(project)s”的评价报告（第 %(version)s 版），正在自动核查。"),
)
CHECKED = NotificationKind(
    "report.checked",
    _l("报告核查完成：%(project)s"),
    _l("“%(project)s”的评价报告已核查，发现 %(count)s 处疑点，待质量管理人员处置。疑点是问题，不是结论。"),
)
UNREADABLE = NotificationKind(
    "report.unreadable",
    _l("报告无法读取：%(project)s"),
    _l("“%(project)s”的评价报告无法读取，原因见报告页面；请重新导出后再提交。"),
)
ASKED = NotificationKind(
    "report.asked",
    _l("请答复核查疑点：%(project)s"),
    _l("财政局就“%(project)s”的评价报告提出 %(count)s 条疑点（%(number)s），请于 %(due)s 前逐条答复或者提交修改版。"),
)
ANSWERED = NotificationKind(
    "report.answered",
    _l("机构已答复疑点：%(project)s"),
    _l("%(agency)s 已答复询问函 %(number)s。"),
)
PROMOTED = NotificationKind(
    "triage.promoted",
    _l("核查模型已更新：第 %(number)s 版"),
    _l("核查模型第 %(number)s 版在保留机构上更准，已启用；上一版保留，可以恢复。"),
)
HELD_BACK = NotificationKind(
    "triage.held-back",
    _l("核查模型重新训练后未启用：第 %(number)s 版"),
    _l("核查模型第 %(number)s 版在保留机构上不比现用版本更好，没有启用。"),
)
DISPOSED = NotificationKind(
    "report.disposed",
    _l("疑点处置完成，可以评分：%(project)s"),
    _l("“%(project)s”评价报告的疑点已处置，请登录查看结果并评分。"),
)
SCORED = NotificationKind(
    "report.scored",
    _l("任务得分已确认：%(project)s"),
    _l("“%(project)s”的任务得分为 %(score)s 分，评价委托办结。"),
)
PANEL_INVITED = NotificationKind(
    "report-panel.invited",
    _l("评价报告评审邀请：%(project)s"),
    _l("邀请您评审“%(project)s”的绩效评价报告，评分请于 %(due)s 前锁定。请在 %(until)s 前答复。"),
)
PANEL_MOVED_ON = NotificationKind(
    "report-panel.replaced",
    _l("评审专家不能参加，已递补：%(number)s"),
    _l("%(number)s 的一位专家不能参加，已按抽取次序邀请下一位。"),
)
PANEL_SHORT = NotificationKind(
    "report-panel.short",
    _l("报告评审专家不足：%(number)s"),
    _l("%(number)s 的一位专家不能参加，已没有可以递补的专家。"),
)
PANEL_OPINION_ASKED = NotificationKind(
    "report-panel.opinion-asked",
    _l("请对评价报告发表意见：%(project)s"),
    _l("“%(project)s”的绩效评价报告正在评审，请贵单位于 %(due)s 前登录发表意见（不评分）。"),
)
PANEL_CONCLUDED = NotificationKind(
    "report-panel.concluded",
    _l("评价报告评审已有结果：%(project)s"),
    _l("“%(project)s”的绩效评价报告已经各方代表和专家评审，评审意见请登录查看。"),
)
SPREAD_ASKED = NotificationKind(
    "report.spread-asked",
    _l("请说明评分相差较大的理由：%(project)s"),
    _l("您对“%(project)s”评价报告的评分与各方评分的中位数相差较大，请登录说明理由；任务得分确认前须有说明。"),
)
MODERATION_ASKED = NotificationKind(
    "moderation.asked",
    _l("有评分人要求合议：%(project)s"),
    _l("“%(project)s”评价报告的一位评分人要求合议，请决定是否召集。"),
)
MODERATION_OPENED = NotificationKind(
    "moderation.opened",
    _l("评分合议已开始：%(project)s"),
    _l("“%(project)s”评价报告的评分正在合议，请登录查看各方评分表；可以说明理由修改，也可以维持。"),
)
MODERATION_CLOSED = NotificationKind(
    "moderation.closed",
    _l("评分合议已结束：%(project)s"),
    _l("“%(project)s”评价报告的评分合议已有结果，请登录查看；有不同意见的可以注明保留。"),
)
ANNOUNCED = NotificationKind(
    "agency.grade-announced",
    _l("请核对 %(year)s 年度评级表"),
    _l(
        "贵机构 %(year)s 年度评级表已送达，可登录查看每个数字的来历、与上年相比的变化和原因。"
        "如有异议，请于 %(due)s 前申诉；没有异议的，也请确认。评级公布前，其他机构和公众看不到这张表。"
    ),
)
RECALLED = NotificationKind(
    "agency.grade-recalled",
    _l("%(year)s 年度评级表已撤回"),
    _l("贵机构 %(year)s 年度评级表已撤回，重新测算后再送达；届时申诉期限重新计算，已经成立的更正保留。"),
)
GRADED = NotificationKind(
    "agency.graded",
    _l("年度评级已公布：%(year)s"),
    _l("贵机构 %(year)s 年度评级已公布，可登录查看计算经过和公开记录。"),
)
APPEALED = NotificationKind(
    "agency.appealed",
    _l("收到评级申诉：%(agency)s"),
    _l("%(agency)s 对 %(year)s 年度评级提出申诉，请由没有参与其评分的人员处理。"),
)
STATE_ON_APPEAL = NotificationKind(
    "agency.appeal-statement-asked",
    _l("请说明评级申诉的情况：%(agency)s"),
    _l("%(agency)s 对 %(year)s 年度评级提出申诉，您参与过评分或者确认，请逐项说明情况，供处理人参考。"),
)
APPEAL_DECIDED = NotificationKind(
    "agency.appeal-decided",
    _l("评级申诉已处理：%(year)s"),
    _l("贵机构对 %(year)s 年度评级的申诉已处理，结果、理由和决定书请登录查看。"),
)
DRAFT_DELIVERED = NotificationKind(
    "report.draft",
    _l("请对报告初稿提出意见：%(project)s"),
    _l("%(agency)s 提交了“%(project)s”的评价报告初稿，请于 %(due)s 前书面反馈意见；没有意见的也请反馈。"),
)
COMMENTED = NotificationKind(
    "report.commented",
    _l("收到报告意见：%(project)s"),
    _l("%(party)s对“%(project)s”的评价报告初稿反馈了 %(count)s 条意见，请逐条答复是否采纳并说明理由。"),
)
COMMENTS_ANSWERED = NotificationKind(
    "report.comments-answered",
    _l("报告意见已答复：%(project)s"),
    _l("%(agency)s 已逐条答复对“%(project)s”评价报告初稿的意见。"),
)
COMPUTED = NotificationKind(
    "cycle.computed",
    _l("年度评级测算完成：%(year)s"),
    _l("%(year)s 年度评级已测算完成，计入 %(tasks)s 项任务，请查看并核对。"),
)
NOT_COMPUTED = NotificationKind(
    "cycle.not-computed",
    _l("年度评级未能测算：%(year)s"),
    _l("%(year)s 年度评级没有测算出结果，原因见页面；处理后可以重新测算。"),
)
CORRECTED = NotificationKind(
    "agency.grade-corrected",
    _l("评级已更正：%(year)s"),
    _l("贵机构 %(year)s 年度评级已更正并公告（%(number)s），原证书失效；更正的内容、理由和新的记录请登录查看。"),
)
ARCHIVE_FILED = NotificationKind(
    "archive.filed",
    _l("评价档案已归档：%(project)s"),
    _l("%(agency)s 已提交“%(project)s”的评价档案。"),
)
ARCHIVE_RETURNED = NotificationKind(
    "archive.returned",
    _l("评价档案需要补充：%(project)s"),
    _l("财政局退回了“%(project)s”的评价档案：%(opinion)s"),
)
